// SPDX-License-Identifier: GPL-2.0-only
//
// A kernel that says one thing over and over said one thing. Records that repeat the one in front of them, inside it or
// right behind it, become one with a count; all others pass, in the order of their beginnings.
#pragma once

#include <cstdint>
#include <deque>

#include "userspace/splat/line.h"
#include "userspace/splat/scanner.h"

namespace zlt::splat {

inline constexpr size_t kMostHeld = 8;  // kinds of reports that a flood may consist of

class Floods {
 public:
  explicit Floods(Scanner::Sink sink) : sink_(std::move(sink)) {}

  // `follows`: the kernel printed nothing else between the report in front and this one.
  void take(Record&& record, Source source, bool follows);
  // No record that is yet to come begins in front of `line`.
  void pass(uint64_t line);
  void flush();

 private:
  struct Held {
    Record record;
    Source source;
  };
  void hand_out();

  Scanner::Sink sink_;
  std::deque<Held> held_;
};

}  // namespace zlt::splat
