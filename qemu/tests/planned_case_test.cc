// SPDX-License-Identifier: GPL-2.0-only
//
// What is expected of a plan on a kernel.
#include "qemu/zlt/run/planned_case.h"

#include <gtest/gtest.h>

namespace zlt::run {
namespace {

constexpr const char* kHotplug = "CONFIG_NUMA=y\nCONFIG_MEMORY_HOTPLUG=y\nCONFIG_MEMORY_HOTREMOVE=y\n";
const report::Outcomes kUnsupported = {"unsupported"};

class PlannedCaseTest : public testing::Test {
 protected:
  PlannedCaseTest() { plan->name = "p"; }
  report::Outcomes expected(const KernelOptions& kernel) const {
    return plan_jobs(options, flavour, {plan, topology}, kernel, 1).at(0).expected;
  }
  std::shared_ptr<Plan> plan = std::make_shared<Plan>();
  std::shared_ptr<Topology> topology = std::make_shared<Topology>();
  RunOptions options;
  Flavour flavour;
};

TEST_F(PlannedCaseTest, IsCleanUnlessSomebodySaysOtherwise) {
  EXPECT_EQ(expected({kHotplug}), report::Outcomes());
  flavour.expect["hotplug/*"] = {"splat:sleeping-atomic"};
  EXPECT_EQ(expected({kHotplug}), report::Outcomes{"splat:sleeping-atomic"});
  options.expect["hotplug/p"] = {"deadlock"};
  EXPECT_EQ(expected({kHotplug}), report::Outcomes{"deadlock"});
}

TEST_F(PlannedCaseTest, AKernelThatCannotIsUnsupported) {
  flavour.expect["hotplug/*"] = {"splat:sleeping-atomic"};
  EXPECT_EQ(expected({"CONFIG_NUMA=y\n# CONFIG_MEMORY_HOTPLUG is not set\n"}), kUnsupported);
  EXPECT_EQ(expected({""}), report::Outcomes{"splat:sleeping-atomic"}) << "nothing is known of it";
}

TEST_F(PlannedCaseTest, VirtioMemNeedsItsDrivers) {
  topology->virtio_mem.push_back({"vm0", 1, 128});
  const std::string modules = std::string(kHotplug) + "CONFIG_VIRTIO_MEM=m\nCONFIG_VIRTIO_PCI=m\n";
  const std::string built_in = std::string(kHotplug) + "CONFIG_VIRTIO_MEM=y\nCONFIG_VIRTIO_PCI=y\n";
  EXPECT_EQ(expected({kHotplug, true}), kUnsupported);
  EXPECT_EQ(expected({modules, false}), kUnsupported);
  EXPECT_EQ(expected({modules, true}), report::Outcomes());
  EXPECT_EQ(expected({built_in, false}), report::Outcomes());
}

}  // namespace
}  // namespace zlt::run
