// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/line.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "userspace/splat/text.h"

namespace zlt::splat {
namespace {

constexpr char kEscape = '\x1b';

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 && c != '\t';
}

bool has_control(std::string_view text) {
  // Eight bytes at a time: the top bit of each byte below 0x20 ends up set.
  constexpr uint64_t kOnes = 0x0101010101010101U;
  size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    uint64_t word = 0;
    std::memcpy(&word, text.data() + i, 8);
    if (((word - kOnes * 0x20) & ~word & (kOnes * 0x80)) != 0) break;
  }
  return std::any_of(text.begin() + static_cast<std::ptrdiff_t>(i), text.end(), is_control);
}

// ANSI sequences and control bytes removed. Offsets inside a cleaned line are no longer exact: its parts all begin
// where the line begins.
void clean_into(std::string_view raw, std::string& out) {
  out.clear();
  for (size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != kEscape) {
      if (!is_control(raw[i])) out.push_back(raw[i]);
      continue;
    }
    if (i + 1 >= raw.size() || raw[i + 1] != '[') continue;
    i += 2;
    while (i < raw.size() && (is_digit(raw[i]) || raw[i] == ';' || raw[i] == '?')) ++i;
  }
}

size_t caller_length(std::string_view text, Source& source) {
  size_t i = 0;
  if (i < text.size() && text[i] == ' ') ++i;
  if (i >= text.size() || text[i] != '[') return 0;
  ++i;
  while (i < text.size() && text[i] == ' ') ++i;
  if (i >= text.size() || (text[i] != 'T' && text[i] != 'C')) return 0;
  const Origin origin = text[i] == 'T' ? Origin::kTask : Origin::kCpu;
  const size_t digits = ++i;
  uint32_t id = 0;
  while (i < text.size() && is_digit(text[i])) id = id * 10 + static_cast<uint32_t>(text[i++] - '0');
  if (i == digits || i >= text.size() || text[i] != ']') return 0;
  source = {origin, id};
  return i + 1;
}

// "[Mon Jun 10 12:34:56 2024]", as dmesg -T prints.
size_t date_stamp_length(std::string_view text) {
  constexpr std::array<std::string_view, 7> kDays{"[Mon ", "[Tue ", "[Wed ", "[Thu ", "[Fri ", "[Sat ", "[Sun "};
  for (const auto& day : kDays) {
    if (!text.starts_with(day)) continue;
    const size_t close = text.find(']');
    return close < 32 ? close + 1 : 0;
  }
  return 0;
}

// "[2021/07/05, 13:43:52.334] ", as terminal programs print in front of each line.
size_t tool_stamp_length(std::string_view text) {
  if (text.size() < 12 || text[0] != '[' || !is_digit(text[1])) return 0;
  const size_t close = text.substr(0, 40).find(']');
  if (close == std::string_view::npos || close + 1 >= text.size() || text[close + 1] != ' ') return 0;
  int colons = 0;
  for (const char c : text.substr(1, close - 1)) {
    colons += c == ':' ? 1 : 0;
    if (!is_digit(c) && std::string_view(" :.,-/TZ+").find(c) == std::string_view::npos) return 0;
  }
  return colons >= 2 ? close + 2 : 0;
}

size_t level_length(std::string_view text) {
  if (text.size() < 3 || text[0] != '<' || !is_digit(text[1])) return 0;
  const size_t close = text.find('>');
  return close <= 4 ? close + 1 : 0;
}

// "4,1283,44318264,-,caller=T1;text": a record of /dev/kmsg, also what netconsole's extended format sends.
size_t kmsg_length(std::string_view text, Source& source) {
  size_t i = 0;
  for (int field = 0; field < 3; ++field) {
    const size_t digits = i;
    while (i < text.size() && is_digit(text[i])) ++i;
    if (i == digits || i >= text.size() || text[i] != ',') return 0;
    ++i;
  }
  const size_t semicolon = text.find(';', i);
  if (semicolon == std::string_view::npos || semicolon > i + 64) return 0;
  source = {Origin::kConsole, 0};
  const std::string_view flags = text.substr(i, semicolon - i);
  if (const size_t caller = flags.find("caller="); caller != std::string_view::npos) {
    const std::string_view who = flags.substr(caller + 7);
    if (!who.empty() && (who[0] == 'T' || who[0] == 'C')) {
      source = {who[0] == 'T' ? Origin::kTask : Origin::kCpu, static_cast<uint32_t>(to_number(who.substr(1)))};
    }
  }
  return semicolon + 1;
}

// "Jun 10 12:34:56 host kernel: " and its ISO forms: syslog, journald, netconsole collectors. The kernel's name in
// front of the colon is what tells it from a daemon's line.
size_t syslog_length(std::string_view text) {
  const std::string_view head = text.substr(0, 160);
  const size_t kernel = head.find("kernel: ");
  if (kernel == std::string_view::npos || kernel == 0 || head[kernel - 1] != ' ') return 0;
  const std::string_view date = head.substr(0, kernel);
  // "host sshd[12]: kernel: …" is a daemon that speaks of it.
  const bool dated = contains(date, ":") && !contains(date, ": ") && (is_digit(date[0]) || is_month(date));
  return dated ? kernel + 8 : 0;
}

// "May 25 07:29:42 host 4,1283,44318264,-;text": what a collector of netconsole's extended format writes.
size_t collected_kmsg_length(std::string_view text, Source& source) {
  if (text.empty() || (!is_digit(text[0]) && !is_month(text))) return 0;
  const std::string_view head = text.substr(0, 80);
  for (size_t space = head.find(' '); space != std::string_view::npos; space = head.find(' ', space + 1)) {
    if (const size_t length = kmsg_length(text.substr(space + 1), source)) return space + 1 + length;
  }
  return 0;
}

struct Prefix {
  size_t length = 0;
  bool kernel = false;  // the kernel printed it: a stamp, or a collector that says so
};

// Everything in front of the message, at the start of `text`.
Prefix prefix_length(std::string_view text, Source& source) {
  Prefix prefix;
  if (const size_t n = syslog_length(text)) {
    prefix = {n, true};
  } else if (const size_t k = kmsg_length(text, source)) {
    return {k, true};
  } else if (const size_t c = collected_kmsg_length(text, source)) {
    return {c, true};
  }
  prefix.length += tool_stamp_length(text.substr(prefix.length));
  prefix.length += level_length(text.substr(prefix.length));
  const std::string_view rest = text.substr(prefix.length);
  size_t stamp = stamp_length(rest, false);
  if (stamp == 0) stamp = date_stamp_length(rest);
  prefix.length += stamp;
  prefix.kernel = prefix.kernel || stamp > 0;
  if (!prefix.kernel) return prefix;
  source = {Origin::kConsole, 0};
  prefix.length += caller_length(text.substr(prefix.length), source);
  if (stamp > 0 && prefix.length < text.size() && text[prefix.length] == ' ') ++prefix.length;
  return prefix;
}

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

// A collector's or a tool's own clock in front of the kernel's stamp: no message of its own.
bool is_clock(std::string_view text) {
  if (text.size() > 200) return false;
  for (const char c : text) {
    if (!is_digit(c) && std::string_view(" .:-+TZ,/[]|#<>").find(c) == std::string_view::npos) return false;
  }
  return true;
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
  return i < text.size() && text[i] == ']' ? i + 1 : 0;
}

void LineSplitter::reset(std::string_view raw) {
  while (!raw.empty() && raw.back() == '\r') raw.remove_suffix(1);
  cleaned_ = false;
  if (has_control(raw)) {
    clean_into(raw, clean_);
    cleaned_ = true;
  }
  rest_ = cleaned_ ? std::string_view(clean_) : raw;
  taken_ = 0;
  more_ = true;
}

bool LineSplitter::next(std::string_view& text, Source& source, size_t& at) {
  if (!more_) return false;
  at = cleaned_ ? 0 : taken_;
  source = {};
  while (rest_.starts_with("> ")) {  // quoted in a mail
    rest_.remove_prefix(2);
    taken_ += 2;
  }
  Prefix prefix = prefix_length(rest_, source);
  size_t merged = find_merged(rest_.substr(prefix.length)) + prefix.length;
  if (!prefix.kernel && merged < rest_.size() && is_clock(rest_.substr(0, merged))) {
    const Prefix behind = prefix_length(rest_.substr(merged), source);
    prefix = {merged + behind.length, behind.kernel};
    merged = find_merged(rest_.substr(prefix.length)) + prefix.length;
  }
  text = rest_.substr(prefix.length, merged - prefix.length);
  // rsyslog's way to write the newline that a message began or ended with
  while (text.starts_with("#012")) text.remove_prefix(4);
  while (text.ends_with("#012")) text.remove_suffix(4);
  taken_ += merged;
  rest_.remove_prefix(merged);
  more_ = !rest_.empty();
  return true;
}

}  // namespace zlt::splat
