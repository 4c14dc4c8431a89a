// SPDX-License-Identifier: GPL-2.0-only
//
// The fake kernel keeps the rules that the cases turn on, and notices when somebody breaks them.
#include "module/tests/fake_shim.h"

#include <gmock/gmock.h>

#include <atomic>
#include <memory>
#include <thread>

#include "module/core/lock.h"
#include "module/tests/fake_shim_context.h"
#include "module/tests/module_host.h"

namespace zlt::test {
namespace {

using testing::IsEmpty;

zlt_class fake_class = {"zlt_test", {}};

// A timer that notes in which context it ran.
class Probe {
 public:
  explicit Probe(zlt_timer_mode mode) : mode_(mode) { zlt_timer_init(&timer_, mode, fired, this); }
  ~Probe() { zlt_timer_destroy(&timer_); }
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;

  void start() { zlt_timer_start(&timer_, mode_, zlt_now_ns()); }
  [[nodiscard]] int runs() const { return runs_; }
  [[nodiscard]] bool hardirq() const { return hardirq_; }
  [[nodiscard]] bool could_block() const { return could_block_; }
  [[nodiscard]] unsigned int cpu() const { return cpu_; }
  [[nodiscard]] std::thread::id thread() const { return thread_; }

 private:
  static void fired(void* argument) {
    auto* self = static_cast<Probe*>(argument);
    self->hardirq_ = zlt_in_hardirq();
    self->could_block_ = zlt_preemptible();
    self->cpu_ = zlt_cpu();
    self->thread_ = std::this_thread::get_id();
    ++self->runs_;
  }

  zlt_timer_mode mode_;
  zlt_timer timer_ = {};
  std::atomic<int> runs_{0};
  std::atomic<bool> hardirq_{false};
  std::atomic<bool> could_block_{false};
  std::atomic<unsigned int> cpu_{99};
  std::thread::id thread_;
};

class FakeShim : public testing::Test {
 protected:
  FakeKernel& boot(const FakeConfig& config = {}) {
    kernel_.reset();  // one at a time
    kernel_ = std::make_unique<FakeKernel>(config);
    return *kernel_;
  }
  std::unique_ptr<FakeKernel> kernel_;
};

TEST_F(FakeShim, AHardTimerInterruptsTheThreadOnItsCpu) {
  boot();
  const fake::OnCpu on(1);
  Probe probe(ZLT_TIMER_HARD);
  probe.start();
  zlt_relax();
  EXPECT_EQ(probe.runs(), 1);
  EXPECT_TRUE(probe.hardirq());
  EXPECT_FALSE(probe.could_block());
  EXPECT_EQ(probe.cpu(), 1U);
  EXPECT_EQ(probe.thread(), std::this_thread::get_id());
  EXPECT_FALSE(zlt_in_hardirq());
}

TEST_F(FakeShim, AnotherCpuDoesNotTakeIt) {
  boot();
  const fake::OnCpu on(0);
  Probe probe(ZLT_TIMER_HARD);
  zlt_timer timer = {};
  int runs = 0;
  zlt_timer_init(
      &timer, ZLT_TIMER_HARD, [](void* count) { ++*static_cast<int*>(count); }, &runs);
  zlt_timer_start(&timer, ZLT_TIMER_HARD, zlt_now_ns() + 1'000'000);
  {
    const fake::OnCpu elsewhere(1);
    zlt_sleep_us(2000);
    EXPECT_EQ(runs, 0);
  }
  zlt_relax();
  EXPECT_EQ(runs, 1);
  zlt_timer_destroy(&timer);
}

TEST_F(FakeShim, MaskedInterruptsWaitForTheUnmasking) {
  for (const bool rt : {false, true}) {
    boot({.rt = rt});
    const fake::OnCpu on(0);
    Probe probe(ZLT_TIMER_HARD);
    const unsigned long flags = zlt_irq_save();
    EXPECT_TRUE(zlt_irqs_disabled());
    probe.start();
    zlt_relax();
    EXPECT_EQ(probe.runs(), 0);
    zlt_irq_restore(flags);
    EXPECT_EQ(probe.runs(), 1);
  }
}

TEST_F(FakeShim, MaskingNests) {
  boot();
  const unsigned long outer = zlt_irq_save();
  const unsigned long inner = zlt_irq_save();
  zlt_irq_restore(inner);
  EXPECT_TRUE(zlt_irqs_disabled());
  zlt_irq_restore(outer);
  EXPECT_FALSE(zlt_irqs_disabled());
}

TEST_F(FakeShim, IrqsaveMasksNothingOnRt) {
  for (const bool rt : {false, true}) {
    boot({.rt = rt});
    const fake::OnCpu on(0);
    SeqLock seq(fake_class);
    SpinLock lock(fake_class);
    Probe probe(ZLT_TIMER_HARD);
    {
      const auto odd = seq.write_irqsave();
      EXPECT_TRUE(seq.odd());
      EXPECT_EQ(zlt_irqs_disabled(), !rt);
      EXPECT_EQ(zlt_preemptible(), rt);
      probe.start();
      EXPECT_EQ(probe.runs(), rt ? 1 : 0);
    }
    EXPECT_EQ(probe.runs(), 1);
    {
      const auto held = lock.lock_irqsave();
      EXPECT_EQ(zlt_irqs_disabled(), !rt);
    }
    EXPECT_FALSE(seq.odd());
    EXPECT_THAT(kernel_->violations(), IsEmpty());
  }
}

TEST_F(FakeShim, ASoftTimerRunsOnTheInterruptedThreadOnlyWithoutRt) {
  for (const bool rt : {false, true}) {
    boot({.rt = rt});
    const fake::OnCpu on(1);
    Probe probe(ZLT_TIMER_SOFT);
    probe.start();
    ASSERT_TRUE(await([&] {
      zlt_relax();
      return probe.runs() == 1;
    }));
    EXPECT_FALSE(probe.hardirq());
    EXPECT_EQ(probe.could_block(), rt);
    EXPECT_EQ(probe.cpu(), 1U);
  }
}

TEST_F(FakeShim, ASoftTimerOnRtBlocksOnTheWritersLockWhileTheWriterGoesOn) {
  boot({.rt = true});
  const fake::OnCpu on(0);
  struct Reader {
    SeqLock seq{fake_class};
    std::atomic<bool> began{false};
    std::atomic<bool> through{false};
  } reader;
  zlt_timer timer = {};
  zlt_timer_init(
      &timer, ZLT_TIMER_SOFT,
      [](void* argument) {
        auto* self = static_cast<Reader*>(argument);
        self->began = true;
        EXPECT_EQ(self->seq.read_begin() % 2, 0U);
        self->through = true;
      },
      &reader);
  {
    const auto odd = reader.seq.write_irqsave();
    zlt_timer_start(&timer, ZLT_TIMER_SOFT, zlt_now_ns());
    ASSERT_TRUE(await([&] { return reader.began.load(); }));
    zlt_sleep_us(1000);
    EXPECT_FALSE(reader.through);
  }
  ASSERT_TRUE(await([&] { return reader.through.load(); }));
  zlt_timer_destroy(&timer);
  EXPECT_THAT(kernel_->violations(), IsEmpty());
}

TEST_F(FakeShim, DestroyingATimerCancelsIt) {
  boot();
  const fake::OnCpu on(0);
  int runs = 0;
  zlt_timer timer = {};
  zlt_timer_init(
      &timer, ZLT_TIMER_HARD, [](void* count) { ++*static_cast<int*>(count); }, &runs);
  zlt_timer_start(&timer, ZLT_TIMER_HARD, zlt_now_ns() + 1'000'000);
  zlt_timer_destroy(&timer);
  zlt_sleep_us(2000);
  EXPECT_EQ(runs, 0);
}

TEST_F(FakeShim, ARetryIsAskedForAfterAWriter) {
  boot();
  SeqLock seq(fake_class);
  const unsigned int start = seq.read_begin();
  EXPECT_FALSE(seq.read_retry(start));
  { const auto odd = seq.write(); }
  EXPECT_TRUE(seq.read_retry(start));
}

}  // namespace
}  // namespace zlt::test
