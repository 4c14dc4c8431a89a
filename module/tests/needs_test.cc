// SPDX-License-Identifier: GPL-2.0-only
//
// What a case needs: the table itself, and that the expectation and the run ask the same one.
#include "module/core/needs.h"

#include <gmock/gmock.h>

#include "module/tests/module_host.h"

namespace zlt::test {
namespace {

struct NeedsTest : testing::Test {
  FakeKernel kernel{{.hot_remove = true}};
  zlt_kernel facts = described(kernel.config());
  Settings settings = Defaults().settings();
};

TEST_F(NeedsTest, NothingIsMissingWhereNothingIsNeeded) {
  settings.set(abi::Param::kReaderCpu, 0);
  facts = {};
  facts.printk_deferral = -2;
  EXPECT_FALSE(find_lack(kNothing, facts, settings));
}

TEST_F(NeedsTest, EachIsMetOnAKernelThatHasAll) {
  EXPECT_FALSE(find_lack(kTwoCpus | kPrintkDeferral | kZonelistReaders, facts, settings));
}

TEST_F(NeedsTest, EachThatIsMissingHasItsSentence) {
  settings.set(abi::Param::kReaderCpu, settings.get(abi::Param::kWriterCpu));
  facts.hot_remove = false;
  facts.printk_deferral = -2;
  EXPECT_THAT(find_lack(kTwoCpus, facts, settings).sentence, testing::HasSubstr("two online CPUs"));
  EXPECT_THAT(find_lack(kZonelistReaders, facts, settings).sentence, testing::HasSubstr("CONFIG_MEMORY_HOTREMOVE"));
  const Lack deferral = find_lack(kPrintkDeferral, facts, settings);
  EXPECT_STREQ(deferral.sentence, "a kprobe cannot find printk_deferred_enter");
  EXPECT_EQ(deferral.error, -2);
}

TEST_F(NeedsTest, ZonelistReadersAreWatchedWithKprobes) {
  facts.kprobes = false;
  EXPECT_TRUE(find_lack(kZonelistReaders, facts, settings));
}

Pairs listed(Module& module) {
  Pairs expectations;
  for (const std::string& line : split(module.read("cases"), '\n')) {
    const auto fields = split(line, '\t');
    expectations.emplace(fields.at(0) + " " + fields.at(1), fields.at(3));
  }
  return expectations;
}

// A kernel for many CPUs of which one is online, as after `maxcpus=1`.
TEST(NeedsOfARun, OneOnlineCpuOfAnSmpKernelIsExpected) {
  Module module({.smp = true, .cpus = 1});
  EXPECT_EQ(listed(module).at("irqs-on/remote-reader bounded"), "unsupported");
  const Pairs result = module.run("irqs-on/remote-reader loops=1");
  EXPECT_EQ(result.at("verdict"), "unsupported");
  EXPECT_EQ(result.at("expected"), "unsupported");
  EXPECT_EQ(result.at("ok"), "1");
  EXPECT_THAT(result.at("reason"), testing::HasSubstr("two online CPUs"));
}

TEST(NeedsOfARun, TheCpusOfARunAreWhatCounts) {
  Module module;
  const Pairs result = module.run("printk-inside/port-feeder loops=1 reader_cpu=0");
  EXPECT_EQ(result.at("verdict"), "unsupported");
  EXPECT_EQ(result.at("expected"), "unsupported");
  EXPECT_EQ(listed(module).at("printk-inside/port-feeder bounded"), "livelock");
}

TEST(NeedsOfARun, WhatAKprobeDoesNotFindIsExpectedNotToBeFound) {
  Module module({.kprobe_error = -2});
  EXPECT_EQ(listed(module).at("deferred-inside/port-feeder faithful"), "unsupported");
  const Pairs result = module.run("deferred-inside/port-feeder loops=1");
  EXPECT_EQ(result.at("ok"), "1");
  EXPECT_EQ(result.at("reason"), "a kprobe cannot find printk_deferred_enter (error -2)");
}

}  // namespace
}  // namespace zlt::test
