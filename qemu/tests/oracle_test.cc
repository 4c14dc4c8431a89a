// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/run/oracle.h"

#include <gtest/gtest.h>

namespace zlt::run {
namespace {

using report::CaseRecord;
using report::Outcomes;

CaseRecord concluded(Outcomes expected, Outcomes observed, const std::vector<std::string>& splats = {}) {
  CaseRecord record;
  record.expected = std::move(expected);
  record.observed = std::move(observed);
  for (const std::string& kind : splats) {
    report::Splat splat;
    splat.kind = kind;
    splat.outcome = "splat:" + kind;
    record.splats.push_back(splat);
  }
  conclude(record);
  return record;
}

TEST(Oracle, EqualSetsAreOk) {
  EXPECT_TRUE(concluded({}, {}).ok);
  EXPECT_TRUE(concluded({"livelock"}, {"livelock"}).ok);
  EXPECT_TRUE(concluded({"livelock", "splat:circular"}, {"livelock"}, {"circular"}).ok);
}

TEST(Oracle, AMissingOutcomeFails) {
  const CaseRecord record = concluded({"livelock", "splat:circular"}, {"livelock"});
  EXPECT_FALSE(record.ok);
  EXPECT_EQ(record.reason, "missing splat:circular");
}

TEST(Oracle, AnExtraOutcomeFails) {
  const CaseRecord record = concluded({}, {}, {"circular"});
  EXPECT_FALSE(record.ok);
  EXPECT_EQ(record.reason, "unexpected splat:circular");
}

TEST(Oracle, AnotherKindOfSplatFails) {
  const CaseRecord record = concluded({"splat:circular"}, {}, {"wait-context"});
  EXPECT_FALSE(record.ok);
  EXPECT_EQ(record.reason, "missing splat:circular, unexpected splat:wait-context");
}

TEST(Oracle, TheSameSplatTwiceIsOneOutcome) {
  EXPECT_TRUE(concluded({"splat:circular"}, {}, {"circular", "circular"}).ok);
}

TEST(Oracle, ReasonAndFactsAreOnePrintableLineEach) {
  report::CaseRecord record;
  record.reason = "a\nstock: x: ok clean\x1b[2J";
  record.facts["refusal"] = "b\r\xc2\x9b";
  conclude(record);
  EXPECT_EQ(record.reason, "a\\nstock: x: ok clean\\x1b[2J");
  EXPECT_EQ(record.facts["refusal"], "b\\r\\u009b");
}

TEST(Oracle, InfraIsNeverOkAndSwallowsTheRest) {
  const CaseRecord record = concluded({"infra"}, {"infra", "livelock"}, {"circular"});
  EXPECT_FALSE(record.ok);
  EXPECT_EQ(record.observed, Outcomes{"infra"});
}

TEST(Oracle, UnsupportedWhereNobodyExpectsItFails) {
  EXPECT_FALSE(concluded({}, {"unsupported"}).ok);
}

}  // namespace
}  // namespace zlt::run
