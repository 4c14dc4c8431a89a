// SPDX-License-Identifier: GPL-2.0-only
//
// A seed decides the schedule of a run: for each turn, the pause before it, and how deep into the writer's section
// the reader is due. The same seed and parameters give the same schedule on every kernel and on the host.
#pragma once

#include <stdint.h>

namespace zlt {

// splitmix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
class Random {
 public:
  constexpr explicit Random(uint64_t seed) : state_(seed) {}

  constexpr uint64_t next() {
    state_ += 0x9e3779b97f4a7c15;
    uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  // Uniform in [0, bound], for bounds far below 2^64.
  constexpr uint64_t up_to(uint64_t bound) { return next() % (bound + 1); }

 private:
  uint64_t state_;
};

struct Turn {
  uint64_t number;    // from 0
  uint64_t pause_us;  // 0 to period_us
  uint64_t lead_ns;   // from the start of the section to the reader: 0 to hold_us
};

class Schedule {
 public:
  constexpr Schedule(uint64_t seed, uint64_t loops, uint64_t period_us, uint64_t hold_us)
      : random_(seed), loops_(loops), period_us_(period_us), hold_us_(hold_us) {}

  [[nodiscard]] constexpr bool done() const { return number_ == loops_; }
  constexpr Turn next() {
    const uint64_t pause_us = random_.up_to(period_us_);
    const uint64_t lead_ns = random_.up_to(hold_us_ * 1000);
    return Turn{number_++, pause_us, lead_ns};
  }

  // FNV-1a over every turn that is left: two runs with the same digest do the same.
  [[nodiscard]] constexpr uint64_t digest() const {
    Schedule rest = *this;
    uint64_t hash = 0xcbf29ce484222325;
    while (!rest.done()) {
      const Turn turn = rest.next();
      hash = (hash ^ turn.pause_us) * 0x100000001b3;
      hash = (hash ^ turn.lead_ns) * 0x100000001b3;
    }
    return hash;
  }

 private:
  Random random_;
  uint64_t loops_;
  uint64_t period_us_;
  uint64_t hold_us_;
  uint64_t number_ = 0;
};

}  // namespace zlt
