// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/report/run_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "userspace/base/files.h"
#include "userspace/base/own_folder.h"

namespace zlt::report {
namespace fs = std::filesystem;
namespace {

constexpr const char* kUnfinished = ".unfinished-";
constexpr unsigned kMostNames = 1000;  // runs of one seed in one second

}  // namespace

Result<RunFolder> RunFolder::create(const fs::path& results, const std::string& name) {
  if (Status made = make_folders(results); !made) {
    return tl::unexpected(made.error());
  }
  remove_abandoned(results, [](const std::string& each) { return each.starts_with(kUnfinished); });
  Result<OwnFolder> folder = make_own_folder(results, kUnfinished + name + "-");
  if (!folder) {
    return tl::unexpected(folder.error());
  }
  ::chmod(folder->path.c_str(), 0755);  // results are for everybody who may read the folder above
  return RunFolder(results, name, std::move(folder->path), std::move(folder->hold));
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
