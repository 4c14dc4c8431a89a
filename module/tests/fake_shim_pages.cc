// SPDX-License-Identifier: GPL-2.0-only
#include "module/tests/fake_shim_pages.h"

#include <algorithm>
#include <cerrno>

#include "module/tests/fake_shim.h"
#include "module/tests/fake_shim_context.h"
#include "module/tests/fake_shim_probe.h"

namespace zlt::fake {

size_t Pages::reclaim(size_t count) {
  std::set<zlt_lender*> lenders;
  {
    const std::lock_guard guard(mutex_);
    lenders = lenders_;
  }
  size_t given = 0;
  for (zlt_lender* lender : lenders)
    given += lender->give(lender->argument, std::min(count, lender->held(lender->argument)));
  return given;
}

void Pages::memory_moves(bool moving) {
  const std::lock_guard guard(mutex_);
  for (zlt_memory_notifier* watch : watches_) watch->function(watch->argument, moving);
}

uint64_t Pages::taken() const {
  const std::lock_guard guard(mutex_);
  return taken_;
}

size_t Pages::registered() const {
  const std::lock_guard guard(mutex_);
  return lenders_.size() + watches_.size();
}

int Pages::take(zlt_page_mode mode) {
  FakeKernel& kernel = FakeKernel::current();
  if (kernel.config().rt && context().hardirq) kernel.violation("RT: a page is taken in hard interrupt context");
  const uint64_t least = mode == ZLT_PAGE_PATIENT ? kMin : kAtomicMin;
  bool slow = false;
  bool got = false;
  {
    const std::lock_guard guard(mutex_);
    slow = kManaged - taken_ <= kLow;
    got = kManaged - taken_ > least;
    if (got) ++taken_;
  }
  unsigned long slow_path = 0;
  if (slow && kernel.probes().address_of("__alloc_pages_slowpath", slow_path) == 0) {
    kernel.probes().hit(slow_path, zlt_hit{});
  }
  return got ? origin_ : -ENOMEM;
}

void Pages::give(size_t count) {
  const std::lock_guard guard(mutex_);
  taken_ -= count;
}

zlt_zone Pages::describe() const {
  const std::lock_guard guard(mutex_);
  return {.managed = kManaged, .free = kManaged - taken_, .min = kMin};
}

void Pages::add(zlt_lender* lender) {
  const std::lock_guard guard(mutex_);
  lenders_.insert(lender);
}

void Pages::remove(zlt_lender* lender) {
  const std::lock_guard guard(mutex_);
  lenders_.erase(lender);
}

void Pages::add(zlt_memory_notifier* watch) {
  const std::lock_guard guard(mutex_);
  watches_.insert(watch);
}

void Pages::remove(zlt_memory_notifier* watch) {
  const std::lock_guard guard(mutex_);
  watches_.erase(watch);
}

}  // namespace zlt::fake

using zlt::FakeKernel;

extern "C" {

int zlt_zone_describe(int node, zlt_zone_type type, zlt_zone* zone) {
  *zone = zlt_zone{};
  if (node != 0) return -ENODEV;
  if (type == ZLT_ZONE_DMA32) *zone = FakeKernel::current().pages().describe();
  return 0;
}

// A list is the number of its pages.
void zlt_pages_init(zlt_pages* pages) {
  pages->opaque[0] = 0;
}

int zlt_pages_take(zlt_pages* pages, int, zlt_zone_type, zlt_page_mode mode) {
  const int node = FakeKernel::current().pages().take(mode);
  if (node >= 0) ++pages->opaque[0];
  return node;
}

size_t zlt_pages_move(zlt_pages* to, zlt_pages* from, size_t count) {
  const size_t moved = std::min<size_t>(count, from->opaque[0]);
  from->opaque[0] -= moved;
  to->opaque[0] += moved;
  return moved;
}

size_t zlt_pages_give(zlt_pages* pages, size_t count) {
  const size_t given = std::min<size_t>(count, pages->opaque[0]);
  pages->opaque[0] -= given;
  FakeKernel::current().pages().give(given);
  return given;
}

int zlt_lender_register(zlt_lender* lender) {
  FakeKernel::current().pages().add(lender);
  return 0;
}

void zlt_lender_unregister(zlt_lender* lender) {
  FakeKernel::current().pages().remove(lender);
}

int zlt_memory_notifier_register(zlt_memory_notifier* watch) {
  FakeKernel::current().pages().add(watch);
  return 0;
}

void zlt_memory_notifier_unregister(zlt_memory_notifier* watch) {
  FakeKernel::current().pages().remove(watch);
}

uint64_t zlt_context() {
  const auto& context = zlt::fake::context();
  return reinterpret_cast<uint64_t>(&context) | (context.hardirq ? 2U : 0U) | (context.softirq ? 1U : 0U);
}
}
