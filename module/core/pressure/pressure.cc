// SPDX-License-Identifier: GPL-2.0-only
#include "module/core/pressure/pressure.h"

namespace zlt {

namespace {

constinit zlt_class pressure_class = {"zlt_pressure", {}};

constexpr uint64_t kGenerousNs = 500'000'000;  // time to use what was given back
constexpr size_t kFills = 8;
constexpr size_t kFillPages = 16;
constexpr uint64_t kBatch = 64;  // pages between two looks at stop

}  // namespace

Pressure::Pressure(Run& run, int node, zlt_zone_type zone, uint64_t limit)
    : run_(run),
      node_(node),
      zone_(zone),
      limit_(limit),
      lock_(pressure_class),
      lender_{.shrinker = {}, .oom = {}, .held = count_held, .give = lend, .argument = this} {
  zlt_pages_init(&pages_);
  const int error = zlt_lender_register(&lender_);
  registered_ = error == 0;
  if (error != 0) run.fail("cannot register a shrinker", error);
}

Pressure::~Pressure() {
  if (registered_) zlt_lender_unregister(&lender_);
  zlt_pages_give(&pages_, SIZE_MAX);
}

void Pressure::balance() {
  const uint64_t lent_at_ns = lent_at_ns_.load();
  if (!registered_ || (lent_at_ns != 0 && zlt_now_ns() - lent_at_ns < kGenerousNs)) return;
  take();
  if (held_.load() > most_held_) {
    run_.count(pressed::kPagesHeld, held_.load() - most_held_);
    most_held_ = held_.load();
  }
  fill_reserve();
}

void Pressure::take() {
  const uint64_t lent_at_ns = lent_at_ns_.load();
  while (!run_.stopping() && held_.load() < limit_) {
    zlt_pages batch;
    zlt_pages_init(&batch);
    uint64_t got = 0;
    while (got < kBatch && zlt_pages_take(&batch, node_, zone_, ZLT_PAGE_PATIENT) >= 0) ++got;
    {
      const auto guard = lock_.lock_irqsave();
      held_.add(zlt_pages_move(&pages_, &batch, got));
    }
    run_.step();
    if (got < kBatch || lent_at_ns_.load() != lent_at_ns) break;
  }
}

void Pressure::fill_reserve() {
  for (size_t i = 0; i < kFills && !run_.stopping(); ++i) {
    zlt_zone zone = {};
    if (zlt_zone_describe(node_, zone_, &zone) != 0 || zone.free >= zone.min) return;
    give(kFillPages);
    run_.step();
  }
}

size_t Pressure::give(size_t count) {
  zlt_pages gift;
  zlt_pages_init(&gift);
  {
    const auto guard = lock_.lock_irqsave();
    held_.add(0 - uint64_t{zlt_pages_move(&gift, &pages_, count)});
  }
  return zlt_pages_give(&gift, count);
}

size_t Pressure::count_held(void* self) {
  return static_cast<Pressure*>(self)->held_.load();
}

// Called in the context of whoever runs out of memory. Single pages are of no use to somebody who needs several in a
// row, so the last call before the OOM killer, which asks for SIZE_MAX, gets all of them.
size_t Pressure::lend(void* argument, size_t count) {
  auto& self = *static_cast<Pressure*>(argument);
  self.lent_at_ns_.store(zlt_now_ns());
  const size_t given = self.give(count);
  self.run_.count(pressed::kPagesGivenBack, given);
  return given;
}

}  // namespace zlt
