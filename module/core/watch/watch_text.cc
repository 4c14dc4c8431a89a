// SPDX-License-Identifier: GPL-2.0-only
//
// Writes debugfs `watch`: key=value lines, as docs/formats.md describes them.
#include "module/abi/debugfs.h"
#include "module/core/watch/watch.h"

namespace zlt {

namespace {

using ull = unsigned long long;

constexpr unsigned int kTotalsTries = 1'000'000;

const char* name_of(Watch::State state) {
  switch (state) {
    case Watch::State::kOn:
      return abi::kWatchOn;
    case Watch::State::kUnsupported:
      return abi::kWatchUnsupported;
    case Watch::State::kOff:
      break;
  }
  return abi::kWatchOff;
}

struct RoleName {
  Role role;
  const char* name;
};
constexpr RoleName kRoleNames[] = {
    {kDeferred, "deferred"}, {kLocking, "locking"}, {kOddFrom, "odd-from"}, {kOddTo, "odd-to"}};

// A task's name as one word: a blank in it would look like the next word of the line.
struct Word {
  explicit Word(const char (&comm)[16]) {
    for (size_t i = 0; i + 1 < sizeof(text) && comm[i] != '\0'; ++i)
      text[i] = comm[i] > ' ' && comm[i] <= '~' ? comm[i] : '_';
  }
  char text[16] = {};
};

// `zero_ns` is CLOCK_MONOTONIC at the time when zlt_clock_ns() was 0.
void show_rebuild(zlt_out* out, uint64_t number, const Rebuild& rebuild, uint64_t zero_ns) {
  const uint64_t odd_ns = rebuild.odd_to_ns - rebuild.odd_from_ns;
  const uint64_t at_ns = zero_ns + rebuild.odd_from_ns;
  zlt_out_printf(out, "%s%llu=at_ns=%llu cpu=%u pid=%d comm=%s zonelists=%u", abi::kRebuildPrefix,
                 static_cast<ull>(number), static_cast<ull>(at_ns), rebuild.cpu, rebuild.pid, Word(rebuild.comm).text,
                 rebuild.zonelists);
  zlt_out_printf(out, " irqs=%s deferral=%s odd_ns=%llu ordering=%s\n", rebuild.seen.irqs_off ? "off" : "on",
                 name_of(rebuild.seen.deferral), static_cast<ull>(odd_ns), abi::name_of(rebuild.ordering));
}

}  // namespace

Watch::Totals Watch::read_totals() const {
  Totals totals = {};
  totals.rebuilds = rebuilds_.load();
  totals.incomplete = incomplete_.load();
  for (size_t i = 0; i < abi::kOrderings; ++i) totals.by_ordering[i] = by_ordering_[i].load();
  totals.odd_ns = odd_ns_.load();
  totals.odd_ns_min = odd_ns_min_.load();
  totals.odd_ns_max = odd_ns_max_.load();
  return totals;
}

// All numbers of one moment: when a rebuild ended while they were read, they are read again. It is counted with
// preemption off, so that takes no time; the limit is for a CPU that hangs there.
Watch::Totals Watch::totals() const {
  for (unsigned int tries = 0;; ++tries) {
    const Totals totals = read_totals();
    if (finishing_.load() == totals.rebuilds || tries == kTotalsTries) return totals;
    zlt_relax();
  }
}

Ordering Watch::ordering(const Totals& totals) const {
  for (size_t i = 0; i < abi::kOrderings; ++i) {
    if (totals.rebuilds > 0 && totals.by_ordering[i] == totals.rebuilds) return static_cast<Ordering>(i);
  }
  return Ordering::kUnknown;
}

void Watch::show_code(zlt_out* out) {
  zlt_out_printf(out, "lock=%.*s\ndeferral=%.*s\nbounds=%s\n", map_.lock_name().size(), map_.lock_name().data(),
                 map_.deferral_name().size(), map_.deferral_name().data(),
                 map_.increments_found() ? "increments" : "lock-and-unlock");
  zlt_out_printf(out, "probes=");
  for (size_t i = 0; i < map_.count(); ++i) {
    const char* separator = i > 0 ? " " : "";
    for (const RoleName& role : kRoleNames) {
      if ((map_[i].roles & role.role) == 0) continue;
      zlt_out_printf(out, "%s%s", separator, role.name);
      separator = ",";
    }
    zlt_out_printf(out, "@0x%x", map_[i].offset);
  }
  zlt_out_printf(out, "\n");
}

// Shows those before `end`, which are the ones that the totals count.
void Watch::show_rebuilds(zlt_out* out, uint64_t end) const {
  const uint64_t zero_ns = zlt_now_ns() - zlt_clock_ns();
  for (uint64_t number = end > kKept ? end - kKept : 0; number < end; ++number) {
    const Rebuild rebuild = kept_[number % (kKept + 1)].load();
    // The writer may have come round meanwhile and written over it.
    if (rebuilds_.load() - number <= kKept) show_rebuild(out, number + 1, rebuild, zero_ns);
  }
}

void Watch::show(zlt_out* out) {
  const auto guard = mutex_.lock();
  const Totals seen = totals();

  zlt_out_printf(out, "abi=%u\nstate=%s\nreason=%s\n", abi::kVersion, name_of(state_), reason_.c_str());
  show_code(out);
  zlt_out_printf(out, "ordering=%s\nrebuilds=%llu\nincomplete=%llu\nmissed_hits=%llu\n", abi::name_of(ordering(seen)),
                 static_cast<ull>(seen.rebuilds), static_cast<ull>(seen.incomplete),
                 static_cast<ull>(probes_.missed()));
  for (size_t i = 0; i < abi::kOrderings; ++i) {
    zlt_out_printf(out, "%s%s=%llu\n", abi::kRebuildsPrefix, abi::kOrderingNames[i],
                   static_cast<ull>(seen.by_ordering[i]));
  }
  zlt_out_printf(out, "odd_ns.min=%llu\nodd_ns.max=%llu\nodd_ns.total=%llu\n", static_cast<ull>(seen.odd_ns_min),
                 static_cast<ull>(seen.odd_ns_max), static_cast<ull>(seen.odd_ns));
  show_rebuilds(out, seen.rebuilds);
}

}  // namespace zlt
