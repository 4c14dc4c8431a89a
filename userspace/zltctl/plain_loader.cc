// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "userspace/base/unique_fd.h"
#include "userspace/zltctl/loader.h"

namespace zlt::ctl {

Sys<void> PlainLoader::load_file(const std::string& path, const std::string& options) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return tl::unexpected(errno);
  if (::syscall(SYS_finit_module, fd.get(), options.c_str(), 0) != 0) return tl::unexpected(errno);
  return {};
}

}  // namespace zlt::ctl
