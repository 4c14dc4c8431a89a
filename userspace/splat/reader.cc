// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/reader.h"

#include <algorithm>
#include <array>
#include <utility>

#include "userspace/splat/belongs.h"
#include "userspace/splat/controls.h"
#include "userspace/splat/kinds.h"
#include "userspace/splat/prefix.h"
#include "userspace/splat/scanner.h"
#include "userspace/splat/text.h"
#include "userspace/splat/wrap.h"

namespace zlt::splat {
namespace {

constexpr size_t kMostShapes = 4;
constexpr size_t kLongestHead = 128;
constexpr uint64_t kCutLines = 4;  // of a report whose first line was cut: how far its next lines may tell their prefix
constexpr size_t kNarrowIndent = 8;
constexpr std::string_view kCutHere = "------------[ cut here ]";

size_t leading_blanks(std::string_view text) {
  return std::min(text.find_first_not_of(' '), text.size());
}

// Text that every report has, and nobody else prints: where it begins in `text`, npos if it is not there.
size_t landmark(std::string_view text) {
  constexpr auto kMarks = std::to_array<std::string_view>(
      {"Oops: ", "Call Trace:", "Call trace:", "Hardware name: ", "Modules linked in:", "RIP: 00", "<TASK>",
       "---[ end trace", "Internal error: ", "Not tainted "});
  if (const size_t cpu = text.find("CPU: "); cpu != std::string_view::npos && contains(text, " PID: ")) return cpu;
  for (const auto& mark : kMarks) {
    const size_t at = text.find(mark);
    if (at == std::string_view::npos) continue;
    return mark == "<TASK>" && at > 0 ? at - 1 : mark == "Not tainted " ? std::string_view::npos : at;
  }
  return std::string_view::npos;
}

// "BUG: …" of any text: the beginning of a wrapped first line looks like it too.
bool is_fallback(const Kind* kind) {
  return kind != nullptr && kind->slug == "kernel-bug-text";
}

// "…: 0000 [#1]", which an oops of any name ends with.
bool is_tail(const Kind* kind) {
  return kind->trigger.starts_with(": 0000") || kind->trigger.starts_with(" ilc:");
}

// What stands in front of a stamp is no message of the kernel itself.
bool is_in_front(std::string_view head) {
  return head.size() <= kLongestHead && head.find('\0') == std::string_view::npos && stamp_length(head, false) == 0;
}

bool is_strong(Belongs what) {
  return what != Belongs::kNo && what != Belongs::kBlank;
}

}  // namespace

void Reader::line(RawLine line) {
  if (idle()) {
    if (!line.anchored) return;
    decoder_.reset();
    marks_ = {};
    outer_.clear();
    inner_.clear();
    prefixed_ = false;
    wraps_ = longest_ = 0;
  }
  if (decoder_.take(line)) text(line, line.text);
}

void Reader::flush() {
  RawLine line;
  if (decoder_.waits() && decoder_.rest(line)) text(line, line.text);
  emit();
}

void Reader::text(const RawLine& line, std::string_view text) {
  for (;;) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view part = text.substr(0, end);
    if (idle() && line.anchored) marks_.learn(part);
    for (int tries = 3; !messages(line, part, tries > 0); --tries) {
    }
    if (end == text.size()) break;
    text.remove_prefix(end + 1);
    if (text.empty()) break;
  }
}

bool Reader::messages(const RawLine& line, std::string_view text, bool may_learn) {
  const std::string_view bare = marks_.strip(text);
  std::string_view rest = bare;
  for (const Shape& shape : outer_) rest.remove_prefix(shape.match(rest));
  const bool outer = rest.size() != bare.size();
  if (is_heading(rest)) return true;
  splitter_.reset_clean(rest);
  const bool wide = decoder_.wide();
  const size_t columns = wide ? columns_of(line.text.substr(0, 512)) : line.text.size();
  Message& message = next_;
  std::string_view part;
  size_t at = 0;
  bool first = true;
  while (splitter_.next(part, message.source, at)) {
    const std::string_view prefix = splitter_.prefix();
    message.undone = decoder_.undone();
    if (outer && message.source.origin == Origin::kPlain) message.undone |= kUndidPrefix;
    if (bare.size() != text.size()) message.undone |= kUndidQuote;
    if (!prefix.empty()) {
      for (const Shape& shape : inner_) {
        const size_t length = shape.match(part);
        if (length > 0) message.undone |= kUndidPrefix;
        part.remove_prefix(length);
      }
    }
    message.has_prefix = outer || !prefix.empty();
    message.first = first;
    message.goes_on = false;
    message.behind = false;
    message.text = part;
    message.width = wide ? columns_of(prefix) : prefix.size();
    if (outer) message.width += columns_of(bare) - columns_of(rest);
    if (part.empty() && !prefix.empty() && !prefix.ends_with(' ')) ++message.width;  // an editor took the blank
    message.columns = columns;
    message.number = line.number;
    message.last_number = line.last_number;
    message.begin = line.begin;
    // In the middle of a line it begins at its own stamp.
    if (decoder_.exact() && bare.size() == text.size()) {
      const bool stamped = at > 0 || message.source.origin != Origin::kPlain;
      message.begin += at + (stamped ? text.size() - rest.size() : 0);
    }
    message.end = line.end;
    message.again = line.again;
    message.anchored = line.anchored;
    look_for_kind(message);
    if (may_learn && learn(message, rest, at)) return false;
    next(message);
    first = false;
  }
  return true;
}

void Reader::look_for_kind(Message& message) const {
  message.kind = nullptr;
  message.kind_at = 0;
  if (message.anchored) message.kind = match_kind(message.text, message.kind_at);
}

// Learns what stands in front of the kernel's text in a line that begins a report, or in one of the next if the first
// was cut.
bool Reader::learn(const Message& message, std::string_view text, size_t at) {
  const bool plain = message.source.origin == Origin::kPlain && !message.has_prefix;
  size_t head = message.kind != nullptr ? message.kind_at : std::string::npos;
  if (message.anchored && message.kind == nullptr) head = message.text.find(kCutHere);
  if (head != std::string::npos) {
    if (at > 0 && message.source.origin != Origin::kPlain && outer_.empty() && is_in_front(text.substr(0, at))) {
      return learn_shape(text.substr(0, at), true);
    }
    if (head == 0 || head > kLongestHead) return false;
    return learn_shape(std::string_view(message.text).substr(0, head), plain);
  }
  if (!plain || prefixed_ || reports_.idle() || message.number > began_ + kCutLines) return false;
  const std::string_view said = message.text;
  const size_t mark = landmark(said);
  if (mark == std::string_view::npos || mark == 0 || mark > kLongestHead) return false;
  return learn_shape(said.substr(0, mark), true);
}

bool Reader::learn_shape(std::string_view head, bool outer) {
  std::vector<Shape>& shapes = outer ? outer_ : inner_;
  if (shapes.size() >= kMostShapes) return false;
  // "watchdog: " and its likes are the kernel's own, whatever stands in front of them.
  constexpr auto kOwn = std::to_array<std::string_view>(
      {"watchdog: ", "NMI ", "rcu: ", "[ ",
       "smp: ", "csd: ", "Oops: ", "traps: ", "kasan: ", "PANIC: ", "BUG: ", "kernel: "});
  for (size_t i = 0; i < kOwn.size(); ++i) {
    if (!head.ends_with(kOwn[i])) continue;
    head.remove_suffix(kOwn[i].size());
    i = 0;
  }
  std::optional<Shape> shape = Shape::of(head);
  if (!shape) return false;
  // Behind a stamp, words and colons are the kernel's own.
  if (!outer && head.find_first_of("[(|") == std::string_view::npos) return false;
  for (const Shape& known : shapes) {
    if (known.head() == head) return false;
  }
  learned_ = head;
  shapes.push_back(std::move(*shape));
  return true;
}

// The line held back may begin a report behind a prefix that only the next line shows to be one.
void Reader::learn_from_two(Message& second) {
  if (!hold_.anchored || hold_.kind != nullptr || !reports_.idle() || hold_.has_prefix != second.has_prefix) return;
  std::vector<Shape>& shapes = hold_.has_prefix ? inner_ : outer_;
  if (shapes.size() >= kMostShapes) return;
  const std::string_view text = hold_.text;
  for (size_t at = text.find_first_of(" \t|]:>"); at < std::min(text.size(), kLongestHead);
       at = text.find_first_of(" \t|]:>", at + 1)) {
    const std::string_view head = text.substr(0, at + 1);
    size_t kind_at = 0;
    const std::string_view rest = text.substr(at + 1);
    if (!begins_like_a_kind(rest) || match_kind(rest, kind_at) == nullptr || kind_at != 0) continue;
    const std::optional<Shape> shape = Shape::of(head);
    if (!shape) continue;
    const size_t length = shape->match(second.text);
    if (length == 0) continue;
    // Words alone could begin two sentences of somebody who writes about a report.
    const bool marked = head.find_first_of(hold_.has_prefix ? "[(|" : "|]:>0123456789") != std::string_view::npos;
    if (!marked && !is_strong(belongs(std::string_view(second.text).substr(length)))) continue;
    learned_ = head;
    shapes.push_back(*shape);
    take_off(hold_, head.size());
    take_off(second, length);
    return;
  }
}

void Reader::take_off(Message& message, size_t length) const {
  message.width += columns_of(std::string_view(message.text).substr(0, length));
  message.text.erase(0, length);
  message.has_prefix = true;
  message.undone |= kUndidPrefix;
  look_for_kind(message);
}

void Reader::next(Message& message) {
  if (holding_) {
    const bool adjacent = message.first && message.number == hold_.last_number + 1;
    if (adjacent) learn_from_two(message);
    if (adjacent && goes_on(message)) {
      message.source = hold_.source;
      message.goes_on = true;
    }
    message.behind = adjacent && (hold_.has_prefix || hold_.goes_on || hold_.behind);
    if (adjacent && (join_first_line(message) || join(message))) return;
    emit();
  }
  if (message.kind == nullptr && !message.anchored && reports_.idle()) return;
  prefixed_ = prefixed_ || message.has_prefix;
  longest_ = std::max(longest_, message.columns);
  std::swap(hold_, message);
  holding_ = true;
}

// Whether it is a further line of the message held back, printed without its prefix; such a line is indented by the
// width of the prefix or not at all.
bool Reader::goes_on(Message& message) const {
  if (message.has_prefix || !(hold_.has_prefix || hold_.goes_on)) return false;
  message.width = hold_.width;
  const size_t indent = leading_blanks(message.text);
  if (indent == message.text.size()) {
    message.text.clear();
    return true;
  }
  if (indent >= hold_.width && hold_.width >= kNarrowIndent) {
    message.text.erase(0, hold_.width);
    look_for_kind(message);
    return true;
  }
  return false;
}

// A first line that says what it is only together with the next.
bool Reader::join_first_line(const Message& message) {
  if (!hold_.anchored || message.has_prefix || (message.kind != nullptr && !is_tail(message.kind))) return false;
  if (hold_.kind != nullptr && !is_fallback(hold_.kind)) return false;
  if (hold_.text.empty() || message.text.empty() || message.goes_on || !fits_a_margin(hold_.columns, message.text)) {
    return false;
  }
  const std::string_view second = trim(message.text);
  for (const std::string_view glue : {" ", ""}) {
    const std::string both = hold_.text + std::string(hold_.text.back() == ' ' ? "" : glue) + std::string(second);
    size_t at = 0;
    const Kind* kind = match_kind(both, at);
    if (kind == nullptr || kind == hold_.kind || is_fallback(kind) || is_tail(kind) || at >= hold_.text.size())
      continue;
    append(message, glue, glue.empty());
    return true;
  }
  return false;
}

bool Reader::join(const Message& message) {
  if (message.goes_on || message.kind != nullptr || hold_.text.size() > kMaxLine) return false;
  if (reports_.idle() && hold_.kind == nullptr) return false;
  const bool bare = !message.has_prefix && message.behind;
  Wrapped lines{hold_.text, hold_.columns, message.text, message.has_prefix, bare};
  if (message.has_prefix) {
    // A piece of a message that the kernel printed with a stamp of its own.
    if (!(message.source == hold_.source) || message.text.starts_with("  ") || message.again) return false;
    lines.columns = 0;
  } else if (prefixed_ && !lines.bare) {
    return false;
  }
  switch (how_joined(lines)) {
    case Join::kBlank:
      append(message, " ", false);
      break;
    case Join::kGlue:
      append(message, "", false);
      break;
    case Join::kGuess:
      append(message, "", true);
      break;
    case Join::kNo: {
      if (!lines.bare) return false;
      const bool margin = longest_ <= 82 && fits_a_margin(hold_.columns, trim(message.text), kNarrow);
      const Belongs what = belongs(message.text);
      const bool first_line = hold_.kind != nullptr && margin && what != Belongs::kFrame;
      if (is_strong(what) && !first_line) {
        next_.source = hold_.source;  // a line of the same message, printed without indent
        next_.goes_on = true;
        return false;
      }
      if (!margin || (wraps_ == 0 && !first_line) || names_its_speaker(message.text)) return false;
      append(message, " ", true);
      return true;
    }
  }
  if (!message.has_prefix) ++wraps_;
  return true;
}

void Reader::append(const Message& message, std::string_view glue, bool guess) {
  if (hold_.text.empty() || hold_.text.back() != ' ') hold_.text += glue;
  hold_.text += trim(message.text);
  hold_.end = message.end;
  hold_.last_number = message.last_number;
  hold_.columns = message.columns;
  hold_.undone |= message.undone | kUndidWrap;
  if (guess) hold_.undone |= kUndidGuess;
  hold_.anchored = hold_.anchored || message.anchored;
  look_for_kind(hold_);
}

void Reader::emit() {
  if (!holding_) return;
  holding_ = false;
  if (reports_.idle()) {
    began_ = hold_.number;
    if (hold_.kind != nullptr && !hold_.has_prefix) {
      const size_t length = rest_of_stamp(hold_.text);
      if (length > 0 && length <= hold_.kind_at) {
        hold_.text.erase(0, length);
        hold_.undone |= kUndidStamp;
        look_for_kind(hold_);
      }
    }
  }
  Line line;
  line.text = hold_.text;
  line.source = hold_.source;
  line.begin = hold_.begin;
  line.end = hold_.end;
  line.number = hold_.number;
  line.last_number = hold_.last_number;
  line.again = hold_.again;
  line.undone = hold_.undone;
  line.prefix = (hold_.undone & kUndidPrefix) != 0 ? std::string_view(learned_) : std::string_view{};
  line.kind = hold_.kind;
  line.kind_at = hold_.kind_at;
  line.matched = hold_.anchored;
  reports_.line(line, hold_.anchored);
}

}  // namespace zlt::splat
