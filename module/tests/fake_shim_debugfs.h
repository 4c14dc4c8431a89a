// SPDX-License-Identifier: GPL-2.0-only
//
// The debugfs folder of the fake kernel. A test reads and writes its files as a process does.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "module/shim/zlt_shim.h"

struct zlt_out {
  std::string text;
};

namespace zlt::fake {

class Debugfs {
 public:
  void create(const char* directory, const zlt_file* files, size_t count);
  // Waits for readers and writers that are inside.
  void remove();

  [[nodiscard]] std::optional<std::string> read(const std::string& name);
  [[nodiscard]] int write(const std::string& name, const std::string& text);
  [[nodiscard]] bool present() const;

 private:
  class Visit;

  mutable std::mutex mutex_;
  std::condition_variable left_;
  int inside_ = 0;
  std::string directory_;
  std::vector<zlt_file> files_;
};

}  // namespace zlt::fake
