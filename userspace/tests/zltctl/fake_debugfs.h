// SPDX-License-Identifier: GPL-2.0-only
//
// A module in a folder of plain files, for whole programs: `run` and `stop` are pipes that a thread serves.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "userspace/base/unique_fd.h"
#include "userspace/tests/zltctl/temp_folder.h"

namespace zlt::test {

class FakeDebugfs {
 public:
  // What a run does by itself.
  enum class Ends { kWell, kUnexpectedly, kNever };

  explicit FakeDebugfs(Ends ends = Ends::kWell);
  FakeDebugfs(const FakeDebugfs&) = delete;
  FakeDebugfs& operator=(const FakeDebugfs&) = delete;
  FakeDebugfs(FakeDebugfs&&) = delete;
  FakeDebugfs& operator=(FakeDebugfs&&) = delete;
  ~FakeDebugfs();

  // Where debugfs would be mounted.
  [[nodiscard]] std::string path() const { return folder_.path().string(); }
  // Waits until something was written to `run`, and says what.
  [[nodiscard]] std::string await_run();
  [[nodiscard]] std::vector<std::string> written();

 private:
  void serve();
  void start(const std::string& line);
  void finish(bool ok, bool stopped);
  void show(const std::string& state);

  TempFolder folder_;
  Ends ends_;
  UniqueFd run_;
  UniqueFd stop_;
  UniqueFd quit_ours_;
  UniqueFd quit_theirs_;
  std::string running_;
  unsigned runs_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> written_;
  std::thread thread_;  // last: it uses all the others
};

}  // namespace zlt::test
