// SPDX-License-Identifier: GPL-2.0-only
//
// What the runner needs of a kernel log reader: bytes in, reports out. The only place that knows who does the reading.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "userspace/report/model.h"

namespace zlt::run {

class SplatScanner {
 public:
  // `log`: which file the bytes are from.
  explicit SplatScanner(std::string log);
  SplatScanner(const SplatScanner&) = delete;
  SplatScanner& operator=(const SplatScanner&) = delete;
  ~SplatScanner();

  // Pieces of any size.
  void feed(std::string_view data);
  // A report that is still open ends here. What is fed later begins anew.
  void finish();
  // The reports so far, in order.
  [[nodiscard]] const std::vector<report::Splat>& splats() const;
  // The kernel said that it panicked.
  [[nodiscard]] bool panicked() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace zlt::run
