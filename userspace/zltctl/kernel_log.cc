// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/kernel_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "module/abi/debugfs.h"
#include "userspace/zltctl/text.h"

namespace zlt::ctl {
namespace {

int open_log(const Environment& environment) {
  return ::open(environment.kernel_log.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

// "6,339,5140900,-;message", then lines of a dictionary, indented.
void take_record(std::string_view record, std::vector<std::string>& out) {
  for (const std::string_view line : lines_of(record)) {
    const size_t prefix = line.find(';');
    if (prefix != std::string_view::npos && line.front() != ' ') out.emplace_back(line.substr(prefix + 1));
  }
}

}  // namespace

KernelLog KernelLog::from_now(const Environment& environment) {
  KernelLog out(open_log(environment));
  if (out.fd_.valid()) ::lseek(out.fd_.get(), 0, SEEK_END);
  return out;
}

KernelLog KernelLog::from_start(const Environment& environment) {
  return KernelLog(open_log(environment));
}

std::vector<std::string> KernelLog::messages() {
  std::vector<std::string> out;
  char buffer[8192];  // the longest record of the kernel; one read gives one record
  while (fd_.valid()) {
    const ssize_t got = ::read(fd_.get(), buffer, sizeof buffer);
    if (got > 0) {
      take_record(std::string_view(buffer, static_cast<size_t>(got)), out);
    } else if (got == 0 || (errno != EINTR && errno != EPIPE)) {  // EPIPE: records were overwritten, go on
      break;
    }
  }
  return out;
}

std::string last_line_of_module(const Environment& environment) {
  return last_about_module(KernelLog::from_start(environment).messages());
}

std::string last_about_module(const std::vector<std::string>& messages) {
  const std::string prefix = std::string(abi::kModuleName) + ": ";
  for (auto message = messages.rbegin(); message != messages.rend(); ++message) {
    if (message->starts_with(prefix)) return message->substr(prefix.size());
  }
  return {};
}

}  // namespace zlt::ctl
