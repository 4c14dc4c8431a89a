// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/guest/console.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <memory>

#include "qemu/tests/temp_dir.h"

namespace zlt::run {
namespace {

constexpr const char* kReport =
    "[    7.172714] BUG: scheduling while atomic: zlt/run/101/0x00010002\n"
    "[    7.172714] Call Trace:\n"
    "[    7.172714]  __schedule_bug.cold+0x42/0x4e\n"
    "[    7.172714]  rt_spin_lock+0x3f/0x60\n"
    "[    7.189647]  </TASK>\n";
constexpr const char* kNmi =
    "[    8.799361] Uhhuh. NMI received for unknown reason 21 on CPU 0.\n"
    "[    8.799361] Kernel panic - not syncing: NMI: Not continuing\n"
    "[    8.799361]  nmi_panic+0x26/0x40\n";

class ConsoleTest : public testing::Test {
 protected:
  ConsoleTest() {
    int fds[2];
    EXPECT_EQ(::pipe2(fds, O_CLOEXEC | O_NONBLOCK), 0);
    guest_.reset(fds[1]);
    Result<BoundedLog> log = BoundedLog::create(folder_.path() / "console.log", {});
    EXPECT_TRUE(log);
    console_ = std::make_unique<Console>(UniqueFd(fds[0]), pump_, std::move(*log));
  }
  void say(const std::string& text) {
    const std::uint64_t before = console_->bytes();
    EXPECT_TRUE(write_all(guest_.get(), text));
    (void)pump_.run_until([&] { return console_->bytes() == before + text.size(); },
                          Clock::now() + std::chrono::seconds(60));
  }
  size_t reports() {
    console_->splats().finish();
    return console_->splats().splats().size();
  }

  test::TempDir folder_;
  Stop stop_;
  Pump pump_{stop_};
  UniqueFd guest_;
  std::unique_ptr<Console> console_;
};

TEST_F(ConsoleTest, WithoutAMarkAPanicIsAFinding) {
  say(kReport);
  say(kNmi);
  EXPECT_EQ(reports(), 1U);
  EXPECT_TRUE(console_->splats().panicked());
}

TEST_F(ConsoleTest, WhatTheMarkProvokedIsNone) {
  say(kReport);
  console_->judge_until("NMI received");
  say(kNmi);
  EXPECT_EQ(reports(), 1U);
  EXPECT_FALSE(console_->splats().panicked());
}

// A console that comes free only when the NMI flushes it.
TEST_F(ConsoleTest, WhatWasSaidBeforeTheMarkCountsWheneverItComes) {
  console_->judge_until("NMI received");
  for (const char c : std::string(kReport) + kNmi) say(std::string(1, c));
  EXPECT_EQ(reports(), 1U);
  EXPECT_FALSE(console_->splats().panicked());
}

}  // namespace
}  // namespace zlt::run
