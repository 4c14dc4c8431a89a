// SPDX-License-Identifier: GPL-2.0-only
//
// Kernel log in, reports out. No I/O; knows nothing of where the bytes come from.
//
// Bytes are fed in pieces of any size. A record is handed to the sink as soon as its report is complete, in the order
// of the reports' beginnings; finish() hands out what is still open. Memory is bounded whatever the log: lines are cut
// at kMaxLine, a report keeps kMaxReportText bytes and kMaxReportLines lines, and at most kMaxOpen reports are open, or
// wait for a repetition of theirs, at a time.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "userspace/splat/record.h"

namespace zlt::splat {

inline constexpr size_t kMaxLine = 8192;
inline constexpr size_t kMaxReportText = size_t{256} * 1024;
inline constexpr size_t kMaxReportLines = 4096;
inline constexpr size_t kMaxOpen = 24;

class Scanner {
 public:
  using Sink = std::function<void(Record&&)>;

  explicit Scanner(Sink sink);
  ~Scanner();
  Scanner(const Scanner&) = delete;
  Scanner& operator=(const Scanner&) = delete;

  void feed(std::string_view piece);
  // End of input: hands out what is open. The scanner is then as new, except that offsets and line numbers go on.
  void finish();
  // No more bytes are expected for a while, as when following a file: hands out the reports to which nothing is
  // missing.
  void settle();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// The reports of a whole log, notes left out.
[[nodiscard]] std::vector<Record> scan(std::string_view log);

}  // namespace zlt::splat
