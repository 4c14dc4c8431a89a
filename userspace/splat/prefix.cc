// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/prefix.h"

#include "userspace/splat/text.h"

namespace zlt::splat {
namespace {

constexpr size_t kLongestHead = 160;
constexpr std::string_view kTag = "kernel:";

// "12:34", with no digit in front or behind.
bool has_time(std::string_view text) {
  for (size_t at = text.find(':'); at != std::string_view::npos; at = text.find(':', at + 1)) {
    if (at < 2 || at + 2 >= text.size() || !is_digit(text[at - 1]) || !is_digit(text[at - 2])) continue;
    if (!is_digit(text[at + 1]) || !is_digit(text[at + 2])) continue;
    if (at >= 3 && is_word(text[at - 3]) && text[at - 3] != 'T') continue;
    if (at + 3 < text.size() && is_word(text[at + 3]) && text[at + 3] != 'Z') continue;
    return true;
  }
  return false;
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

// "[Mon Jun 10 12:34:56 2024]" in any language, "[Jan10 14:08]": what dmesg prints besides its stamp. A tool's clock
// has no words in it.
size_t date_stamp_length(std::string_view text) {
  if (text.size() < 8 || text[0] != '[' || text[1] == ' ') return 0;
  const size_t close = text.substr(0, 64).find(']');
  if (close == std::string_view::npos || !has_time(text.substr(0, close))) return 0;
  bool word = false;
  for (const char c : text.substr(1, close - 1)) {
    word = word || (is_word(c) && !is_digit(c) && c != 'T' && c != 'Z') || static_cast<unsigned char>(c) >= 0x80;
    if (c == '/' || c == '(' || c == '=' || c == '"') return 0;
  }
  return word ? close + 1 : 0;
}

// "[  +0.000001]": dmesg's time since the line in front.
size_t delta_length(std::string_view text) {
  if (text.size() < 6 || text[0] != '[') return 0;
  size_t i = 1;
  while (i < text.size() && text[i] == ' ') ++i;
  if (i >= text.size() || text[i] != '+') return 0;
  const size_t digits = ++i;
  while (i < text.size() && (is_digit(text[i]) || text[i] == '.')) ++i;
  return i > digits && i < text.size() && text[i] == ']' ? i + 1 : 0;
}

size_t level_length(std::string_view text) {
  if (text.size() < 3 || text[0] != '<' || !is_digit(text[1])) return 0;
  const size_t close = text.find('>');
  return close <= 4 ? close + 1 : 0;
}

// "[2021/07/05, 13:43:52.334] ", "[2024-01-10T14:08:03.540Z] ", as terminal programs and builders print in front of
// each line.
size_t tool_stamp_length(std::string_view text) {
  if (text.size() < 8 || text[0] != '[' || !is_digit(text[1])) return 0;
  const size_t close = text.substr(0, 40).find(']');
  if (close == std::string_view::npos || close + 1 >= text.size() || text[close + 1] != ' ') return 0;
  int colons = 0;
  for (const char c : text.substr(1, close - 1)) {
    colons += c == ':' ? 1 : 0;
    if (!is_digit(c) && std::string_view(" :.,-/TZ+").find(c) == std::string_view::npos) return 0;
  }
  return colons >= 2 ? close + 2 : 0;
}

// "2024-01-10T14:08:03.540000+01:00 " with any of the usual separators, zone or none.
size_t iso_length(std::string_view text) {
  constexpr std::string_view kPattern = "dddd-dd-dd_dd:dd:dd";
  if (text.size() < kPattern.size() || !is_digit(text[0])) return 0;
  size_t i = 0;
  for (const char want : kPattern) {
    const char c = text[i++];
    const bool good = want == 'd' ? is_digit(c) : want == '_' ? c == 'T' || c == ' ' : c == want;
    if (!good) return 0;
  }
  while (i < text.size() && (is_digit(text[i]) || std::string_view(".,:+-Z").find(text[i]) != std::string_view::npos)) {
    ++i;
  }
  return i < text.size() && (text[i] == ' ' || text[i] == '\t') ? i + 1 : 0;
}

// What builders and container engines print behind their clock: "stderr F ", "01O ".
size_t stream_length(std::string_view text) {
  for (const std::string_view name : {"stdout F ", "stderr F ", "stdout P ", "stderr P "}) {
    if (text.starts_with(name)) return name.size();
  }
  if (text.size() < 4 || !is_digit(text[0]) || !is_digit(text[1])) return 0;
  if (text[2] != 'O' && text[2] != 'E') return 0;
  return text[3] == ' ' || text[3] == '+' ? 4 : 0;
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

// The tag in front of `at`, and the blank behind it unless an editor took it.
size_t behind_tag(std::string_view text, size_t at) {
  const size_t end = at + kTag.size();
  return end < text.size() ? end + 1 : end;
}

// "Jun 10 12:34:56 host kernel: " in any language and journalctl's other forms: a time, and the kernel's name in front
// of the colon, which tells it from a daemon's line.
size_t syslog_length(std::string_view text) {
  const std::string_view head = text.substr(0, kLongestHead);
  const size_t kernel = head.find(kTag);
  if (kernel == std::string_view::npos || kernel == 0 || head[kernel - 1] != ' ') return 0;
  if (kernel + kTag.size() < text.size() && text[kernel + kTag.size()] != ' ') return 0;
  const std::string_view date = head.substr(0, kernel);
  // "host sshd[12]: kernel: …" is a daemon that speaks of it.
  if (contains(date, ": ") || date[0] == '[') return 0;
  const bool seconds = is_digit(date[0]) && date.find('.') != std::string_view::npos &&
                       date.find_first_not_of("0123456789.") == date.find(' ');
  return has_time(date) || seconds ? behind_tag(text, kernel) : 0;
}

// "<4>1 2024-01-10T14:08:03.540000+01:00 host kernel - - - ": RFC 5424, its structured data empty.
size_t rfc5424_length(std::string_view text) {
  size_t i = level_length(text.substr(0, 5));
  if (i == 0 && text.starts_with('<')) {
    const size_t close = text.substr(0, 6).find('>');
    if (close != std::string_view::npos) i = close + 1;
  }
  if (i == 0 || !text.substr(i).starts_with("1 ")) return 0;
  i += 2;
  const size_t iso = iso_length(text.substr(i));
  if (iso == 0) return 0;
  i += iso;
  const std::string_view rest = text.substr(i, kLongestHead);
  const size_t name = rest.find(" kernel ");
  if (name == std::string_view::npos || rest.substr(0, name).find(' ') != std::string_view::npos) return 0;
  size_t at = name + 8;
  for (int field = 0; field < 3; ++field) {
    const size_t blank = rest.find(' ', at);
    if (blank == std::string_view::npos) return field == 2 ? i + rest.size() : 0;
    at = blank + 1;
  }
  return i + at;
}

// "host kernel: " or "kernel: " behind a stamp, as journalctl's monotonic forms have it.
size_t tag_length(std::string_view text) {
  if (text.starts_with(kTag)) return text.size() == kTag.size() || text[kTag.size()] == ' ' ? behind_tag(text, 0) : 0;
  size_t host = 0;
  while (host < text.size() && (is_word(text[host]) || text[host] == '-' || text[host] == '.')) ++host;
  if (host == 0 || host >= text.size() || text[host] != ' ') return 0;
  const std::string_view rest = text.substr(host + 1);
  if (!rest.starts_with(kTag) || (rest.size() > kTag.size() && rest[kTag.size()] != ' ')) return 0;
  return behind_tag(text, host + 1);
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

// The kernel's own: level, stamp, caller, and a journal's tag behind the stamp.
void add_stamp(std::string_view text, Prefix& prefix, Source& source) {
  prefix.length += level_length(text.substr(prefix.length));
  const std::string_view rest = text.substr(prefix.length);
  size_t stamp = stamp_length(rest, false);
  if (stamp == 0) stamp = delta_length(rest);
  if (stamp == 0) stamp = date_stamp_length(rest);
  prefix.length += stamp;
  prefix.kernel = prefix.kernel || stamp > 0;
  if (!prefix.kernel) return;
  source = {Origin::kConsole, 0};
  prefix.length += caller_length(text.substr(prefix.length), source);
  if (stamp > 0 && prefix.length < text.size() && text[prefix.length] == ' ') ++prefix.length;
  if (stamp > 0) prefix.length += tag_length(text.substr(prefix.length));
}

}  // namespace

Prefix prefix_of(std::string_view text, Source& source) {
  Prefix prefix;
  if (text.empty()) return prefix;
  // Most lines of most logs begin with the kernel's own stamp.
  if (text[0] != '[') {
    if (const size_t r = rfc5424_length(text)) {
      source = {Origin::kConsole, 0};
      return {r, true};
    }
    if (const size_t n = syslog_length(text)) {
      prefix = {n, true};
    } else if (const size_t k = kmsg_length(text, source)) {
      return {k, true};
    } else if (const size_t c = collected_kmsg_length(text, source)) {
      return {c, true};
    } else {
      prefix.length = clock_length(text);
    }
  } else {
    prefix.length = tool_stamp_length(text);
  }
  add_stamp(text, prefix, source);
  return prefix;
}

size_t clock_length(std::string_view text) {
  size_t length = iso_length(text);
  if (length == 0) length = tool_stamp_length(text);
  if (length > 0) length += stream_length(text.substr(length));
  return length;
}

bool is_clock(std::string_view text) {
  if (text.size() > 200) return false;
  for (const char c : text) {
    if (!is_digit(c) && std::string_view(" .:-+TZ,/[]|#<>").find(c) == std::string_view::npos) return false;
  }
  return true;
}

size_t rest_of_stamp(std::string_view text) {
  size_t i = 0;
  while (i < text.size() && text[i] == ' ') ++i;
  const size_t digits = i;
  while (i < text.size() && (is_digit(text[i]) || text[i] == '.')) ++i;
  if (i == digits || i >= text.size() || text[i] != ']') return 0;
  ++i;
  Source source;
  i += caller_length(text.substr(i), source);
  return i < text.size() && text[i] == ' ' ? i + 1 : 0;
}

bool is_heading(std::string_view text) {
  text = trim(text);
  if (text.size() < 20 || !text.starts_with("[ ") || !text.ends_with("]")) return false;
  return is_digit(text[2]) && has_time(text.substr(0, 24)) && text.find('/') != std::string_view::npos &&
         text.find(']') == text.size() - 1;
}

}  // namespace zlt::splat
