// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/plans/memory_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace zlt::run {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Node 0 with low memory alone, node 1 not there, node 2 online for its CPU's sake, node 3 with a zone Normal.
MemoryView first_view() {
  MemoryView out;
  out.nodes[0] = {0, true, true, true, 240000, 200000, {{"DMA", 3998}, {"DMA32", 61000}}};
  out.nodes[1] = {};
  out.nodes[2] = {2, true, false, true, 0, 0, {}};
  out.nodes[3] = {3, true, true, false, 131072, 131000, {{"Normal", 32768}}};
  return out;
}

class Model : public testing::Test {
 protected:
  MemoryModel model{first_view()};
};

TEST_F(Model, ANodeIsRegisteredAndThenGetsItsFirstMemory) {
  EXPECT_THAT(model.add("d", 1, 256, "online_movable"), ElementsAre(3, 4));
  EXPECT_THAT(model.add("e", 1, 128, "online_movable"), IsEmpty());
  EXPECT_THAT(model.add("f", 1, 128, "online_kernel"), ElementsAre(4));  // another zone
}

TEST_F(Model, ANodeWithACpuIsThereAlready) {
  EXPECT_THAT(model.add("d", 2, 128, "online"), ElementsAre(3));
  EXPECT_THAT(model.remove("d"), ElementsAre(3));
  EXPECT_FALSE(model.differs(first_view()));
}

TEST_F(Model, APopulatedZoneIsNotRebuilt) {
  EXPECT_THAT(model.add("d", 3, 128, "online_kernel"), IsEmpty());
  EXPECT_THAT(model.remove("d"), IsEmpty());
  EXPECT_THAT(model.add("d", 0, 128, "online_kernel"), ElementsAre(3));  // above 4 GiB node 0 has nothing
}

TEST_F(Model, OfflineMemoryIsNoZones) {
  EXPECT_THAT(model.add("d", 1, 128, "offline"), ElementsAre(3));
  EXPECT_THAT(model.online("d", "kernel"), ElementsAre(4));
  EXPECT_THAT(model.online("d", "movable"), IsEmpty());  // it is online
  EXPECT_THAT(model.offline("d"), ElementsAre(4));
  EXPECT_THAT(model.offline("d"), IsEmpty());
  EXPECT_THAT(model.remove("d"), IsEmpty());
  EXPECT_FALSE(model.differs(first_view()));
}

TEST_F(Model, TheLastOfAZoneRebuildsAndNoOtherDoes) {
  ASSERT_THAT(model.add("d", 1, 128, "online_movable"), ElementsAre(3, 4));
  ASSERT_THAT(model.add("e", 1, 128, "online_movable"), IsEmpty());
  EXPECT_THAT(model.remove("d"), IsEmpty());
  EXPECT_THAT(model.remove("e"), ElementsAre(4));  // the node goes after its memory
  EXPECT_THAT(model.add("d", 1, 128, "online_movable"), ElementsAre(3, 4));
}

TEST_F(Model, VirtioMemGrowsAndShrinks) {
  EXPECT_THAT(model.resize("v", 1, 0, "online_movable"), IsEmpty());
  EXPECT_THAT(model.resize("v", 1, 128, "online_movable"), ElementsAre(3, 4));
  EXPECT_THAT(model.resize("v", 1, 512, "online_movable"), IsEmpty());
  EXPECT_THAT(model.resize("v", 1, 0, "online_movable"), ElementsAre(4));
}

TEST_F(Model, SaysWhatDiffers) {
  MemoryView now = first_view();
  EXPECT_FALSE(model.differs(now));
  ASSERT_THAT(model.add("d", 1, 128, "online_movable"), ElementsAre(3, 4));
  EXPECT_THAT(model.differs(now).value_or(""), HasSubstr("node 1 is offline, and must be online"));
  now.nodes[1].online = true;
  EXPECT_THAT(model.differs(now).value_or(""), HasSubstr("node 1 has no memory, and must have some"));
  now.nodes[1].has_memory = true;
  now.nodes[1].total_kb = 131071;
  EXPECT_THAT(model.differs(now).value_or(""), HasSubstr("131071 kB, and must have 131072"));
  now.nodes[1].total_kb = 131072;
  EXPECT_FALSE(model.differs(now));
  now.nodes.erase(2);
  EXPECT_THAT(model.differs(now).value_or(""), HasSubstr("does not know node 2"));
}

}  // namespace
}  // namespace zlt::run
