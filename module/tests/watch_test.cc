// SPDX-License-Identifier: GPL-2.0-only
//
// `watch` over the code of real kernels, with rebuilds made of probe hits: what it names, counts and shows, and what
// it says where it cannot watch.
#include <gmock/gmock.h>

#include <atomic>
#include <cerrno>
#include <thread>

#include "module/core/watch/ordering.h"
#include "module/tests/fake_shim_context.h"
#include "module/tests/fake_shim_probe.h"
#include "module/tests/module_host.h"
#include "module/tests/writer_samples.h"

namespace zlt::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr uint64_t kSize = 0xe0;

class WatchTest : public testing::Test {
 protected:
  WatchTest() { zlt_seqlock_init(&seqlock_, &class_); }

  // The kernel that `sample` comes from.
  void boot(const WriterSample& sample) {
    sample_ = sample;
    sample_.code.resize(kSize, 0xcc);
    auto& probes = kernel().probes();
    probes.add({"__build_all_zonelists", sample.address, kSize});
    probes.add({"zonelist_update_seq", sample.sequence, 0x40});
    for (const auto& callee : sample.callees) probes.add(callee);
    probes.set_code(sample.address, sample_.code);
    probes.set_seqlock({&seqlock_, sample.lock, sample.sequence});
  }
  FakeKernel& kernel() { return module_.kernel(); }
  bool hit(uint32_t offset, bool irqs_off) {
    return kernel().probes().hit(sample_.address + offset, {&task_, sample_.lock, irqs_off, false});
  }
  // One rebuild as stock 6.1 does it.
  void rebuild_61() {
    hit(0x1e, true);
    hit(0x2a, true);
    zlt_write_seqlock(&seqlock_);
    hit(0xad, true);
    zlt_write_sequnlock(&seqlock_);
  }
  // … and stock 6.12.
  void rebuild_612() {
    hit(0xa, false);
    zlt_write_seqlock(&seqlock_);
    hit(0x25, true);
    hit(0x9f, true);
    zlt_write_sequnlock(&seqlock_);
  }
  int on() { return module_.write("watch", "on\n"); }
  int off() { return module_.write("watch", "off\n"); }
  Pairs shown() { return parse_pairs(module_.read("watch")); }

  Module module_;
  WriterSample sample_ = {};
  zlt_class class_ = {"test_seq", {}};
  zlt_seqlock seqlock_ = {};
  int task_ = 0;
};

TEST_F(WatchTest, IsOffAtFirst) {
  const Pairs shown = WatchTest::shown();
  EXPECT_EQ(shown.at("state"), "off");
  EXPECT_EQ(shown.at("ordering"), "unknown");
  EXPECT_EQ(shown.at("rebuilds"), "0");
}

TEST_F(WatchTest, FindsIrqOffOutside) {
  boot(stock_6_1);
  ASSERT_EQ(on(), 0);
  rebuild_61();
  rebuild_61();
  const Pairs shown = WatchTest::shown();
  EXPECT_EQ(shown.at("state"), "on");
  EXPECT_EQ(shown.at("lock"), "_raw_spin_lock");
  EXPECT_EQ(shown.at("probes"), "deferred,locking@0x1e odd-from@0x2a odd-to@0xad");
  EXPECT_EQ(shown.at("bounds"), "increments");
  EXPECT_EQ(shown.at("ordering"), "irq-off-outside");
  EXPECT_EQ(shown.at("rebuilds"), "2");
  EXPECT_EQ(shown.at("rebuilds.irq-off-outside"), "2");
  EXPECT_EQ(shown.at("incomplete"), "0");
  EXPECT_THAT(shown.at("rebuild.1"), StartsWith("at_ns="));
  EXPECT_THAT(shown.at("rebuild.2"), HasSubstr("pid=42 comm=kworker/0:1_x zonelists=2 irqs=off deferral=even odd_ns="));
}

TEST_F(WatchTest, FindsIrqsaveThenDeferred) {
  boot(stock_6_12);
  ASSERT_EQ(on(), 0);
  rebuild_612();
  const Pairs shown = WatchTest::shown();
  EXPECT_EQ(shown.at("ordering"), "irqsave-then-deferred");
  EXPECT_THAT(shown.at("rebuild.1"), HasSubstr("irqs=on deferral=odd"));
}

TEST_F(WatchTest, RebuildsThatDifferHaveNoName) {
  boot(stock_6_12);
  ASSERT_EQ(on(), 0);
  rebuild_612();
  hit(0xa, true);
  zlt_write_seqlock(&seqlock_);
  hit(0x25, true);
  hit(0x9f, true);
  zlt_write_sequnlock(&seqlock_);
  const Pairs shown = WatchTest::shown();
  EXPECT_EQ(shown.at("ordering"), "unknown");
  EXPECT_EQ(shown.at("rebuilds.irq-off-outside"), "1");
  EXPECT_EQ(shown.at("rebuilds.irqsave-then-deferred"), "1");
}

// `on` in the middle of one, and a probe that another one swallowed.
TEST_F(WatchTest, CountsWhatItSawInPartApart) {
  boot(stock_6_12);
  ASSERT_EQ(on(), 0);
  hit(0x25, true);
  hit(0x9f, true);
  hit(0xa, false);
  hit(0x9f, true);
  hit(0xa, false);
  rebuild_612();
  kernel().probes().set_missed(1);
  const Pairs shown = WatchTest::shown();
  EXPECT_EQ(shown.at("rebuilds"), "1");
  EXPECT_EQ(shown.at("incomplete"), "2");
  EXPECT_EQ(shown.at("missed_hits"), std::to_string(kernel().probes().planted()));
}

// Whoever reads while a rebuild ends sees all of it or nothing.
TEST_F(WatchTest, IsWholeWhileRebuildsGoOn) {
  boot(stock_6_1);
  ASSERT_EQ(on(), 0);
  rebuild_61();
  std::atomic<bool> quit{false};
  std::thread kernel([&] {
    const fake::OnCpu on(1);
    while (!quit) rebuild_61();
  });
  for (int i = 0; i < 3000; ++i) {
    const Pairs shown = WatchTest::shown();
    const uint64_t rebuilds = std::stoull(shown.at("rebuilds"));
    ASSERT_EQ(shown.at("ordering"), "irq-off-outside");
    ASSERT_EQ(shown.at("rebuilds.irq-off-outside"), std::to_string(rebuilds));
    for (const auto& [key, value] : shown) {
      if (!key.starts_with("rebuild.")) continue;
      ASSERT_LE(std::stoull(key.substr(8)), rebuilds) << "not counted yet";
    }
  }
  quit = true;
  kernel.join();
}

TEST_F(WatchTest, KeepsTheLastOnes) {
  boot(stock_6_1);
  ASSERT_EQ(on(), 0);
  for (int i = 0; i < 200; ++i) rebuild_61();
  const Pairs shown = WatchTest::shown();
  EXPECT_EQ(shown.at("rebuilds"), "200");
  EXPECT_FALSE(shown.contains("rebuild.136"));
  EXPECT_TRUE(shown.contains("rebuild.137"));
  EXPECT_TRUE(shown.contains("rebuild.200"));
}

TEST_F(WatchTest, OffLeavesNoProbeAndWhatWasSeen) {
  boot(stock_6_1);
  ASSERT_EQ(on(), 0);
  EXPECT_EQ(kernel().probes().planted(), 3U);
  rebuild_61();
  EXPECT_EQ(off(), 0);
  EXPECT_EQ(kernel().probes().planted(), 0U);
  EXPECT_EQ(shown().at("state"), "off");
  EXPECT_EQ(shown().at("rebuilds"), "1");
  ASSERT_EQ(on(), 0);
  EXPECT_EQ(shown().at("rebuilds"), "0");
}

TEST_F(WatchTest, OnTwiceIsOnOnce) {
  boot(stock_6_1);
  ASSERT_EQ(on(), 0);
  rebuild_61();
  ASSERT_EQ(on(), 0);
  EXPECT_EQ(kernel().probes().planted(), 3U);
  EXPECT_EQ(shown().at("rebuilds"), "1");
}

TEST_F(WatchTest, RefusesOtherWords) {
  EXPECT_EQ(module_.write("watch", "maybe"), -EINVAL);
  EXPECT_TRUE(kernel().logged("watch: 'maybe' is neither on nor off"));
  EXPECT_EQ(module_.write("watch", ""), -EINVAL);
}

// ---- where it cannot watch ----

TEST_F(WatchTest, UnsupportedWithoutTheFunction) {
  EXPECT_EQ(on(), -EOPNOTSUPP);
  EXPECT_EQ(shown().at("state"), "unsupported");
  EXPECT_THAT(shown().at("reason"), HasSubstr("no function __build_all_zonelists"));
}

TEST_F(WatchTest, UnsupportedWithoutTheSeqlock) {
  kernel().probes().add({"__build_all_zonelists", stock_6_1.address, kSize});
  kernel().probes().set_code(stock_6_1.address, std::vector<uint8_t>(kSize));
  EXPECT_EQ(on(), -EOPNOTSUPP);
  EXPECT_THAT(shown().at("reason"), HasSubstr("no symbol zonelist_update_seq"));
}

TEST_F(WatchTest, UnsupportedWithoutAKnownLock) {
  WriterSample sample = stock_6_1;
  sample.callees.clear();
  boot(sample);
  EXPECT_EQ(on(), -EOPNOTSUPP);
  EXPECT_THAT(shown().at("reason"), HasSubstr("takes and drops no lock known here"));
}

TEST_F(WatchTest, UnsupportedWhereProbesDoNotFire) {
  boot(stock_6_1);
  kernel().probes().disarm();
  EXPECT_EQ(on(), -EOPNOTSUPP);
  EXPECT_THAT(shown().at("reason"), HasSubstr("kprobes do not fire"));
}

TEST_F(WatchTest, OneProbeRefusedLeavesNone) {
  boot(stock_6_1);
  kernel().probes().refuse(stock_6_1.address + 0xad, -EILSEQ);
  EXPECT_EQ(on(), -EILSEQ);
  EXPECT_EQ(kernel().probes().planted(), 0U);
  EXPECT_EQ(shown().at("state"), "unsupported");
  EXPECT_THAT(shown().at("reason"), HasSubstr("cannot probe __build_all_zonelists+0xad/0xe0"));
  EXPECT_EQ(off(), 0);
}

TEST(Watch, UnloadTurnsItOff) {
  Module module;
  auto& probes = module.kernel().probes();
  zlt_class cls = {"test_seq", {}};
  zlt_seqlock seqlock = {};
  zlt_seqlock_init(&seqlock, &cls);
  probes.add({"__build_all_zonelists", stock_6_1.address, kSize});
  probes.add({"zonelist_update_seq", stock_6_1.sequence, 0x40});
  for (const auto& callee : stock_6_1.callees) probes.add(callee);
  auto code = stock_6_1.code;
  code.resize(kSize, 0xcc);
  probes.set_code(stock_6_1.address, code);
  probes.set_seqlock({&seqlock, stock_6_1.lock, stock_6_1.sequence});
  ASSERT_EQ(module.write("watch", "on"), 0);
  module.unload();
  EXPECT_EQ(probes.planted(), 0U);
}

// ---- the names ----

TEST(Ordering, NamesEachKindOnce) {
  using Deferral = Evidence::Deferral;
  EXPECT_EQ(ordering_of({}), Ordering::kUnknown);
  EXPECT_EQ(ordering_of({.locked = true}), Ordering::kNoDeferral);
  EXPECT_EQ(ordering_of({.locked = true, .irqs_off = true, .lock_masks = true}), Ordering::kNoDeferral);
  EXPECT_EQ(ordering_of({.locked = true, .irqs_off = true, .deferral = Deferral::kEven}), Ordering::kIrqOffOutside);
  EXPECT_EQ(ordering_of({.locked = true, .irqs_off = true, .lock_masks = true, .deferral = Deferral::kOdd}),
            Ordering::kIrqOffOutside);
  EXPECT_EQ(ordering_of({.locked = true, .lock_masks = true, .deferral = Deferral::kOdd}),
            Ordering::kIrqsaveThenDeferred);
  EXPECT_EQ(ordering_of({.locked = true, .lock_masks = true, .deferral = Deferral::kEven}), Ordering::kUnknown);
  EXPECT_EQ(ordering_of({.locked = true, .deferral = Deferral::kOdd}), Ordering::kUnknown);
}

}  // namespace
}  // namespace zlt::test
