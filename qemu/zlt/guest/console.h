// SPDX-License-Identifier: GPL-2.0-only
//
// A guest's ttyS0: kept on disk within bounds, read for reports whole, and counted, since growth is a sign of life.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "qemu/zlt/guest/splat_scanner.h"
#include "qemu/zlt/io/bounded_log.h"
#include "qemu/zlt/io/pump.h"
#include "userspace/base/line_splitter.h"
#include "userspace/base/unique_fd.h"

namespace zlt::run {

class Console {
 public:
  Console(UniqueFd fd, Pump& pump, BoundedLog log);
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;
  Console(Console&&) = delete;
  Console& operator=(Console&&) = delete;
  ~Console();

  [[nodiscard]] std::uint64_t bytes() const { return log_.bytes(); }
  // Whether `text` (one line at most) has been printed since expect() was called with it.
  void expect(std::string text);
  [[nodiscard]] bool seen() const { return seen_; }
  // Called with every line from now on, without its end.
  void on_line(std::function<void(std::string_view)> on_line);
  [[nodiscard]] SplatScanner& splats() { return splats_; }
  // From the line that has `mark` on, what comes is provoked by forensics: logged, but no finding. What the guest said
  // before and the console only gets out now, still is one.
  void judge_until(std::string mark) { mark_ = std::move(mark); }
  [[nodiscard]] Status close() { return log_.close(); }

 private:
  void on_data(std::string_view data);
  void tell_lines(std::string_view data);
  void judge(std::string_view data);

  UniqueFd fd_;
  Pump* pump_;
  BoundedLog log_;
  SplatScanner splats_{"console.log"};
  std::string mark_;     // empty: everything is judged
  std::string partial_;  // with a mark: the line that has not ended yet
  bool judging_ = true;
  std::string expected_;
  std::string window_;  // the end of what was read, for a match across pieces
  bool seen_ = false;
  LineSplitter lines_;
  std::function<void(std::string_view)> on_line_;
};

}  // namespace zlt::run
