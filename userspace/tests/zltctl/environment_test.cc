// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/environment.h"

#include <gtest/gtest.h>

#include "userspace/tests/zltctl/temp_folder.h"

namespace zlt::ctl {
namespace {

class EnvironmentTest : public testing::Test {
 protected:
  EnvironmentTest() {
    environment_.lockdep_stats = folder_.file("lockdep_stats");
    environment_.cpus_online = folder_.file("online");
    environment_.lockdown = folder_.file("lockdown");
    environment_.filesystems = folder_.file("filesystems");
  }
  test::TempFolder folder_;
  Environment environment_;
};

TEST_F(EnvironmentTest, DebugLocksIsUnknownWithoutLockdep) {
  EXPECT_EQ(debug_locks(environment_), std::nullopt);
  folder_.write("lockdep_stats", " lock-classes:                         1201 [max: 8192]\n");
  EXPECT_EQ(debug_locks(environment_), std::nullopt);
}

TEST_F(EnvironmentTest, DebugLocksTellsWhetherLockdepIsAlive) {
  const std::string before = " lock-classes:                         1201 [max: 8192]\n max lock depth:    18\n";
  folder_.write("lockdep_stats", before + " debug_locks:                             1\n");
  EXPECT_EQ(debug_locks(environment_), true);
  folder_.write("lockdep_stats", before + " debug_locks:                             0\n\n zapped classes: 1\n");
  EXPECT_EQ(debug_locks(environment_), false);
}

TEST_F(EnvironmentTest, ReadsTheListOfCpus) {
  folder_.write("online", "0-3,6\n");
  const std::string list = cpus_online(environment_);
  EXPECT_EQ(list, "0-3,6");
  for (const uint64_t cpu : {0, 3, 6}) EXPECT_TRUE(cpu_in_list(list, cpu)) << cpu;
  for (const uint64_t cpu : {4, 5, 7}) EXPECT_FALSE(cpu_in_list(list, cpu)) << cpu;
  EXPECT_FALSE(cpu_in_list("", 0));
}

TEST_F(EnvironmentTest, KnowsALockedDownKernel) {
  EXPECT_FALSE(locked_down(environment_));
  folder_.write("lockdown", "[none] integrity confidentiality\n");
  EXPECT_FALSE(locked_down(environment_));
  folder_.write("lockdown", "none [integrity] confidentiality\n");
  EXPECT_TRUE(locked_down(environment_));
}

TEST_F(EnvironmentTest, KnowsAKernelWithoutDebugfs) {
  EXPECT_TRUE(has_debugfs(environment_));  // no /proc: nobody knows
  folder_.write("filesystems", "nodev\tsysfs\nnodev\tproc\n\text4\n");
  EXPECT_FALSE(has_debugfs(environment_));
  folder_.write("filesystems", "nodev\tsysfs\nnodev\tdebugfs\n");
  EXPECT_TRUE(has_debugfs(environment_));
}

TEST(RealEnvironment, HasARelease) {
  EXPECT_FALSE(Environment::real().release.empty());
}

}  // namespace
}  // namespace zlt::ctl
