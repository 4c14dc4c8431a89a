// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/run/job_list.h"
#include "qemu/zlt/guest/run_param.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace zlt::run {
namespace {

using testing::HasSubstr;

class JobList : public testing::Test {
 protected:
  std::vector<CaseJob> jobs() const { return make_jobs(options, flavour, cases, 100); }

  RunOptions options;
  Flavour flavour;
  std::vector<CaseInfo> cases = {{"a/one", "bounded", "h", {"livelock"}, ""},
                                 {"a/one", "faithful", "h", {"livelock", "splat:circular"}, ""},
                                 {"b/two", "bounded", "-", {}, ""}};
};

TEST_F(JobList, OneFormOfEveryCaseInOrder) {
  ASSERT_EQ(jobs().size(), 2U);
  EXPECT_EQ(jobs()[0].name, "a/one");
  EXPECT_EQ(jobs()[0].form, "bounded");
  EXPECT_EQ(jobs()[0].expected, report::Outcomes{"livelock"});
  EXPECT_EQ(jobs()[1].name, "b/two");
}

TEST_F(JobList, TheFlavoursFormWhereThereIsOne) {
  flavour.form = "faithful";
  EXPECT_EQ(jobs()[0].form, "faithful");
  EXPECT_EQ(jobs()[0].params.at("allow_hang"), 1U);
  EXPECT_EQ(jobs()[1].form, "bounded");
  EXPECT_FALSE(jobs()[1].params.contains("allow_hang"));
}

TEST_F(JobList, AnAskedForFormAndNoOther) {
  options.form = "faithful";
  ASSERT_EQ(jobs().size(), 1U);
  EXPECT_EQ(jobs()[0].name, "a/one");
}

TEST_F(JobList, Patterns) {
  options.cases = {"b/*", "*/one"};
  EXPECT_EQ(jobs().size(), 2U);
  options.cases = {"b/*"};
  EXPECT_EQ(jobs().size(), 1U);
  EXPECT_TRUE(check_patterns(options, names_of(cases)));
  options.cases = {"b/*", "b/tow"};
  EXPECT_THAT(check_patterns(options, names_of(cases)).error().line(), HasSubstr("\"b/tow\"; known are b/two, a/one"));
}

TEST_F(JobList, WhoSaysWhatIsExpected) {
  EXPECT_EQ(jobs()[0].expected_by, "module");
  flavour.expect["a/one"] = {"deadlock"};
  EXPECT_EQ(jobs()[0].expected, report::Outcomes{"deadlock"});
  EXPECT_EQ(jobs()[0].expected_by, "flavour");
  flavour.expect["b/*"] = {"livelock"};
  EXPECT_EQ(jobs().back().expected, report::Outcomes{"livelock"});
  flavour.expect["b/two"] = {"panic"};
  flavour.expect["b/tw*"] = {"livelock"};
  flavour.expect["b/z*"] = {"livelock"};
  EXPECT_EQ(jobs().back().expected, report::Outcomes{"panic"}) << "its own name counts more than a pattern";
  options.expect["a/*"] = {};
  EXPECT_EQ(jobs()[0].expected, report::Outcomes{});
  EXPECT_EQ(jobs()[0].expected_by, "command line");
}

TEST_F(JobList, RepeatsCountTheSeedUp) {
  options.repeat = 3;
  ASSERT_EQ(jobs().size(), 6U);
  EXPECT_EQ(jobs()[2].repeat, 3U);
  EXPECT_EQ(jobs()[2].seed, 102U);
  EXPECT_EQ(jobs()[3].seed, 100U);
}

TEST_F(JobList, AutorunAndFolder) {
  options.params = {{"loops", 3}};
  EXPECT_EQ(jobs()[0].autorun(), "a/one,form=bounded,loops=3,seed=100");
  EXPECT_EQ(jobs()[0].folder(), "a.one");
  options.form = "faithful";
  EXPECT_EQ(jobs()[0].folder(), "a.one+faithful");
}

TEST(Param, IsCheckedAgainstTheTable) {
  EXPECT_EQ(parse_param("loops=7").value(), (std::pair<std::string, std::uint64_t>("loops", 7)));
  for (const char* bad : {"loops", "loops=", "loops=x", "loops=7x", "loops=-1", "loops=0", "hold_us=9", "=1"}) {
    EXPECT_FALSE(parse_param(bad)) << bad;
  }
  EXPECT_THAT(parse_param("hold_su=9").error().line(), HasSubstr("known are hold_us"));
}

}  // namespace
}  // namespace zlt::run
