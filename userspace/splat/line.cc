// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/line.h"

#include <algorithm>
#include <utility>

#include "userspace/splat/controls.h"
#include "userspace/splat/prefix.h"
#include "userspace/splat/text.h"

namespace zlt::splat {
namespace {

// Where the next message that was merged into `text` begins; size() if none.
size_t find_merged(std::string_view text) {
  for (size_t at = text.find('['); at != std::string_view::npos; at = text.find('[', at + 1)) {
    if (stamp_length(text.substr(at), true) == 0) continue;
    // "<4>[" belongs to what follows.
    if (at >= 3 && text[at - 1] == '>' && is_digit(text[at - 2]) && text[at - 3] == '<') at -= 3;
    return at;
  }
  return text.size();
}

// What rsyslog and /dev/kmsg write for the newline inside a message.
bool is_written_newline(std::string_view text) {
  return text.starts_with("#012") || text.starts_with("\\x0a");
}

// Takes the first line off `message`; newlines that it begins and ends with say nothing.
std::string_view up_to_newline(std::string_view& message) {
  while (is_written_newline(message)) message.remove_prefix(4);
  const size_t end = std::min({message.find("#012"), message.find("\\x0a"), message.size()});
  const std::string_view text = message.substr(0, end);
  message.remove_prefix(end);
  while (is_written_newline(message)) message.remove_prefix(4);
  return text;
}

}  // namespace

size_t stamp_length(std::string_view text, bool strict) {
  if (text.size() < 5 || text[0] != '[') return 0;
  size_t i = 1;
  while (i < text.size() && text[i] == ' ') ++i;
  const size_t seconds = i;
  while (i < text.size() && is_digit(text[i])) ++i;
  if (i == seconds || i >= text.size() || text[i] != '.') return 0;
  const size_t fraction = ++i;
  while (i < text.size() && is_digit(text[i])) ++i;
  if (i == fraction || i >= text.size()) return 0;
  if (strict && i - fraction != 6) return 0;
  if (text[i] == '@') {  // the CPU, in some vendors' kernels
    ++i;
    while (i < text.size() && is_digit(text[i])) ++i;
  }
  if (!strict && i < text.size() && text[i] == ' ') {  // the time since the line in front, of dmesg and journalctl
    while (i < text.size() && std::string_view(" <>.").find(text[i]) != std::string_view::npos) ++i;
    while (i < text.size() && (is_digit(text[i]) || std::string_view(" <>.").find(text[i]) != std::string_view::npos))
      ++i;
  }
  return i < text.size() && text[i] == ']' ? i + 1 : 0;
}

void LineSplitter::reset(std::string_view raw) {
  while (!raw.empty() && raw.back() == '\r') raw.remove_suffix(1);
  cleaned_ = false;
  // High bytes may hold control characters; only then they are worth a copy.
  const Bytes bytes = look_at_bytes(raw);
  if (bytes.control || bytes.high) {
    clean_.clear();
    without_controls(raw, clean_);
    cleaned_ = clean_.size() != raw.size();
  }
  begin_with(cleaned_ ? std::string_view(clean_) : raw);
}

void LineSplitter::reset_clean(std::string_view line) {
  cleaned_ = false;
  begin_with(line);
}

void LineSplitter::begin_with(std::string_view line) {
  rest_ = line;
  further_ = {};
  taken_ = 0;
  more_ = true;
}

bool LineSplitter::next(std::string_view& text, Source& source, size_t& at) {
  if (!more_) return false;
  at = cleaned_ ? 0 : taken_;
  if (!further_.empty()) {
    source = source_;
    text = up_to_newline(further_);
    prefix_ = {};
    more_ = !further_.empty() || !rest_.empty();
    return true;
  }
  source = {};
  while (rest_.starts_with("> ")) {  // quoted in a mail
    rest_.remove_prefix(2);
    taken_ += 2;
  }
  Prefix prefix = prefix_of(rest_, source);
  size_t merged = find_merged(rest_.substr(prefix.length)) + prefix.length;
  if (!prefix.kernel && merged < rest_.size() && is_clock(rest_.substr(0, merged))) {
    const Prefix behind = prefix_of(rest_.substr(merged), source);
    prefix = {merged + behind.length, behind.kernel};
    merged = find_merged(rest_.substr(prefix.length)) + prefix.length;
  }
  further_ = rest_.substr(prefix.length, merged - prefix.length);
  if (prefix.kernel) {
    text = up_to_newline(further_);
  } else {
    text = std::exchange(further_, {});
  }
  source_ = source;
  prefix_ = rest_.substr(0, prefix.length);
  taken_ += merged;
  rest_.remove_prefix(merged);
  more_ = !rest_.empty() || !further_.empty();
  return true;
}

}  // namespace zlt::splat
