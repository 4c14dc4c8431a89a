// SPDX-License-Identifier: GPL-2.0-only
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "userspace/splat/anchors.h"
#include "userspace/splat/kinds.h"
#include "userspace/tests/splat_corpus.h"

namespace zlt::splat {
namespace {

TEST(Anchors, FindsTheSameAsByteByByte) {
  std::mt19937 random(7);
  const std::string letters = "BUG: WARNING: INFO: panic kernel\n[ cut here ]";
  for (int round = 0; round < 2000; ++round) {
    std::string text(random() % 200, ' ');
    for (char& c : text) c = letters[random() % letters.size()];
    if (round % 3 == 0) text.insert(random() % (text.size() + 1), "BUG: ");
    ASSERT_EQ(find_anchor(text, 0), find_anchor_slow(text, 0)) << text;
  }
}

TEST(Anchors, StandAtAnyPlaceOfAVector) {
  for (size_t pad = 0; pad < 100; ++pad) {
    const std::string text = std::string(pad, '.') + "general protection fault: 0000" + std::string(pad % 37, '.');
    EXPECT_LT(find_anchor(text, 0), text.size()) << pad;
    EXPECT_EQ(find_anchor(std::string(pad, '.') + "general protectio", 0), pad + 17) << pad;
  }
}

// A kind whose trigger holds no anchor would never be found.
TEST(Anchors, AreInEachTrigger) {
  for (const auto& family : all_kinds()) {
    for (const Kind& kind : family) {
      std::string first = std::string(kind.trigger) + std::string(kind.also);
      if (first.ends_with("[#")) first += "1]";  // the first of a boot
      EXPECT_LT(find_anchor(first, 0), first.size()) << first;
    }
  }
}

TEST(Anchors, CountsNewlines) {
  for (size_t size = 0; size < 200; ++size) {
    std::string text(size, 'x');
    for (size_t i = 0; i < size; i += 3) text[i] = '\n';
    EXPECT_EQ(count_newlines(text), static_cast<size_t>(std::count(text.begin(), text.end(), '\n')));
  }
}

}  // namespace
}  // namespace zlt::splat
