// SPDX-License-Identifier: GPL-2.0-only
//
// Confirmed before accused: what an unexpected verdict has to go through before it counts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "qemu/tests/sandbox.h"
#include "qemu/zlt/run/confirm.h"

namespace zlt::test {
namespace {

using report::CaseRecord;
using report::Standing;
using run::From;
using run::Json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

CaseRecord seen(report::Outcomes observed, report::Outcomes expected = {}) {
  CaseRecord out;
  out.ok = observed == expected && !observed.contains("infra");
  out.observed = std::move(observed);
  out.expected = std::move(expected);
  return out;
}

CaseRecord from_snapshot(CaseRecord record, const std::string& made) {
  record.origin = {"key", made, 0, true};
  return record;
}

// Confirms with guests that come out as given, one after the other; tells what they were started from.
std::vector<From> confirmed_by(CaseRecord& record, unsigned wanted, std::vector<CaseRecord> guests) {
  std::vector<From> out;
  const Status done = run::confirm(record, wanted, [&](unsigned n, From from) -> Result<CaseRecord> {
    EXPECT_EQ(n, out.size() + 2);
    out.push_back(from);
    if (out.size() > guests.size()) {
      return failure("nobody asked for so many");
    }
    return guests[out.size() - 1];
  });
  EXPECT_TRUE(done) << done.error().line();
  return out;
}

TEST(Confirm, ASurpriseIsWhatIsTooMuchAndWhatIsMissing) {
  EXPECT_THAT(run::surprises(seen({"deadlock", "splat:circular"}, {"deadlock", "splat:sleeping-atomic"})),
              ElementsAre("no splat:sleeping-atomic", "splat:circular"));
  EXPECT_TRUE(run::agree(seen({"deadlock"}), seen({"deadlock", "splat:circular"})));
  EXPECT_FALSE(run::agree(seen({"deadlock"}), seen({"livelock"})));
  EXPECT_FALSE(run::agree(seen({"deadlock"}), seen({})));
  EXPECT_FALSE(run::agree(seen({"infra"}), seen({"infra"})));
  EXPECT_TRUE(run::agree(seen({}, {"livelock"}), seen({"panic"}, {"livelock"})));  // the hazard did not show
}

TEST(Confirm, WhatEveryGuestSaysIsConfirmed) {
  CaseRecord record = seen({"deadlock"});
  EXPECT_THAT(confirmed_by(record, 2, {seen({"deadlock"}), seen({"deadlock", "splat:circular"})}),
              ElementsAre(From::kBoot, From::kNewSnapshot));
  EXPECT_EQ(record.standing(), Standing::kUnexpected);
  EXPECT_EQ(record.confirmation->agreed, 2U);
}

TEST(Confirm, WhatNotEveryGuestSaysIsUnconfirmed) {
  for (const report::Outcomes& other : {report::Outcomes{}, {"livelock"}, {"infra"}}) {
    CaseRecord record = seen({"deadlock"});
    confirmed_by(record, 2, {seen({"deadlock"}), seen(other)});
    EXPECT_EQ(record.standing(), Standing::kUnconfirmed);
    EXPECT_EQ(record.confirmation->agreed, 1U);
    EXPECT_EQ(record.observed, report::Outcomes{"deadlock"});
  }
}

TEST(Confirm, AsOftenAsAskedForAndInTurn) {
  CaseRecord record = seen({"deadlock"});
  EXPECT_THAT(confirmed_by(record, 4, {seen({"deadlock"}), seen({"deadlock"}), seen({}), seen({"deadlock"})}),
              ElementsAre(From::kBoot, From::kNewSnapshot, From::kBoot, From::kNewSnapshot));
  EXPECT_EQ(record.confirmation->agreed, 3U);
}

TEST(Confirm, WhatComesFromOneSnapshotAloneIsThatSnapshotsFault) {
  CaseRecord record = from_snapshot(seen({"splat:list-corruption"}), "then");
  const CaseRecord again = from_snapshot(seen({"splat:list-corruption"}), "then");
  EXPECT_THAT(confirmed_by(record, 2, {seen({}), seen({}), again}),
              ElementsAre(From::kBoot, From::kNewSnapshot, From::kOldSnapshot));
  EXPECT_EQ(record.standing(), Standing::kInfra);
  EXPECT_EQ(record.disease, "stale-page");
  EXPECT_THAT(record.reason, HasSubstr("splat:list-corruption"));
}

TEST(Confirm, ARareTruthIsNotTakenForASnapshotsFault) {
  CaseRecord record = from_snapshot(seen({"splat:list-corruption"}), "then");
  confirmed_by(record, 2, {seen({}), seen({}), from_snapshot(seen({}), "then")});
  EXPECT_EQ(record.standing(), Standing::kUnconfirmed);
  CaseRecord other = from_snapshot(seen({"splat:list-corruption"}), "then");
  // There was no old snapshot any more: what agrees here is of another one.
  confirmed_by(other, 2, {seen({}), seen({}), from_snapshot(seen({"splat:list-corruption"}), "later")});
  EXPECT_EQ(other.standing(), Standing::kUnconfirmed);
}

TEST(Confirm, InfraGivesWayToWhatAllOthersSay) {
  CaseRecord record = seen({"infra"}, {"livelock"});
  record.reason = "lockdep was already off before the case";
  confirmed_by(record, 2, {seen({"livelock"}, {"livelock"}), seen({"livelock"}, {"livelock"})});
  EXPECT_EQ(record.standing(), Standing::kExpected);
  EXPECT_THAT(record.reason, HasSubstr("lockdep was already off"));
  EXPECT_EQ(record.confirmation->runs.size(), 3U);
  CaseRecord other = seen({"infra"});
  confirmed_by(other, 2, {seen({}), seen({"infra"})});
  EXPECT_EQ(other.standing(), Standing::kInfra);
  CaseRecord bad = seen({"infra"});
  confirmed_by(bad, 2, {seen({"deadlock"}), seen({"deadlock"})});
  EXPECT_EQ(bad.standing(), Standing::kUnexpected);
}

TEST(Confirm, WhatAnotherGuestWouldOnlyRepeatIsNotRunAgain) {
  EXPECT_FALSE(run::doubtful(seen({})));
  EXPECT_TRUE(run::doubtful(seen({"deadlock"})));
  EXPECT_TRUE(run::doubtful(seen({"infra"})));
  CaseRecord refused = seen({"infra"});
  refused.settled = true;
  EXPECT_FALSE(run::doubtful(refused));
}

// ---- the program ----

class Confirmed : public SandboxTest {};

TEST_F(Confirmed, AnUnexpectedVerdictIsTriedInAFreshBootAndFromANewSnapshot) {
  box.script["cases"] = {{"a/case", fake_case({"clean"}, {"deadlock"})}};
  const Ran ran = box.run({});
  EXPECT_EQ(ran.status, 1) << ran.output;
  EXPECT_THAT(ran.output, HasSubstr("FAIL deadlock (again 2 of 2)"));
  EXPECT_THAT(ran.output, HasSubstr("(confirmed: 2 of 2)"));
  EXPECT_THAT(ran.output, HasSubstr("again: zlt run --flavour fake --case a/case --form bounded --seed "));
  // boot, proof, case; the case booted; boot, proof, case
  EXPECT_THAT(box.starts(), ElementsAre("start", "restore", "restore", "start", "start", "restore", "restore"));
  const Json record = box.record("a/case");
  EXPECT_EQ(run::get_string(record, "standing"), "unexpected");
  const Json& runs = run::member(run::member(record, "confirmation"), "runs");
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(run::get_string(run::member(runs[0], "guest"), "from"), "boot");
  EXPECT_EQ(run::get_string(run::member(runs[1], "guest"), "from"), "snapshot");
  for (const Json& each : runs) {
    EXPECT_TRUE(std::filesystem::exists(box.results() / "latest" / run::get_string(each, "artifacts") / "console.log"));
  }
}

TEST_F(Confirmed, ASnapshotThatAccusesASoundKernelIsFoundOutAndNamed) {
  box.script["saves"] = {"haunted", "sound"};
  box.script["cases"] = {{"a/case", fake_case({"clean"}, {"clean"})}};
  box.script["cases"]["a/case"]["haunted"] = {"deadlock"};
  const Ran ran = box.run({});
  EXPECT_EQ(ran.status, 2) << ran.output;
  EXPECT_THAT(ran.output, Not(HasSubstr("FAIL")));
  EXPECT_EQ(run::get_string(box.record("a/case"), "disease"), "stale-page");
  EXPECT_THAT(run::get_string(box.record("a/case"), "reason"), HasSubstr("deadlock"));
  EXPECT_EQ(box.run({}).status, 0);  // the new snapshot took its place
}

TEST_F(Confirmed, WhatIsNotConfirmedHasAWordOfItsOwnAndStatusTwo) {
  box.script["cases"] = {{"a/case", fake_case({"clean"}, {"deadlock"})}};
  box.script["cases"]["a/case"]["booted"] = {"clean"};
  const Ran ran = box.run({});
  EXPECT_EQ(ran.status, 2) << ran.output;
  EXPECT_THAT(ran.output, HasSubstr("unconfirmed deadlock (again 1 of 2)"));
  EXPECT_THAT(ran.output, HasSubstr("not confirmed: 1 of 2"));
  EXPECT_THAT(ran.output, HasSubstr("1 unconfirmed: not every guest that ran it again said so"));
  EXPECT_EQ(run::get_string(box.record("a/case"), "standing"), "unconfirmed");
  EXPECT_EQ(run::get_number(run::member(box.latest(), "summary"), "unconfirmed"), 1U);
}

TEST_F(Confirmed, ConfirmSaysHowOftenAndNoConfirmNever) {
  box.script["cases"] = {{"a/case", fake_case({"clean"}, {"deadlock"})}};
  EXPECT_EQ(box.run({"--confirm", "3"}).status, 1);
  EXPECT_EQ(run::get_number(run::member(box.record("a/case"), "confirmation"), "agreed"), 3U);
  const size_t before = box.starts().size();
  EXPECT_EQ(box.run({"--no-confirm"}).status, 1);
  EXPECT_EQ(box.starts().size(), before + 1);
  EXPECT_FALSE(box.record("a/case").contains("confirmation"));
}

TEST_F(Confirmed, ARepeatIsConfirmedByTheOneBefore) {
  box.script["cases"] = {{"a/case", fake_case({"clean"}, {"deadlock"})}};
  const Ran ran = box.run({"--repeat", "3", "--jobs", "1"});
  EXPECT_EQ(ran.status, 1) << ran.output;
  EXPECT_THAT(ran.output, HasSubstr("(confirmed by #1)"));
}

TEST_F(Confirmed, ARefusalIsNotTriedAgain) {
  box.script["cases"] = {{"a/case", fake_case({"clean"}, {"clean"}, "refuse")}};
  EXPECT_EQ(box.run({}).status, 2);
  EXPECT_THAT(box.starts(), ElementsAre("start", "restore", "restore"));
}

TEST_F(Confirmed, BisectCannotTellWhatIsNotConfirmed) {
  box.script["cases"] = {{"a/case", fake_case({"clean"}, {"deadlock"})}};
  box.script["cases"]["a/case"]["booted"] = {"clean"};
  EXPECT_EQ(box.zlt({"bisect-run", "--case", "a/case"}).status, 125);
}

}  // namespace
}  // namespace zlt::test
