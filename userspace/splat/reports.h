// SPDX-License-Identifier: GPL-2.0-only
//
// All reports that are open, and which of them a line belongs to.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "userspace/splat/blame.h"
#include "userspace/splat/flood.h"
#include "userspace/splat/report.h"
#include "userspace/splat/scanner.h"

namespace zlt::splat {

class Reports {
 public:
  explicit Reports(Scanner::Sink sink);

  // No report is open: lines without an anchor need not be shown.
  [[nodiscard]] bool idle() const { return open_.empty(); }
  // `anchored`: the line may begin a report.
  void line(const Line& line, bool anchored);
  void reboot(const Line& last, const Line& banner);
  void finish();
  void settle();
  // The log was read up to `line`.
  void pass(uint64_t line);

 private:
  using Owned = std::unique_ptr<Report>;

  [[nodiscard]] Report* top(Source source);
  void trigger(const Kind& kind, const Line& line, size_t at);
  void adopt(const Line& line);
  void announce(const Line& line);
  // How a report stands to the one in front.
  struct Behind {
    bool inside;
    bool mixed;
    bool follows;
  };
  void open(const Kind* kind, const Line& line, size_t at, Behind behind);
  void route(const Line& line);
  void mark_mixed(Source source);
  void expire(uint64_t now);
  void close(Report& report);
  void hand_out();

  Floods floods_;
  Blamer blamer_;
  std::vector<Owned> open_;  // in the order of their beginnings
  uint64_t order_ = 0;
  uint64_t last_begin_ = 0;  // of the report that was opened last
  uint64_t last_first_line_ = 1;
  uint64_t last_routed_ = 0;  // log line that last went into a report
  Source last_source_;
  uint64_t last_expired_ = 0;
};

}  // namespace zlt::splat
