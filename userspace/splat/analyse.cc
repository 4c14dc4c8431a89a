// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/analyse.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "userspace/splat/demangle.h"
#include "userspace/splat/frame.h"
#include "userspace/splat/skip.h"
#include "userspace/splat/text.h"
#include "userspace/splat/title.h"

namespace zlt::splat {
namespace {

// A panic that stands this far behind the beginning only repeats the stack.
constexpr size_t kLinesBeforePanic = 22;
constexpr size_t kMaxText = size_t{64} * 1024;

// What titles are made from: lines up to the panic that the report led to, with or without doubtful frames.
std::vector<std::string_view> title_lines(const Report& report, bool doubtful) {
  std::vector<std::string_view> lines;
  size_t seen = 0;
  bool disabled = false;  // the next line says who disabled preemption: not who was met with it disabled
  for (size_t i = report.trigger_line(); i < report.size(); ++i) {
    const std::string_view text = report.line(i);
    ++seen;
    const Belongs what = report.entry(i).what;
    if (what == Belongs::kDump) continue;
    if (!doubtful && what == Belongs::kFrame && is_doubtful(text)) continue;
    if (std::exchange(disabled, contains(text, "Preemption disabled at:")) && what == Belongs::kFrame) continue;
    if (disabled) continue;
    if (seen > kLinesBeforePanic && (contains(text, "Kernel panic - not syncing") ||
                                     contains(text, "possible circular locking dependency detected"))) {
      break;
    }
    lines.push_back(i == report.trigger_line() ? text.substr(report.trigger_at()) : text);
  }
  return lines;
}

// {1}: what stands between the trigger and `until`.
std::string capture(const Kind& kind, std::string_view first) {
  const std::string_view rest = first.substr(kind.trigger.size());
  return std::string(trim(kind.until.empty() ? rest : rest.substr(0, rest.find(kind.until))));
}

std::string fill(const Kind& kind, std::string_view first, std::string_view blamed) {
  std::string title;
  for (size_t i = 0; i < kind.title.size(); ++i) {
    const std::string_view rest = kind.title.substr(i);
    if (rest.starts_with("{1}")) {
      title += capture(kind, first);
      i += 2;
    } else if (rest.starts_with("{f}")) {
      title += blamed;
      i += 2;
    } else if (blamed.empty() && rest.starts_with(" in {f}")) {
      i += 6;
    } else {
      title += kind.title[i];
    }
  }
  return title;
}

// The blamed function as the stacks have it, with module and offset.
Frame find_guilty(const Record& record, std::string_view function) {
  for (const Stack& stack : record.stacks) {
    for (const Frame& frame : stack.frames) {
      if (frame.function.ends_with(function) && strip_syscall(frame.function) == function) return frame;
    }
  }
  for (const Lock& lock : record.locks) {
    if (strip_syscall(lock.at.function) == function) return lock.at;
  }
  Frame frame;
  frame.function = function;
  return frame;
}

void say_why_unreliable(const Report& report, Record& record) {
  if (report.mixed) record.unreliable.emplace_back("another report was printed into it");
  if (report.dropped) record.unreliable.emplace_back("messages were lost");
  if (report.injected) record.unreliable.emplace_back("another message's stack stands in it");
  if (report.truncated) record.unreliable.emplace_back("too long, its rest was not read");
}

// In the order in which it is undone.
void say_what_was_undone(const Report& report, Record& record) {
  const uint32_t undone = report.undone;
  const auto say = [&](Undone bit, std::string text) {
    if ((undone & bit) != 0) record.undone.push_back(std::move(text));
  };
  say(kUndidQuotedPrintable, "quoted-printable");
  say(kUndidHtml, "HTML");
  say(kUndidTypography, "typographic characters");
  say(kUndidQuote, "quote marks or an indent");
  say(kUndidPrefix, "the prefix \"" + report.prefix + "\"");
  say(kUndidStamp, "a first line without its stamp");
  say(kUndidWrap, "wrapped lines: " + std::to_string(std::max<size_t>(report.wraps, 1)));
  if ((undone & kUndidGuess) != 0) record.unreliable.emplace_back("how wrapped lines go together is a guess");
}

// A log may be anybody's: what the kernel calls a name is short.
void limit(std::string& name) {
  constexpr size_t kLongestName = 128;
  if (name.size() > kLongestName) name.resize(kLongestName);
}

void say_which_lines(const Report& report, Record& record) {
  for (size_t i = 0; i < report.size(); ++i) {
    const Report::Entry& entry = report.entry(i);
    if (entry.what == Belongs::kNo && i != report.trigger_line() && i > 2) continue;
    if (!record.lines.empty() && entry.number <= record.lines.back().second + 1) {
      record.lines.back().second = std::max(record.lines.back().second, entry.last_number);
    } else {
      record.lines.emplace_back(entry.number, entry.last_number);
    }
  }
}

}  // namespace

Record analyse(const Report& report, Blamer& blamer) {
  const Kind& kind = *report.kind();
  Record record;
  record.kind = kind.slug;
  record.family = kind.family;
  record.note = kind.note;
  record.begin = report.begin;
  record.end = report.end;
  record.first_line = report.first_line;
  record.last_line = report.last_line;
  record.inside = report.inside;
  record.whole = report.complete() && !report.dropped && !report.truncated;
  say_why_unreliable(report, record);
  say_what_was_undone(report, record);
  say_which_lines(report, record);
  if (report.size() > report.trigger_line()) {
    record.why = "line " + std::to_string(report.entry(report.trigger_line()).number) + " says \"" +
                 std::string(trim(kind.trigger)) + (kind.also.empty() ? "" : "…" + std::string(kind.also)) + "\"";
  }

  std::vector<std::string_view> lines;  // what is said besides the stacks
  bool place = false;                   // a stack line right behind says where a lock was released
  for (size_t i = 0; i < report.size(); ++i) {
    const Belongs what = report.entry(i).what;
    if (what == Belongs::kFrame ? place : what != Belongs::kDump) lines.push_back(report.line(i));
    place = what == Belongs::kYes && report.line(i).ends_with(") at:");
    if (record.text.size() < kMaxText) record.text.append(report.line(i)).push_back('\n');
  }
  read_stacks(report, record);
  read_locks(lines, record);
  read_context(lines, record);
  limit(record.context.task);
  limit(record.release);
  limit(record.taint);

  const std::vector<std::string_view> titled = title_lines(report, false);
  std::string_view blamed = kind.blame == nullptr ? std::string_view{} : blamer.find(*kind.blame, titled);
  if (blamed.empty() && kind.blame != nullptr) blamed = blamer.find(*kind.blame, title_lines(report, true));
  // A report cut so short that none of its lines can title it goes by its first one.
  const std::string_view first = !titled.empty() ? titled.front() : report.size() > 0 ? report.line(0) : "";
  const std::string spoken = demangled(blamed);
  const Subject subject{first, titled, spoken};
  record.title = normalise_title(kind.title_of == nullptr ? fill(kind, first, spoken) : kind.title_of(kind, subject));
  if (!blamed.empty()) record.guilty = find_guilty(record, blamed);
  record.detail = trim(first);
  record.fingerprint = fingerprint(record, blamer);
  return record;
}

}  // namespace zlt::splat
