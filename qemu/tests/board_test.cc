// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/run/board.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace zlt::run {
namespace {

using testing::HasSubstr;
using testing::Not;

// A FILE whose text can be looked at.
class BoardTest : public testing::Test {
 protected:
  void TearDown() override {
    std::fclose(file_);
    std::free(text_);
  }
  Board& board(Terminal look) {
    board_ = std::make_unique<Board>(file_, look);
    board_->set_columns({"stock", "stock-rt"});
    return *board_;
  }
  std::string text() {
    std::fflush(file_);
    return {text_, size_};
  }

 private:
  char* text_ = nullptr;
  size_t size_ = 0;
  std::FILE* file_ = ::open_memstream(&text_, &size_);
  std::unique_ptr<Board> board_;
};

TEST_F(BoardTest, PlainPrintsALinePerVerdictAndTheTableAtTheEnd) {
  Board& b = board({});
  b.set_column_note("stock", "booting");
  b.set("a/case", "stock", "turn 3/10", Tone::kWorking);
  b.draw();
  EXPECT_EQ(text(), "stock: booting\n");
  b.set("a/case", "stock", "ok clean", Tone::kGood);
  EXPECT_EQ(text(), "stock: booting\nstock: a/case: ok clean\n");
  b.set_column_note("stock", "");
  b.set("a/case", "stock-rt", "FAIL livelock", Tone::kBad);
  b.finish();
  EXPECT_THAT(text(), HasSubstr("case    stock     stock-rt\na/case  ok clean  FAIL livelock\n"));
  EXPECT_THAT(text(), Not(HasSubstr("\033")));
}

TEST_F(BoardTest, LiveRedrawsInPlace) {
  Board& b = board({true, 80, true});
  b.set("a/case", "stock", "turn 3/10", Tone::kWorking);
  b.draw();
  b.draw();
  EXPECT_THAT(text(), HasSubstr("turn 3/10"));
  EXPECT_THAT(text(), HasSubstr("\033[2A\033[J"));  // header and one row, taken back
}

TEST_F(BoardTest, ALineSaidMeanwhileStays) {
  Board& b = board({false, 80, true});
  b.draw();
  b.say("accelerator: TCG");
  EXPECT_THAT(text(), HasSubstr("\033[1A\033[Jaccelerator: TCG\n"));
}

TEST_F(BoardTest, ANarrowTerminalCutsTheTable) {
  Board& b = board({false, 30, true});
  b.set("irq-off-outside/thread", "stock", std::string(100, 'x'), Tone::kPlain);
  b.draw();
  std::string shown = text();
  for (size_t at = 0; at < shown.size();) {
    const size_t end = shown.find('\n', at);
    EXPECT_LT(end - at, 30U) << shown;
    at = end + 1;
  }
}

TEST_F(BoardTest, NothingIsLostWithoutATerminalHoweverWide) {
  Board& b = board({false, 30, false});
  b.set("a/case", "stock", std::string(100, 'x'), Tone::kPlain);
  b.finish();
  EXPECT_THAT(text(), HasSubstr(std::string(100, 'x')));
}

TEST_F(BoardTest, CountsCharactersNotBytes) {
  Board& b = board({});
  b.set("µ/case", "stock", "ok clean", Tone::kGood);
  b.finish();
  EXPECT_THAT(text(), HasSubstr("case    stock     stock-rt\nµ/case  ok clean\n"));
}

// A guest's words may be in any of these.
TEST_F(BoardTest, NothingThatIsShownCanForgeALineOrMoveTheCursor) {
  const std::string bad =
      "x\nstock: b/case: ok clean\x1b[2J\xc2\x9b"
      "1A\r";
  Board& b = board({false, 200, false});
  b.set_column_note("stock", bad);
  b.set(bad, "stock", bad, Tone::kBad);
  b.say(bad);
  b.finish();
  const std::string shown = text();
  EXPECT_EQ(std::count(shown.begin(), shown.end(), '\n'), 5) << shown;  // note, cell, line, head, row
  for (const char c : shown) {
    EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << shown;
  }
  EXPECT_THAT(shown, Not(HasSubstr("\xc2\x9b")));
}

}  // namespace
}  // namespace zlt::run
