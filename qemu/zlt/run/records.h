// SPDX-License-Identifier: GPL-2.0-only
//
// The records of a run so far. Threads add them in any order; they leave in the order of the cases as listed and of the
// flavours as asked for. All may be called from any thread.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "qemu/zlt/kernel/flavour.h"
#include "qemu/zlt/run/board.h"
#include "userspace/report/model.h"

namespace zlt::run {

// The repeats of one case on one flavour that are done.
struct Repeats {
  report::CaseRecord shown;  // the latest while all are as expected, else the first that is not
  unsigned done = 0;
  unsigned good = 0;  // as expected
};

// What the board shows of them. `repeat`: how many there will be.
struct Cell {
  std::string text;
  Tone tone = Tone::kPlain;
};
[[nodiscard]] Cell cell_of(const Repeats& repeats, unsigned repeat);

class Records {
 public:
  // A row of the table, once: cases have the order in which they are first named here.
  void list(const std::string& case_name);
  // The repeats of its case on its flavour, this one included.
  [[nodiscard]] Repeats add(report::CaseRecord record);
  [[nodiscard]] bool empty() const;
  // The repeat that was unexpected in the same way and confirmed before, "#2"; empty: none was.
  [[nodiscard]] std::string confirmed_before(const report::CaseRecord& record) const;
  // Cases that other flavours have a record of, and this one has not.
  [[nodiscard]] std::vector<std::string> cases_without(const std::string& flavour) const;
  // All, and none is left.
  [[nodiscard]] std::vector<report::CaseRecord> take_sorted(const std::vector<Flavour>& flavours);

 private:
  mutable std::mutex mutex_;
  std::vector<report::CaseRecord> records_;
  std::vector<std::string> order_;
};

}  // namespace zlt::run
