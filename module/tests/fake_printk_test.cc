// SPDX-License-Identifier: GPL-2.0-only
//
// printk of the fake kernel does what the cases turn on, and notices when somebody breaks a rule.
#include <gmock/gmock.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "module/core/lock.h"
#include "module/tests/fake_shim_context.h"
#include "module/tests/module_host.h"

namespace zlt::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

zlt_class printk_class = {"zlt_test", {}};

class FakePrintk : public testing::Test {
 protected:
  FakeKernel& boot(const FakeConfig& config = {}) {
    kernel_.reset();  // one at a time
    kernel_ = std::make_unique<FakeKernel>(config);
    return *kernel_;
  }
  std::unique_ptr<FakeKernel> kernel_;
};

struct Console {
  std::atomic<int> writes{0};
  std::atomic<bool> hardirq{false};
  zlt_console* console = nullptr;

  Console() {
    const auto write = [](void* argument) {
      auto* self = static_cast<Console*>(argument);
      ++self->writes;
      self->hardirq = zlt_in_hardirq();
    };
    EXPECT_EQ(zlt_console_register(&console, "test", write, this), 0);
  }
  ~Console() { zlt_console_unregister(console); }
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;
};

TEST_F(FakePrintk, PrintkWritesAtOnceWithoutRt) {
  boot();
  zlt_printk_crit("before the console");
  const Console console;
  zlt_printk_crit("a line");
  EXPECT_EQ(console.writes, 1);
  EXPECT_THAT(kernel_->log(), ElementsAre("zltorture: before the console", "zltorture: a line"));
}

TEST_F(FakePrintk, DeferredPrintkWritesInTheNextInterrupt) {
  boot();
  ASSERT_EQ(zlt_printk_deferred_find(), 0);
  const fake::OnCpu on(0);
  const Console console;
  const unsigned long flags = zlt_irq_save();
  zlt_printk_deferred_enter();
  zlt_printk_crit("a line");
  EXPECT_EQ(console.writes, 0);
  zlt_printk_deferred_exit();
  EXPECT_EQ(console.writes, 0);
  zlt_irq_restore(flags);
  EXPECT_EQ(console.writes, 1);
  EXPECT_TRUE(console.hardirq);
}

TEST_F(FakePrintk, PrintkOnRtLeavesTheConsoleToAThread) {
  boot({.rt = true});
  const fake::OnCpu on(0);
  const Console console;
  const unsigned long flags = zlt_irq_save();
  zlt_printk_crit("a line");
  ASSERT_TRUE(await([&] { return console.writes == 1; })) << "with this thread's interrupts masked";
  zlt_irq_restore(flags);
}

TEST_F(FakePrintk, SettlingWritesEverythingOut) {
  boot({.rt = true});
  const Console console;
  for (int i = 0; i < 5; ++i) zlt_printk_crit("a line");
  zlt_console_settle();
  EXPECT_EQ(console.writes, 5);
}

TEST_F(FakePrintk, NoLineIsLostAmongPrintingThreads) {
  boot();
  const Console console;
  std::vector<std::thread> printers;
  printers.reserve(3);
  for (int i = 0; i < 3; ++i) {
    printers.emplace_back([] {
      for (int line = 0; line < 200; ++line) zlt_printk_crit("a line");
    });
  }
  for (auto& printer : printers) printer.join();
  EXPECT_EQ(console.writes, 600);
}

// The one who prints next waits for the one who writes, and takes over: whoever holds up the one holds up the other.
TEST_F(FakePrintk, APrinterWaitsForTheOneWhoWrites) {
  boot();
  struct Slow {
    std::atomic<int> writes{0};
    std::atomic<bool> go_on{false};
  } slow;
  zlt_console* console = nullptr;
  const auto write = [](void* argument) {
    auto* self = static_cast<Slow*>(argument);
    ++self->writes;
    while (!self->go_on) zlt_relax();
  };
  ASSERT_EQ(zlt_console_register(&console, "slow", write, &slow), 0);
  std::thread first([] { zlt_printk_crit("held up"); });
  ASSERT_TRUE(await([&] { return slow.writes == 1; }));
  std::atomic<bool> printed{false};
  std::thread second([&] {
    zlt_printk_crit("waits");
    printed = true;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_FALSE(printed);
  slow.go_on = true;
  first.join();
  second.join();
  EXPECT_EQ(slow.writes, 2);
  zlt_console_unregister(console);
}

using RuleBreaker = FakePrintk;

TEST_F(RuleBreaker, SleepingInAtomicContextIsNoticed) {
  boot();
  const unsigned long flags = zlt_irq_save();
  zlt_sleep_us(1);
  zlt_irq_restore(flags);
  EXPECT_THAT(kernel_->violations(), ElementsAre("scheduling while atomic: zlt_sleep_us"));
}

TEST_F(RuleBreaker, ASleepingLockUnderMaskedInterruptsIsASplatWhereItIsChecked) {
  for (const bool checked : {false, true}) {
    boot({.rt = true, .atomic_sleep = checked});
    SpinLock lock(printk_class);
    const unsigned long flags = zlt_irq_save();
    { const auto held = lock.lock_irqsave(); }
    zlt_irq_restore(flags);
    EXPECT_EQ(kernel_->splats().has(abi::Outcome::kSplatSleepingAtomic), checked);
    EXPECT_THAT(kernel_->violations(), IsEmpty()) << "nobody held it: nothing slept";
  }
}

TEST_F(RuleBreaker, ReleasingWhatOneDoesNotHoldIsNoticed) {
  boot();
  zlt_mutex mutex = {};
  zlt_mutex_init(&mutex, &printk_class);
  zlt_mutex_unlock(&mutex);
  EXPECT_THAT(kernel_->violations(), ElementsAre("a lock is released by a thread that does not hold it"));
}

TEST_F(RuleBreaker, AllocatingInHardInterruptOnRtIsNoticed) {
  boot({.rt = true});
  const fake::OnCpu on(0);
  zlt_timer timer = {};
  zlt_timer_init(
      &timer, ZLT_TIMER_HARD, [](void*) { zlt_free(zlt_alloc_atomic(8)); }, nullptr);
  zlt_timer_start(&timer, ZLT_TIMER_HARD, zlt_now_ns());
  zlt_relax();
  zlt_timer_destroy(&timer);
  EXPECT_THAT(kernel_->violations(), ElementsAre("RT: an allocation in hard interrupt context"));
}

TEST_F(RuleBreaker, TakingALockTwiceEndsTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        boot();
        SpinLock lock(printk_class);
        const auto once = lock.lock_irqsave();
        const auto twice = lock.lock_irqsave();
      },
      "deadlock: a lock is taken by the thread that holds it");
}

TEST_F(RuleBreaker, AThreadThatIsLeftBehindEndsTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        boot();
        zlt_thread* thread = nullptr;
        (void)zlt_thread_start(
            &thread, "left", 0, [](void*) {}, nullptr);
        kernel_.reset();
      },
      "a thread of the module's was never joined");
}

TEST_F(RuleBreaker, DeferralThatWasNeverFoundEndsTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        boot();
        zlt_printk_deferred_enter();
      },
      "before it was found");
}

}  // namespace
}  // namespace zlt::test
