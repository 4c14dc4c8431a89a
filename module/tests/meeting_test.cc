// SPDX-License-Identifier: GPL-2.0-only
#include "module/core/meeting/meeting.h"

#include <gtest/gtest.h>

#include <thread>

namespace zlt {
namespace {

using Stage = Meeting::Stage;

TEST(Meeting, BeginsApart) {
  const Meeting meeting;
  EXPECT_EQ(meeting.stage(), Stage::kApart);
  EXPECT_FALSE(meeting.met_odd());
  EXPECT_FALSE(meeting.met_masked());
}

TEST(Meeting, GoesThroughItsStages) {
  Meeting meeting;
  meeting.ask();
  EXPECT_EQ(meeting.stage(), Stage::kAsked);
  meeting.ready();
  EXPECT_EQ(meeting.stage(), Stage::kReady);
  meeting.invite(Meeting::By::kInterrupt, 77);
  EXPECT_EQ(meeting.stage(), Stage::kInvited);
  EXPECT_EQ(meeting.by(), Meeting::By::kInterrupt);
  EXPECT_EQ(meeting.due_ns(), 77U);
  meeting.arrive(true);
  EXPECT_EQ(meeting.stage(), Stage::kArrived);
  meeting.leave();
  EXPECT_EQ(meeting.stage(), Stage::kLeft);
  EXPECT_TRUE(meeting.met_odd());
}

TEST(Meeting, ReadyIsNoStepBack) {
  Meeting meeting;
  meeting.ask();
  meeting.ready();
  meeting.invite(Meeting::By::kThread, 0);
  meeting.ready();
  EXPECT_EQ(meeting.stage(), Stage::kInvited);
}

TEST(Meeting, ReadyNeedsToBeAsked) {
  Meeting meeting;
  meeting.ready();
  EXPECT_EQ(meeting.stage(), Stage::kApart);
}

TEST(Meeting, MaskedCountsOnlyWhenTheReaderDidNotSeeIt) {
  Meeting meeting;
  meeting.note_masked();
  EXPECT_TRUE(meeting.met_masked());
  meeting.arrive(true);
  EXPECT_FALSE(meeting.met_masked());
  EXPECT_TRUE(meeting.met_odd());
}

TEST(Meeting, AnEvenArrivalIsNoMeeting) {
  Meeting meeting;
  meeting.invite(Meeting::By::kThread, 0);
  meeting.arrive(false);
  meeting.leave();
  EXPECT_FALSE(meeting.met_odd());
  EXPECT_FALSE(meeting.met_masked());
}

TEST(Meeting, ResetForgets) {
  Meeting meeting;
  meeting.note_masked();
  meeting.arrive(true);
  meeting.reset();
  EXPECT_EQ(meeting.stage(), Stage::kApart);
  EXPECT_FALSE(meeting.met_odd());
  EXPECT_FALSE(meeting.met_masked());
}

// What one side wrote before a stage, the other sees after it: under TSan, without a lock.
TEST(Meeting, StagesPublishWhatWasWrittenBeforeThem) {
  constexpr uint64_t kTurns = 200;
  Meeting meeting;
  uint64_t left_behind = 0;  // the reader's, read by the writer
  const auto reach = [&](Stage stage) {
    while (meeting.stage() != stage) std::this_thread::yield();
  };
  std::thread reader([&] {
    for (uint64_t turn = 1; turn <= kTurns; ++turn) {
      reach(Stage::kAsked);
      meeting.ready();
      reach(Stage::kInvited);
      left_behind = meeting.due_ns();
      meeting.arrive(true);
      meeting.leave();
    }
  });
  uint64_t wrong = 0;
  for (uint64_t turn = 1; turn <= kTurns; ++turn) {
    meeting.reset();
    meeting.ask();
    reach(Stage::kReady);
    meeting.invite(Meeting::By::kThread, turn);
    reach(Stage::kLeft);
    if (left_behind != turn) ++wrong;
  }
  reader.join();
  EXPECT_EQ(wrong, 0U);
}

}  // namespace
}  // namespace zlt
