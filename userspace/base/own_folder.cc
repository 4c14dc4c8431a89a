// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/base/own_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "userspace/base/files.h"

namespace zlt {
namespace fs = std::filesystem;
namespace {

constexpr unsigned kMostTries = 100;

// Somebody may have removed it between its making and its lock: whoever has no lock looks abandoned.
bool is_still(const fs::path& folder, const UniqueFd& fd) {
  struct stat by_name = {};
  struct stat by_fd = {};
  return ::lstat(folder.c_str(), &by_name) == 0 && ::fstat(fd.get(), &by_fd) == 0 && by_name.st_ino == by_fd.st_ino &&
         by_name.st_dev == by_fd.st_dev;
}

}  // namespace

UniqueFd lock_folder(const fs::path& folder, int how) {
  UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.valid() && ::flock(fd.get(), how | LOCK_NB) != 0) {
    fd.reset();
  }
  return fd;
}

Result<OwnFolder> make_own_folder(const fs::path& above, const std::string& prefix) {
  for (unsigned n = 0; n < kMostTries; ++n) {
    std::string pattern = (above / (prefix + "XXXXXX")).string();
    if (::mkdtemp(pattern.data()) == nullptr) {
      return file_failure("create a folder in", above, errno);
    }
    UniqueFd hold = lock_folder(pattern, LOCK_EX);
    if (hold.valid() && is_still(pattern, hold)) {
      return OwnFolder{pattern, std::move(hold)};
    }
  }
  return failure("cannot keep a folder in " + above.string() + ": somebody removes each one");
}

void remove_abandoned(const fs::path& above, const std::function<bool(const std::string& name)>& ours) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(above, error)) {
    if (!ours(entry.path().filename().string())) {
      continue;
    }
    // A link to nowhere is nobody's; one to a folder is as much in use as that.
    const bool dangling = entry.is_symlink(error) && !fs::exists(entry.path(), error);
    if (const UniqueFd free = lock_folder(entry.path(), LOCK_EX); free.valid() || dangling) {
      fs::remove_all(entry.path(), error);
    }
  }
}

}  // namespace zlt
