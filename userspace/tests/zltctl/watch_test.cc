// SPDX-License-Identifier: GPL-2.0-only
//
// debugfs `watch` read, written, and told.
#include "userspace/zltctl/watch.h"

#include <gmock/gmock.h>

#include <cerrno>

#include "userspace/tests/zltctl/fake_module.h"
#include "userspace/tests/zltctl/temp_folder.h"
#include "userspace/zltctl/commands.h"

namespace zlt::ctl {
namespace {

using test::watch_text;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Pair;

TEST(WatchFile, ReadsEveryMember) {
  const auto report = parse_watch(watch_text("on"));
  ASSERT_TRUE(report) << report.error().line();
  EXPECT_EQ(report->state, "on");
  EXPECT_EQ(report->lock, "_raw_spin_lock_irqsave");
  EXPECT_EQ(report->probes, "locking@0xa deferred,odd-from@0x25 odd-to@0x9f");
  EXPECT_EQ(report->ordering, "irqsave-then-deferred");
  EXPECT_EQ(report->rebuilds, 2U);
  EXPECT_EQ(report->odd_ns_max, 612598U);
  EXPECT_THAT(report->by_ordering, testing::Contains(Pair("irqsave-then-deferred", 2U)));
  ASSERT_EQ(report->last.size(), 2U);
  EXPECT_EQ(report->last[0].number, 1U);
  EXPECT_EQ(report->last[0].get("comm"), "kworker/u8:0");
  EXPECT_EQ(report->last[1].get("zonelists"), "2");
  EXPECT_EQ(report->last[1].get("nothing"), "");
}

TEST(WatchFile, RefusesWhatIsNone) {
  const std::string good = watch_text("on");
  const auto with = [&good](const std::string& from, const std::string& to) {
    std::string text = good;
    return text.replace(text.find(from), from.size(), to);
  };
  for (const std::string& bad :
       {std::string("abi=1\n"), with("abi=1", "abi=7"), with("rebuilds=2", "rebuilds=two"),
        with("rebuilds.unknown=0", "rebuilds.unknown=none"), with("rebuild.1=", "rebuild.one="), with("cpu=0", "cpu0"),
        with("odd_ns.min=101263\n", "")}) {
    EXPECT_FALSE(parse_watch(bad)) << bad;
  }
}

TEST(WatchFile, IsJsonWithNumbersWhereTheyAre) {
  const auto report = parse_watch(watch_text("on"));
  ASSERT_TRUE(report);
  const Json json = to_json(*report);
  EXPECT_EQ(json["rebuilds"], 2);
  EXPECT_EQ(json["odd_ns_total"], 713861);
  EXPECT_EQ(json["last"][0]["odd_ns"], 612598);
  EXPECT_EQ(json["last"][0]["irqs"], "on");
  EXPECT_EQ(json["last"][1]["comm"], "12");  // a task may be called so
}

class WatchCommand : public testing::Test {
 protected:
  Result<Exit> run(const std::string& word, bool json = false) {
    class NeverLoads : public Loader {
      Sys<void> load_file(const std::string& /*path*/, const std::string& /*options*/) override { return {}; }
      Sys<void> load_installed(const std::string& /*options*/) override { return {}; }
      Sys<void> unload() override { return {}; }
    };
    NeverLoads loader;
    const Context context{environment, module, loader, json, Terminal(), Terminal(), -1};
    testing::internal::CaptureStdout();
    Result<Exit> exit = watch(context, word);
    std::fflush(stdout);
    said = testing::internal::GetCapturedStdout();
    return exit;
  }

  Environment environment;
  test::FakeModule module;
  std::string said;
};

TEST_F(WatchCommand, TurnsOnAndTells) {
  ASSERT_TRUE(run("on"));
  EXPECT_EQ(module.watched, "on");
  EXPECT_THAT(said, ContainsRegex("watch +on\n"));
  EXPECT_THAT(said, ContainsRegex("ordering +irqsave-then-deferred\n"));
  EXPECT_THAT(said, ContainsRegex("2 +1 +12 +2 +on +odd +101 us +irqsave-then-deferred\n"));
  ASSERT_TRUE(run("off"));
  EXPECT_EQ(module.watched, "off");
}

TEST_F(WatchCommand, OnlyLooksWithoutAWord) {
  ASSERT_TRUE(run("", true));
  EXPECT_EQ(module.watched, "off");
  EXPECT_EQ(Json::parse(said)["state"], "off");
}

TEST_F(WatchCommand, SaysWhatIsMissing) {
  module.refuse_watch = EOPNOTSUPP;
  const auto exit = run("on");
  ASSERT_FALSE(exit);
  EXPECT_EQ(exit.error().what, "this kernel cannot be watched: no kprobes in this kernel");
  EXPECT_EQ(said, "");
}

TEST_F(WatchCommand, SaysThatTheModuleWentAway) {
  module.gone = ENODEV;
  const auto exit = run("on");
  ASSERT_FALSE(exit);
  EXPECT_THAT(exit.error().what, HasSubstr("went away"));
}

}  // namespace
}  // namespace zlt::ctl
