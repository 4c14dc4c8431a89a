// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/report/run_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "userspace/base/files.h"

namespace zlt::report {
namespace fs = std::filesystem;
namespace {

constexpr const char* kUnfinished = ".unfinished-";
constexpr unsigned kMostNames = 1000;  // runs of one seed in one second

UniqueFd lock_folder(const fs::path& folder) {
  UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.valid() && ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    fd.reset();
  }
  return fd;
}

void remove_abandoned(const fs::path& results) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(results, error)) {
    if (!entry.path().filename().string().starts_with(kUnfinished)) {
      continue;
    }
    const UniqueFd lock = lock_folder(entry.path());
    if (lock.valid()) {
      fs::remove_all(entry.path(), error);
    }
  }
}

}  // namespace

Result<RunFolder> RunFolder::create(const fs::path& results, const std::string& name) {
  if (Status made = make_folders(results); !made) {
    return tl::unexpected(made.error());
  }
  remove_abandoned(results);
  std::string pattern = (results / (kUnfinished + name + "-XXXXXX")).string();
  if (::mkdtemp(pattern.data()) == nullptr) {
    return file_failure("create a folder in", results, errno);
  }
  // mkdtemp makes it private; results are for everybody who may read the folder above.
  ::chmod(pattern.c_str(), 0755);
  UniqueFd lock = lock_folder(pattern);
  return RunFolder(results, name, pattern, std::move(lock));
}

RunFolder::RunFolder(RunFolder&& other) noexcept
    : results_(std::move(other.results_)),
      name_(std::move(other.name_)),
      working_(std::move(other.working_)),
      lock_(std::move(other.lock_)),
      keep_(other.keep_) {
  other.working_.clear();
}

RunFolder::~RunFolder() {
  if (working_.empty()) {
    return;
  }
  std::error_code error;
  if (keep_) {
    fs::rename(working_, results_ / (name_ + ".unfinished"), error);
  } else {
    fs::remove_all(working_, error);
  }
}

Result<fs::path> RunFolder::publish() {
  std::string name = name_;
  for (unsigned n = 2; ::renameat2(AT_FDCWD, working_.c_str(), AT_FDCWD, (results_ / name).c_str(), RENAME_NOREPLACE);
       ++n) {
    if (errno != EEXIST || n > kMostNames) {
      return file_failure("create", results_ / name, errno);
    }
    name = name_ + "-" + std::to_string(n);
  }
  working_.clear();
  const fs::path link = results_ / "latest";
  const fs::path beside = results_ / (kUnfinished + name + "-latest");
  ::unlink(beside.c_str());
  if (::symlink(name.c_str(), beside.c_str()) != 0 || ::rename(beside.c_str(), link.c_str()) != 0) {
    const int error = errno;
    ::unlink(beside.c_str());
    return file_failure("replace", link, error);
  }
  return results_ / name;
}

}  // namespace zlt::report
