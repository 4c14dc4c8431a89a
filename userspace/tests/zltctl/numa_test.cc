// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/numa.h"

#include <gmock/gmock.h>

#include "userspace/base/files.h"
#include "userspace/tests/zltctl/fake_sysfs.h"
#include "userspace/zltctl/memory.h"

namespace zlt::ctl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

class Numa : public testing::Test {
 protected:
  Numa() { test::write_sysfs(folder, environment); }

  // As it comes over the wire.
  Result<std::vector<MemoryWrite>> writes_of(protocol::Json command) {
    command["op"] = "memory";
    const auto parsed = protocol::command_from(protocol::Json::parse(command.dump()));
    if (!parsed) return tl::unexpected(parsed.error());
    return memory_writes(environment, std::get<protocol::SetMemory>(*parsed));
  }
  std::vector<unsigned> blocks_of(const protocol::Json& command) {
    const auto writes = writes_of(command);
    EXPECT_TRUE(writes) << writes.error().line();
    std::vector<unsigned> out;
    for (const MemoryWrite& each : writes.value_or(std::vector<MemoryWrite>())) out.push_back(each.block);
    return out;
  }
  std::string refused(const protocol::Json& command) {
    const auto writes = writes_of(command);
    EXPECT_FALSE(writes);
    return writes ? "" : writes.error().line();
  }

  test::TempFolder folder;
  Environment environment;
};

TEST(NumbersOf, ReadsAKernelsList) {
  EXPECT_THAT(numbers_of("0-2,5"), ElementsAre(0, 1, 2, 5));
  EXPECT_THAT(numbers_of(""), IsEmpty());
  EXPECT_THAT(numbers_of("x,3"), ElementsAre(3));
}

TEST_F(Numa, ReadsNodesAndBlocks) {
  const auto memory = read_memory(environment);
  ASSERT_TRUE(memory) << memory.error().line();
  EXPECT_EQ(memory->policy, "online_movable");
  EXPECT_EQ(memory->block_bytes, 128U << 20U);
  EXPECT_EQ(memory->free_kb, 332234U);
  EXPECT_EQ(memory->slab_kb, 4321U);
  ASSERT_EQ(memory->nodes.size(), 3U);
  const NumaNode& first = memory->nodes[0];
  EXPECT_TRUE(first.online && first.has_memory && first.has_cpu);
  EXPECT_EQ(first.free_kb, 201234U);
  EXPECT_THAT(first.zones, ElementsAre(Pair("DMA", 3998U)));  // an empty zone is none
  const NumaNode& second = memory->nodes[1];
  EXPECT_TRUE(second.online && second.has_memory);
  EXPECT_FALSE(second.has_cpu);
  EXPECT_THAT(second.zones, ElementsAre(Pair("Movable", 32768U)));
  EXPECT_FALSE(memory->nodes[2].online);
  const std::vector<MemoryBlock> blocks = read_blocks(environment);
  ASSERT_EQ(blocks.size(), 3U);
  EXPECT_EQ(blocks[1].node, 1U);
  EXPECT_EQ(blocks[1].state, "online");
  EXPECT_EQ(blocks[2].state, "offline");
}

TEST_F(Numa, SaysThatThereAreNoNodes) {
  environment.sysfs = folder.file("nothing");
  const auto memory = read_memory(environment);
  ASSERT_FALSE(memory);
  EXPECT_THAT(memory.error().hint, HasSubstr("CONFIG_NUMA"));
}

TEST_F(Numa, ChoosesTheBlocksThatAreNotThereYet) {
  EXPECT_THAT(blocks_of({{"node", 1}, {"state", "online"}}), ElementsAre(33));
  EXPECT_THAT(blocks_of({{"node", 1}, {"state", "offline"}}), ElementsAre(32));
  EXPECT_THAT(blocks_of({{"node", 1}, {"state", "offline"}, {"blocks", {33}}}), IsEmpty());
  EXPECT_THAT(blocks_of({{"node", 2}, {"state", "online"}}), IsEmpty());
  test::write_block(folder, 33, 1, "online");
  EXPECT_THAT(blocks_of({{"node", 1}, {"state", "offline"}}), ElementsAre(33, 32));
}

TEST_F(Numa, WritesTheWord) {
  const auto writes = writes_of({{"node", 1}, {"state", "online_kernel"}});
  ASSERT_TRUE(writes && writes->size() == 1U);
  EXPECT_EQ(writes->front().write(), 0);
  EXPECT_THAT(read_file(folder.file("sys/devices/system/memory/memory33/state")).value_or(""),
              testing::StartsWith("online_kernel"));
  std::filesystem::remove(folder.file("sys/devices/system/memory/memory33/state"));
  EXPECT_EQ(writes->front().write(), ENOENT);
}

TEST_F(Numa, RefusesWhatItDoesNotKnow) {
  EXPECT_THAT(refused({{"policy", "always"}}), HasSubstr("not one of offline, online, online_kernel, online_movable"));
  EXPECT_THAT(refused({{"node", 1}, {"state", "on"}}), HasSubstr("`state` is \"on\""));
  EXPECT_THAT(refused({{"state", "online"}}), HasSubstr("names no node"));
  EXPECT_THAT(refused({{"node", -1}, {"state", "online"}}), HasSubstr("`node` is -1"));
  EXPECT_THAT(refused({{"node", 7}, {"state", "online"}}), HasSubstr("node 7 is not possible"));
}

}  // namespace
}  // namespace zlt::ctl
