// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/environment.h"

#include <sys/utsname.h>
#include <unistd.h>

#include "userspace/base/files.h"
#include "userspace/zltctl/text.h"

namespace zlt::ctl {
namespace {

std::string content(const std::string& path) {
  Result<std::string> text = read_file(path);
  return text ? std::move(*text) : std::string();
}

}  // namespace

Environment Environment::real() {
  Environment out;
  utsname names{};
  if (::uname(&names) == 0) out.release = static_cast<const char*>(names.release);
  out.root = ::geteuid() == 0;
  return out;
}

std::optional<bool> debug_locks(const Environment& environment) {
  const std::string text = content(environment.lockdep_stats);
  for (std::string_view line : lines_of(text)) {
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos || line.substr(0, colon).find("debug_locks") == std::string_view::npos)
      continue;
    line.remove_prefix(colon + 1);
    return line.find('1') != std::string_view::npos;
  }
  return {};
}

uint64_t module_text(const Environment& environment) {
  const std::string text = content(environment.module_text);  // "0xffffffffc0000000"
  return to_number(text.substr(0, text.find('\n'))).value_or(0);
}

std::string cpus_online(const Environment& environment) {
  const std::string text = content(environment.cpus_online);
  return text.substr(0, text.find('\n'));
}

bool cpu_in_list(const std::string& list, uint64_t cpu) {
  for (const std::string_view range : split(list, ',')) {
    const size_t dash = range.find('-');
    const auto first = to_number(range.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : to_number(range.substr(dash + 1));
    if (first && last && *first <= cpu && cpu <= *last) return true;
  }
  return false;
}

bool locked_down(const Environment& environment) {
  const std::string text = content(environment.lockdown);  // "none [integrity] confidentiality"
  return !text.empty() && text.find("[none]") == std::string::npos;
}

bool has_debugfs(const Environment& environment) {
  const std::string text = content(environment.filesystems);
  if (text.empty()) return true;  // without /proc nobody knows: not what to complain about
  for (const std::string_view line : lines_of(text)) {
    if (line.ends_with("\tdebugfs")) return true;
  }
  return false;
}

}  // namespace zlt::ctl
