// SPDX-License-Identifier: GPL-2.0-only
//
// How the meetings of a run are counted and judged, and when its numbers add up.
#include "module/core/meeting/rendezvous.h"

#include <functional>

#include "module/tests/run_fixture.h"

namespace zlt::test {
namespace {

using abi::Outcome;
using abi::Param;

class RendezvousTest : public RunTest {
 protected:
  void meet(const std::function<void(Rendezvous&, const Turn&)>& each) {
    execute([&](zlt::Run& run) {
      Rendezvous rendezvous(run);
      Turn turn = {};
      while (rendezvous.next(turn)) each(rendezvous, turn);
    });
  }
};

TEST_F(RendezvousTest, EveryTurnThatMetOdd) {
  meet([](Rendezvous& rendezvous, const Turn&) {
    rendezvous.meeting().arrive(true);
    rendezvous.run().count(kReads);
    rendezvous.meeting().leave();
  });
  EXPECT_EQ(run_.verdict(), kClean);
  EXPECT_EQ(counted(kMetOdd), 3U);
  EXPECT_STREQ(run_.reason(), "3 of 3 turns met the odd window, every reader got through");
  EXPECT_EQ(unsound_meetings(run_), nullptr);
}

TEST_F(RendezvousTest, MetOddMaskedAndMissedAreCountedApart) {
  meet([](Rendezvous& rendezvous, const Turn& turn) {
    if (turn.number == 0) rendezvous.meeting().arrive(true);
    if (turn.number == 1) rendezvous.meeting().note_masked();
    rendezvous.meeting().leave();
  });
  EXPECT_EQ(counted(kTurns), 3U);
  EXPECT_EQ(counted(kMetOdd), 1U);
  EXPECT_EQ(counted(kMetMasked), 1U);
  EXPECT_EQ(counted(kMissed), 1U);
  EXPECT_EQ(run_.verdict(), kClean);
  EXPECT_STREQ(run_.reason(), "2 of 3 turns met the odd window, every reader got through");
}

TEST_F(RendezvousTest, NothingMetIsInfra) {
  meet([](Rendezvous& rendezvous, const Turn&) { rendezvous.meeting().leave(); });
  EXPECT_EQ(counted(kMissed), 3U);
  EXPECT_EQ(run_.verdict(), Verdict(Outcome::kInfra));
  EXPECT_THAT(run_.reason(), testing::HasSubstr("nothing was tested"));
}

TEST_F(RendezvousTest, AReaderThatGaveUpIsSaidFirst) {
  meet([](Rendezvous& rendezvous, const Turn&) {
    rendezvous.run().count(kGaveUp);
    rendezvous.meeting().leave();
  });
  EXPECT_THAT(run_.reason(), testing::HasSubstr("gave up in 3 of 3 turns"));
}

TEST_F(RendezvousTest, AReaderThatDidNotGetThroughIsUnsound) {
  meet([](Rendezvous& rendezvous, const Turn& turn) {
    rendezvous.meeting().arrive(true);
    if (turn.number != 1) rendezvous.run().count(kReads);
    rendezvous.meeting().leave();
  });
  ASSERT_NE(unsound_meetings(run_), nullptr);
  EXPECT_THAT(unsound_meetings(run_), testing::HasSubstr("readers that got through"));
  run_.count(kReads);
  EXPECT_EQ(unsound_meetings(run_), nullptr);
  run_.count(kMissed);
  EXPECT_THAT(unsound_meetings(run_), testing::HasSubstr("meetings do not add up"));
}

TEST_F(RendezvousTest, StopInTheMiddleBeginsNoFurtherTurn) {
  settings_.set(Param::kLoops, 1'000'000);
  meet([](Rendezvous& rendezvous, const Turn& turn) {
    rendezvous.meeting().arrive(true);
    if (turn.number == 4) return rendezvous.run().stop();
    rendezvous.meeting().leave();
  });
  EXPECT_TRUE(run_.stopped());
  EXPECT_EQ(counted(kTurns), 4U);
  EXPECT_EQ(run_.verdict(), kClean);
}

// A reader that is never through holds nobody up who stops.
TEST_F(RendezvousTest, StopEndsTheWaitForTheReader) {
  meet([](Rendezvous& rendezvous, const Turn&) { rendezvous.run().stop(); });
  EXPECT_EQ(counted(kTurns), 0U);
  EXPECT_EQ(run_.verdict(), kClean);
}

}  // namespace
}  // namespace zlt::test
