// SPDX-License-Identifier: GPL-2.0-only
//
// hotplug/readers over the fake kernel's memory: its readers get to the slow path and are told from others, the
// memory that it holds has a limit and goes back, and it says why it cannot be run where it cannot.
#include <gmock/gmock.h>

#include <cerrno>

#include "module/tests/fake_shim_pages.h"
#include "module/tests/fake_shim_printk.h"
#include "module/tests/fake_shim_probe.h"
#include "module/tests/module_host.h"

namespace zlt::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr uint64_t kSlowPath = 0xffffffff81000000;
constexpr uint64_t kSequence = 0xffffffff82000000;
constexpr uint64_t kLook = 0;      // mov sequence(%rip),%eax; test $1,%al; jne
constexpr uint64_t kCompare = 18;  // the jne behind: mov sequence(%rip),%eax; cmp %edi,%eax; jne

const std::vector<uint8_t> kSlowPathCode = {0x8b, 0x05, 0xfa, 0xff, 0xff, 0x00, 0xa8, 0x01, 0x75, 0xf6, 0x8b,
                                            0x05, 0xf0, 0xff, 0xff, 0x00, 0x39, 0xf8, 0x75, 0xec, 0xc3};

class HotplugReaders : public testing::TestWithParam<bool> {
 protected:
  HotplugReaders() : module_(config()) { zlt_seqlock_init(&seqlock_, &class_); }

  static FakeConfig config() {
    FakeConfig config;
    config.rt = GetParam();
    config.hot_remove = true;
    return config;
  }
  void boot() {
    probes().add({"__alloc_pages_slowpath", kSlowPath, kSlowPathCode.size()});
    probes().add({"zonelist_update_seq", kSequence, 0x40});
    probes().set_code(kSlowPath, kSlowPathCode);
    probes().set_seqlock({&seqlock_, kSequence + 4, kSequence});
  }
  fake::Probes& probes() { return module_.kernel().probes(); }
  fake::Pages& pages() { return module_.kernel().pages(); }
  static uint64_t counter(const Pairs& result, const std::string& name) {
    return std::stoull(result.at("counter." + name));
  }

  Module module_;
  zlt_class class_ = {"test_seq", {}};
  zlt_seqlock seqlock_ = {};
};

TEST_P(HotplugReaders, GetToTheSlowPathAndGiveEverythingBack) {
  boot();
  const Pairs result = module_.run("hotplug/readers loops=5 period_us=100");
  EXPECT_EQ(result.at("verdict"), "clean") << result.at("reason");
  EXPECT_EQ(counter(result, "turns"), 5U);
  EXPECT_GT(counter(result, "slow_path"), 0U);
  EXPECT_GT(counter(result, "allocs_failed"), 0U);
  EXPECT_GE(counter(result, "allocs"), counter(result, "slow_path"));
  EXPECT_EQ(counter(result, "pages_held"), fake::Pages::kManaged - fake::Pages::kMin);
  EXPECT_EQ(pages().taken(), 0U);
  EXPECT_EQ(probes().planted(), 0U);
}

TEST_P(HotplugReaders, AFeederLetsTheConsoleComeToItsPort) {
  boot();
  ASSERT_EQ(module_.write("run", "hotplug/feeder loops=1000000"), 0);
  ASSERT_TRUE(await([&] { return module_.turns() > 1; }));
  zlt_printk_crit("a line for every console");
  ASSERT_TRUE(await([&] { return !module_.kernel().printk().pending(); }))
      << "on RT a thread prints, when it comes to it";
  ASSERT_EQ(module_.write("stop", "1"), 0);
  const Pairs result = module_.result();
  EXPECT_EQ(result.at("verdict"), "clean") << result.at("reason");
  EXPECT_GT(counter(result, "slow_path"), 0U);
  EXPECT_GT(counter(result, "console_writes"), 0U);
  EXPECT_EQ(pages().taken(), 0U);
}

TEST_P(HotplugReaders, CountsRetriesOfItsReadersOnly) {
  boot();
  ASSERT_EQ(module_.write("run", "hotplug/readers loops=1000000 period_us=100"), 0);
  ASSERT_TRUE(await([&] { return module_.turns() > 1; }));
  EXPECT_THAT(module_.read("status"), Not(HasSubstr("\nsteps=0\n"))) << "who watches sees it work";
  // somebody else's; no spins are provoked, for an odd sequence is rightly one for the module's own readers, too
  EXPECT_TRUE(probes().hit(kSlowPath + kLook, {}));
  EXPECT_TRUE(probes().hit(kSlowPath + kCompare, {}));
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(probes().hit(kSlowPath, {}));
  ASSERT_EQ(module_.write("stop", "1"), 0);
  const Pairs result = module_.result();
  EXPECT_EQ(result.at("verdict"), "clean") << result.at("reason");
  EXPECT_EQ(result.at("stopped"), "1");
  EXPECT_EQ(counter(result, "retries"), 0U);
  EXPECT_GE(counter(result, "slow_path_others"), 5U);
  EXPECT_THAT(result.at("reason"), HasSubstr("rebuilds unknown"));
}

TEST_P(HotplugReaders, LendsToWhoeverReclaims) {
  boot();
  ASSERT_EQ(module_.write("run", "hotplug/readers loops=1000000 period_us=100"), 0);
  ASSERT_TRUE(await([&] { return module_.turns() > 1; }));
  EXPECT_EQ(pages().reclaim(50), 50U);
  pages().memory_moves(true);
  ASSERT_TRUE(await([&] { return module_.turns() > 5; }));
  pages().memory_moves(false);
  ASSERT_EQ(module_.write("stop", "1"), 0);
  EXPECT_EQ(counter(module_.result(), "pages_given_back"), 50U);
  EXPECT_EQ(pages().taken(), 0U);
}

TEST_P(HotplugReaders, UnloadInTheMiddleLeavesNothing) {
  boot();
  ASSERT_EQ(module_.write("run", "hotplug/readers loops=1000000 period_us=100"), 0);
  ASSERT_TRUE(await([&] { return pages().taken() > 0; }));
  module_.unload();
  EXPECT_EQ(pages().taken(), 0U);
  EXPECT_EQ(pages().registered(), 0U);
  EXPECT_EQ(probes().planted(), 0U);
}

TEST_P(HotplugReaders, NoticesAPageOfAnotherNode) {
  boot();
  pages().set_origin(1);
  const Pairs result = module_.run("hotplug/readers loops=5");
  EXPECT_EQ(result.at("verdict"), "corruption");
  EXPECT_EQ(result.at("reason"), "a page asked of one node came from another");
  EXPECT_EQ(pages().taken(), 0U);
}

TEST_P(HotplugReaders, SaysWhenRetriesAreUnknown) {
  boot();
  auto code = kSlowPathCode;
  code[kCompare] = 0x90;
  probes().set_code(kSlowPath, code);
  EXPECT_THAT(module_.run("hotplug/readers loops=2").at("reason"), HasSubstr("retries unknown"));
}

TEST_P(HotplugReaders, UnsupportedWithoutMemoryOnTheNode) {
  boot();
  const Pairs result = module_.run("hotplug/readers loops=2 pressure_node=1");
  EXPECT_EQ(result.at("verdict"), "unsupported");
  EXPECT_THAT(result.at("reason"), HasSubstr("pressure_node"));
}

TEST_P(HotplugReaders, UnsupportedWithoutTheSlowPath) {
  const Pairs result = module_.run("hotplug/readers loops=2");
  EXPECT_EQ(result.at("verdict"), "unsupported");
  EXPECT_THAT(result.at("reason"), HasSubstr("zonelist_update_seq"));
}

INSTANTIATE_TEST_SUITE_P(Kernels, HotplugReaders, testing::Bool(),
                         [](const auto& rt) { return rt.param ? "rt" : "plain"; });

TEST(HotplugReadersCase, IsUnsupportedWhereNobodyReads) {
  Module module;
  const Pairs result = module.run("hotplug/readers");
  EXPECT_EQ(result.at("verdict"), "unsupported");
  EXPECT_EQ(result.at("expected"), "unsupported");
  EXPECT_EQ(result.at("ok"), "1");
  EXPECT_THAT(result.at("reason"), HasSubstr("CONFIG_MEMORY_HOTREMOVE"));
}

}  // namespace
}  // namespace zlt::test
