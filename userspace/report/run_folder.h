// SPDX-License-Identifier: GPL-2.0-only
//
// The folder of one run. It grows under a hidden name and gets its own only when it is complete, so that earlier
// results, and `latest`, stay what they were when a run fails or is killed.
#pragma once

#include <filesystem>
#include <string>

#include "userspace/base/result.h"
#include "userspace/base/unique_fd.h"

namespace zlt::report {

class RunFolder {
 public:
  // Creates `results` where needed and an unfinished folder in it. Unfinished folders that a killed run left behind
  // are removed; one that a running zlt still holds is not.
  [[nodiscard]] static Result<RunFolder> create(const std::filesystem::path& results, const std::string& name);

  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;
  RunFolder(RunFolder&& other) noexcept;
  RunFolder& operator=(RunFolder&& other) = delete;
  // Removes what was not published, unless keep() was called.
  ~RunFolder();

  // Where to write now.
  [[nodiscard]] const std::filesystem::path& path() const { return working_; }
  // A failed run leaves its folder for a person to look at, as NAME.unfinished.
  void keep() { keep_ = true; }
  // Gives the folder its name and points `latest` at it. Returns the final path.
  [[nodiscard]] Result<std::filesystem::path> publish();

 private:
  RunFolder(std::filesystem::path results, std::string name, std::filesystem::path working, UniqueFd lock)
      : results_(std::move(results)), name_(std::move(name)), working_(std::move(working)), lock_(std::move(lock)) {}

  std::filesystem::path results_;
  std::string name_;
  std::filesystem::path working_;  // empty once moved from or published
  UniqueFd lock_;                  // held on the working folder while this object lives
  bool keep_ = false;
};

}  // namespace zlt::report
