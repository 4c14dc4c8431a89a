// SPDX-License-Identifier: GPL-2.0-only
//
// Machines and plans as files: those that come along, and what is wrong with others.
#include "qemu/zlt/plans/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "qemu/tests/temp_dir.h"
#include "qemu/zlt/plans/topology.h"
#include "userspace/base/files.h"
#include "userspace/base/nearest.h"

namespace zlt::run {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

constexpr const char* kMachine =
    "name = \"m\"\nslots = 2\nmax_mib = 2048\n[[node]]\nmemory_mib = 256\ncpus = [0, 1]\n[[node]]\n";

class Files : public testing::Test {
 protected:
  std::string machine(const std::string& text) {
    EXPECT_TRUE(write_file(dir.path() / "m.toml", text));
    const Result<Topology> read = load_topology(dir.path() / "m.toml");
    return read ? joined(topology_memory(*read), " ") : read.error().line();
  }
  std::string plan(const std::string& steps, const std::string& more = "") {
    EXPECT_TRUE(write_file(dir.path() / "m.toml", kMachine));
    EXPECT_TRUE(write_file(dir.path() / "p.toml", "name = \"p\"\nmachine = \"m\"\n" + more + steps));
    const Result<Plan> read = load_plan(dir.path() / "p.toml");
    if (!read) {
      return read.error().line();
    }
    const Result<Topology> topology = load_topology(dir.path() / "m.toml");
    const Status good = check_plan(*read, *topology);
    return good ? "good" : good.error().line();
  }

  test::TempDir dir;
};

TEST_F(Files, AMachineIsWordsForQemu) {
  EXPECT_EQ(machine(kMachine),
            "-m 256M,slots=2,maxmem=2048M -object memory-backend-ram,id=ram0,size=256M "
            "-numa node,nodeid=0,cpus=0,cpus=1,memdev=ram0 -numa node,nodeid=1");
  EXPECT_THAT(machine(std::string(kMachine) + "[[virtio_mem]]\nid = \"v\"\nnode = 1\nsize_mib = 256\n"),
              HasSubstr("-device virtio-mem-pci,id=v,memdev=mem-v,node=1,requested-size=0"));
}

TEST_F(Files, AnEmptyNodeThatIsNotTheLastIsMadeKnown) {
  const std::string words =
      machine("name = \"m\"\nslots = 2\nmax_mib = 2048\n[[node]]\nmemory_mib = 256\ncpus = [0]\n[[node]]\n[[node]]\n");
  EXPECT_THAT(words,
              AllOf(HasSubstr("-m 256M,slots=3,maxmem=2176M "), HasSubstr("nvdimm,id=nvdimm1,memdev=known1,node=1")));
  const Result<Topology> read = load_topology(dir.path() / "m.toml");
  ASSERT_TRUE(read);
  EXPECT_EQ(topology_machine(*read), "q35,nvdimm=on");
  EXPECT_EQ(topology_smp(*read), "1");
}

TEST_F(Files, CpusOfTwoNodesAreInTwoSockets) {
  machine("name = \"m\"\nlow_mib = 256\n[[node]]\nmemory_mib = 256\ncpus = [0]\n[[node]]\ncpus = [1]\n");
  const Result<Topology> read = load_topology(dir.path() / "m.toml");
  ASSERT_TRUE(read);
  EXPECT_EQ(topology_smp(*read), "2,sockets=2,cores=1,threads=1");
  EXPECT_EQ(topology_machine(*read), "q35,max-ram-below-4g=256M");
}

TEST_F(Files, SaysWhatIsWrongWithAMachine) {
  EXPECT_THAT(machine("name = \"n\"\n[[node]]\nmemory_mib = 256\ncpus = [0]\n"), HasSubstr("the file's is \"m\""));
  EXPECT_THAT(machine("name = \"m\"\n"), HasSubstr("1 to 16 nodes"));
  EXPECT_THAT(machine("name = \"m\"\n[[node]]\nmemory_mib = 64\ncpus = [0]\n"), HasSubstr("a kernel needs 128"));
  EXPECT_THAT(machine("name = \"m\"\n[[node]]\nmemory_mib = 256\n"), HasSubstr("no node has a CPU"));
  EXPECT_THAT(machine("name = \"m\"\n[[node]]\nmemory_mib = 256\ncpus = [0, 2]\n"), HasSubstr("every CPU from 0 on"));
  EXPECT_THAT(machine("name = \"m\"\n[[node]]\nmemory_mib = 256\ncpus = 2\n"), HasSubstr("m.toml:4: \"cpus\""));
  EXPECT_THAT(machine("name = \"m\"\nslots = \"two\"\n[[node]]\nmemory_mib = 256\ncpus = [0]\n"),
              HasSubstr("m.toml:2: \"slots\" must be a number"));
  EXPECT_THAT(machine("name = \"m\"\nslots = 999\n[[node]]\nmemory_mib = 256\ncpus = [0]\n"),
              HasSubstr("from 0 to 64"));
  EXPECT_THAT(machine(std::string(kMachine) + "[[virtio_mem]]\nid = \"v\"\nnode = 1\nsize_mib = 200\n"),
              HasSubstr("no multiple of a memory block"));
  EXPECT_THAT(machine(std::string(kMachine) + "[[virtio_mem]]\nid = \"v\"\nnode = 1\nsize_mib = 2048\n"),
              HasSubstr("less than nodes and virtio_mem need: 2304"));
}

// A name becomes a part of QEMU's options, where a comma begins the next one, and of folders.
TEST_F(Files, RefusesWhatIsNoName) {
  const auto device = [this](const std::string& id) {
    return machine(std::string(kMachine) + "[[virtio_mem]]\nid = \"" + id + "\"\nnode = 1\nsize_mib = 128\n");
  };
  const auto step = [this](const std::string& text) { return plan("[[step]]\n" + text); };
  for (const std::string& id :
       {std::string("d,x=y"), std::string("a,b=c"), std::string(), std::string("../d"), std::string(".d"),
        std::string("d d"), std::string("d\\u001b[2J"), std::string(65, 'd')}) {
    EXPECT_THAT(device(id), HasSubstr("is no name")) << id;
    EXPECT_THAT(step("plug = \"" + id + "\"\nnode = 1\nsize_mib = 128\n"), HasSubstr("is no name")) << id;
    EXPECT_THAT(step("unplug = \"" + id + "\"\n"), HasSubstr("is no name")) << id;
  }
  EXPECT_THAT(device("d\\u001b[2J"), HasSubstr("m.toml:9: id = \"d\\x1b[2J\" is no name"));
  EXPECT_THAT(device("nvdimm1"), HasSubstr("may be another device's"));
  EXPECT_THAT(device("v\"\nnode = 1\nsize_mib = 128\n[[virtio_mem]]\nid = \"v"), HasSubstr("two of id \"v\""));
}

TEST_F(Files, TakesEveryKindOfStep) {
  EXPECT_EQ(plan("[[step]]\nrepeat = 2\n[[step.step]]\nplug = \"d\"\nnode = 1\nsize_mib = 128\npolicy = \"offline\"\n"
                 "[[step.step]]\nonline = \"d\"\nzone = \"kernel\"\n[[step.step]]\noffline = \"d\"\n"
                 "[[step.step]]\nunplug = \"d\"\n[[step]]\nwait_for = 1\nonline = false\n"
                 "[[step]]\nparallel = \"a/b\"\nparams = { loops = 7 }\n[[step.step]]\nwait_for = 0\nonline = true\n"),
            "good");
}

TEST_F(Files, SaysWhatIsWrongWithAPlan) {
  EXPECT_THAT(plan(""), HasSubstr("there are no steps"));
  EXPECT_THAT(plan("[[step]]\nplug = \"d\"\nunplug = \"e\"\n"), HasSubstr("not both plug and unplug"));
  EXPECT_THAT(plan("[[step]]\nplug = \"d\"\nsize_mib = 128\n"), HasSubstr("\"node\" is missing"));
  EXPECT_THAT(plan("[[step]]\nplug = \"d\"\nnode = 1\nsize_mib = 128\ntimes = 2\n"),
              AllOf(HasSubstr("p.toml:7: unknown key \"times\""), HasSubstr("known are ")));
  EXPECT_THAT(plan("[[step]]\nplug = \"d\"\nnode = 1\nsize_mib = 128\npolicy = \"on\"\n"),
              AllOf(HasSubstr("unknown policy \"on\""), HasSubstr("online_movable")));
  EXPECT_THAT(plan("[[step]]\nplug = \"node1\"\nnode = 1\nsize_mib = 128\n"), HasSubstr("a name that is not taken"));
  EXPECT_THAT(plan("[[step]]\nwait_for = 1\n"), HasSubstr("wait_for what?"));
  EXPECT_THAT(plan("[[step]]\nwait_for = 5\nonline = true\n"), HasSubstr("has no node 5"));
  EXPECT_THAT(plan("[[step]]\nresize = \"v\"\nsize_mib = 128\n"), HasSubstr("no virtio-mem device \"v\""));
  EXPECT_THAT(plan("[[step]]\nparallel = \"a/b\"\nparams = { lops = 7 }\n[[step.step]]\nwait_for = 1\nonline = true\n"),
              HasSubstr("known are loops"));
  EXPECT_THAT(plan("[[step]]\noffline = \"d\"\n"), HasSubstr("no \"d\" at this point"));
}

TEST_F(Files, WhatIsPluggedInEveryRoundMustGoInEveryRound) {
  EXPECT_THAT(plan("[[step]]\nrepeat = 2\n[[step.step]]\nplug = \"d\"\nnode = 1\nsize_mib = 128\n"),
              HasSubstr("a name that is not taken"));
}

TEST_F(Files, AReplugNeedsWhatGoesAndANameForWhatComes) {
  const std::string plugged = "[[step]]\nplug = \"d\"\nnode = 1\nsize_mib = 128\n";
  EXPECT_EQ(plan(plugged + "[[step]]\nreplug = \"d\"\nas = \"e\"\nnode = 1\nsize_mib = 128\n"
                           "[[step]]\nunplug = \"e\"\n"),
            "good");
  EXPECT_THAT(plan("[[step]]\nreplug = \"d\"\nas = \"e\"\nnode = 1\nsize_mib = 128\n"),
              HasSubstr("no \"d\" at this point"));
  EXPECT_THAT(plan(plugged + "[[step]]\nreplug = \"d\"\nnode = 1\nsize_mib = 128\n"), HasSubstr("\"as\" is missing"));
}

// Those that come along are right, and each plan fits its machine.
TEST(OwnFiles, AreGood) {
  const fs::path data = fs::path(ZLT_SOURCE) / "qemu";
  Result<std::vector<Plan>> plans = load_plans(data / "plans");
  ASSERT_TRUE(plans) << plans.error().line();
  const Result<std::vector<Plan>> by_name = load_plans(data / "plans" / "by-name");
  ASSERT_TRUE(by_name) << by_name.error().line();
  plans->insert(plans->end(), by_name->begin(), by_name->end());
  EXPECT_GE(plans->size(), 7U);
  for (const Plan& plan : *plans) {
    const Result<Topology> topology = find_topology(data / "machines", plan.machine);
    ASSERT_TRUE(topology) << topology.error().line();
    const Status good = check_plan(plan, *topology);
    EXPECT_TRUE(good) << good.error().line();
  }
}

}  // namespace
}  // namespace zlt::run
