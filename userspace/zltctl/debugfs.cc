// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/debugfs.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "module/abi/debugfs.h"
#include "module/abi/watch.h"
#include "userspace/base/unique_fd.h"

namespace zlt::ctl {

const char* name_of(File file) {
  switch (file) {
    case File::kCases:
      return abi::kFileCases;
    case File::kRun:
      return abi::kFileRun;
    case File::kStop:
      return abi::kFileStop;
    case File::kStatus:
      return abi::kFileStatus;
    case File::kResult:
      return abi::kFileResult;
    case File::kHistogram:
      return abi::kFileHistogram;
    case File::kWatch:
      break;
  }
  return abi::kFileWatch;
}

std::string Debugfs::directory() const {
  return mount_ + "/" + abi::kDirectory;
}

std::string Debugfs::path(File file) const {
  return directory() + "/" + name_of(file);
}

Sys<std::string> Debugfs::read(File file) {
  const UniqueFd fd(::open(path(file).c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return tl::unexpected(errno);
  std::string out;
  char buffer[16384];
  for (;;) {
    const ssize_t got = ::read(fd.get(), buffer, sizeof buffer);
    if (got == 0) return out;
    if (got > 0) {
      out.append(buffer, static_cast<size_t>(got));
    } else if (errno != EINTR) {
      return tl::unexpected(errno);
    }
  }
}

Sys<void> Debugfs::write(File file, std::string_view text) {
  const UniqueFd fd(::open(path(file).c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC));
  if (!fd.valid()) return tl::unexpected(errno);
  for (;;) {
    // The module takes one write as one command, so there is no writing the rest of it.
    const ssize_t written = ::write(fd.get(), text.data(), text.size());
    if (written == static_cast<ssize_t>(text.size())) return {};
    if (written >= 0) return tl::unexpected(EIO);
    if (errno != EINTR) return tl::unexpected(errno);
  }
}

PendingWrite Debugfs::write_in_background(File file, std::string_view text) {
  return PendingWrite::start([this, file, text] {
    const Sys<void> written = write(file, text);
    return written ? 0 : written.error();
  });
}

}  // namespace zlt::ctl
