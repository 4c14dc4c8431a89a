// SPDX-License-Identifier: GPL-2.0-only
//
// What a case measures: counters, histograms of durations, and facts. The case declares them by name; whoever counts
// has the constant that was declared, so that counting is one addition at a place that the compiler knows.
//
// Each constant has a slot in the run's storage. Constants of one case have different slots: a group of them is a
// chain, and a group that is used together with another goes on where that one ended.
//
//   inline constexpr Counter kReads = kTurns.next("reads");
//   inline constexpr Counter kRetries = kReads.next("retries");
#pragma once

#include <stddef.h>

#include "module/core/histogram.h"

namespace zlt {

template <typename Kind>
struct Named {
  const char* name;
  size_t slot;

  static constexpr Named first(const char* name) { return Named{name, 0}; }
  [[nodiscard]] constexpr Named next(const char* next_name) const { return Named{next_name, slot + 1}; }
};

using Counter = Named<struct CounterKind>;  // is added to
using Timing = Named<struct TimingKind>;    // a histogram of durations
using Fact = Named<struct FactKind>;        // is stated: the last statement stays

// Every run counts its turns; a case need not declare that.
inline constexpr Counter kTurns = Counter::first("turns");

// Somebody else's constants, in static storage.
template <typename T>
class Names {
 public:
  constexpr Names() = default;
  template <size_t N>
  constexpr Names(const T (&names)[N]) : names_(names), count_(N) {}

  [[nodiscard]] constexpr const T* begin() const { return names_; }
  [[nodiscard]] constexpr const T* end() const { return names_ + count_; }

 private:
  const T* names_ = nullptr;
  size_t count_ = 0;
};

struct Measures {
  Names<Counter> counters;
  Names<Timing> timings;
  Names<Fact> facts;
};

// A group and some more: `constexpr auto kCounters = joined(kReadingCounters, kConsoleWrites);`, then kCounters.names.
template <typename T, size_t N>
struct Joined {
  T names[N];
};
template <typename T, size_t N, typename... More>
constexpr Joined<T, N + sizeof...(More)> joined(const T (&group)[N], const More&... more) {
  Joined<T, N + sizeof...(More)> all = {};
  for (size_t i = 0; i < N; ++i) all.names[i] = group[i];
  size_t at = N;
  ((all.names[at++] = more), ...);
  return all;
}

// The numbers of one run.
class Measured {
 public:
  static constexpr size_t kCounters = 24;
  static constexpr size_t kTimings = 4;
  static constexpr size_t kFacts = 8;

  // Any context.
  void add(Counter counter, uint64_t count) { counters_[counter.slot].add(count); }
  void add(Timing timing, uint64_t ns) { timings_[timing.slot].add(ns); }
  void set(Fact fact, uint64_t value) { facts_[fact.slot].store(value); }

  [[nodiscard]] uint64_t get(Counter counter) const { return counters_[counter.slot].load(); }
  [[nodiscard]] const Histogram& get(Timing timing) const { return timings_[timing.slot]; }
  [[nodiscard]] uint64_t get(Fact fact) const { return facts_[fact.slot].load(); }
  void reset() {
    for (auto& counter : counters_) counter.store(0);
    for (auto& timing : timings_) timing.reset();
    for (auto& fact : facts_) fact.store(0);
  }

 private:
  Atomic<uint64_t> counters_[kCounters] = {};
  Histogram timings_[kTimings];
  Atomic<uint64_t> facts_[kFacts] = {};
};

// Not constexpr, and defined nowhere: a declaration that comes here does not compile.
void measures_share_a_slot_or_a_name_or_have_no_slot();

constexpr bool same_text(const char* a, const char* b) {
  while (*a != '\0' && *a == *b) ++a, ++b;
  return *a == *b;
}

template <typename T>
consteval void check_names(Names<T> names, size_t slots, size_t first) {
  for (const T* one = names.begin(); one != names.end(); ++one) {
    if (one->slot < first || one->slot >= slots) measures_share_a_slot_or_a_name_or_have_no_slot();
    for (const T* other = names.begin(); other != one; ++other) {
      if (other->slot == one->slot || same_text(other->name, one->name))
        measures_share_a_slot_or_a_name_or_have_no_slot();
    }
  }
}

// The declaration of a case. kTurns is not in `counters`: its slot is taken.
consteval Measures measures(Names<Counter> counters, Names<Timing> timings = {}, Names<Fact> facts = {}) {
  check_names(counters, Measured::kCounters, kTurns.slot + 1);
  check_names(timings, Measured::kTimings, 0);
  check_names(facts, Measured::kFacts, 0);
  return Measures{counters, timings, facts};
}

}  // namespace zlt
