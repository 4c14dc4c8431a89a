// SPDX-License-Identifier: GPL-2.0-only
//
// `zlt hotplug`, whole, over the fake: what a plan proves, every way it can go wrong, and bad input.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "qemu/tests/sandbox.h"
#include "userspace/base/files.h"

namespace zlt::test {
namespace {

namespace fs = std::filesystem;
using run::get_bool;
using run::get_number;
using run::get_string;
using run::get_strings;
using run::Json;
using run::member;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kMachine =
    "name = \"two\"\nslots = 2\nmax_mib = 2048\n[[node]]\nmemory_mib = 256\ncpus = [0, 1]\n[[node]]\n";
constexpr const char* kPlug = "[[step]]\nplug = \"dimm1\"\nnode = 1\nsize_mib = 128\n";

constexpr const char* kCycles =
    "[[step]]\nrepeat = 3\nno_leak = true\n[[step.step]]\nplug = \"d\"\nnode = 1\nsize_mib = 128\npolicy = "
    "\"offline\"\n"
    "[[step.step]]\nonline = \"d\"\nzone = \"kernel\"\n[[step.step]]\noffline = \"d\"\n[[step.step]]\nunplug = "
    "\"d\"\n";

class Hotplug : public SandboxTest {
 protected:
  Hotplug() {
    box.script["cases"] = {{"a/case", fake_case({"clean"}, {"clean"}, "slow")}};
    put(machine(), kMachine);
    plan(kPlug);
  }

  fs::path machine() const { return box.data() / "qemu" / "machines" / "two.toml"; }
  fs::path plan_file() const { return box.data() / "qemu" / "plans" / "p.toml"; }
  static void put(const fs::path& path, const std::string& text) {
    fs::create_directories(path.parent_path());
    ASSERT_TRUE(write_file(path, text));
  }
  void plan(const std::string& steps, const std::string& more = "limit_s = 20\n") {
    put(plan_file(), "name = \"p\"\nmachine = \"two\"\n" + more + steps);
  }
  Ran hotplug(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words = {"hotplug", "--plan", "p"};
    words.insert(words.end(), more.begin(), more.end());
    return box.zlt(words);
  }
  // The record of a run that ends with this status.
  Json after(int status, const std::vector<std::string>& more = {}) {
    const Ran ran = hotplug(more);
    EXPECT_EQ(ran.status, status) << ran.output;
    return box.record("hotplug/p");
  }
  // The line of zlt's own complaint.
  std::string complaint(const std::vector<std::string>& more = {}) {
    const Ran ran = hotplug(more);
    EXPECT_EQ(ran.status, 2) << ran.output;
    EXPECT_THAT(box.starts(), IsEmpty()) << "a guest was started for nothing";
    const size_t at = ran.output.rfind("zlt: ");
    return at == std::string::npos ? ran.output : ran.output.substr(at);
  }
  std::vector<Json> steps() const {
    const Json record = box.record("hotplug/p");
    std::istringstream lines(
        read_file(box.results() / "latest" / get_string(record, "artifacts") / "steps.jsonl").value_or(""));
    std::vector<Json> out;
    for (std::string line; std::getline(lines, line);) {
      out.push_back(Json::parse(line, nullptr, false));
    }
    return out;
  }
};

TEST_F(Hotplug, AnEmptyNodeIsRebuiltTwice) {
  plan(std::string(kPlug) + "[[step]]\nwait_for = 1\nonline = true\nhas_memory = true\n[[step]]\nunplug = \"dimm1\"\n");
  const Json record = after(0);
  EXPECT_THAT(get_strings(record, "observed"), ElementsAre("clean"));
  EXPECT_EQ(get_string(record, "expected_by"), "plan");
  EXPECT_EQ(get_number(member(record, "counters"), "rebuilds"), 3U);
  EXPECT_EQ(get_number(member(record, "counters"), "zonelists"), 5U);
  EXPECT_EQ(get_string(member(record, "facts"), "ordering"), "irq-off-outside");
  EXPECT_THAT(get_string(member(record, "facts"), "nodes.before"), HasSubstr("node1 offline"));
  const std::vector<Json> seen = steps();
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_EQ(member(seen[0], "rebuilds"), (Json{{"implied", {1, 2}}, {"printed", {1, 2}}, {"probed", {1, 2}}}));
  EXPECT_FALSE(get_bool(seen[0]["before"]["1"], "online"));
  EXPECT_TRUE(get_bool(seen[0]["after"]["1"], "has_memory"));
  EXPECT_EQ(seen[0]["events"][0]["event"], "ACPI_DEVICE_OST");
  EXPECT_EQ(member(seen[2]["rebuilds"], "printed"), Json({2}));
  std::uint64_t took_ms = 0;
  for (const Json& step : seen) {
    ASSERT_TRUE(step.contains("took_ms") && step.contains("look_ms"));
    took_ms += get_number(step, "took_ms");
  }
  EXPECT_LE(took_ms * 1000, get_number(member(record, "counters"), "step_us"));
  EXPECT_THAT(read_file(box.results() / "latest" / get_string(record, "artifacts") / "qemu.sh").value_or(""),
              HasSubstr("-numa node,nodeid=1"));
}

TEST_F(Hotplug, IsACaseLikeAllOthers) {
  Ran ran = box.run({"--case", "hotplug/*,a/*", "--repeat", "2"});
  EXPECT_EQ(ran.status, 0) << ran.output;
  EXPECT_EQ(member(box.latest(), "summary")["cases"], 4);
  EXPECT_THAT(box.starts(), testing::Contains("restore"));
  ran = box.run({"--case", "hotplug/q"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.output, HasSubstr("known are hotplug/p"));
}

TEST_F(Hotplug, MoreMemoryForAZoneRebuildsNothing) {
  plan(std::string(kPlug) + "[[step]]\nplug = \"dimm2\"\nnode = 1\nsize_mib = 128\n");
  EXPECT_EQ(get_number(member(after(0), "counters"), "rebuilds"), 2U);
  EXPECT_EQ(member(steps()[1]["rebuilds"], "implied"), Json::array());
}

TEST_F(Hotplug, GoesRoundInCycles) {
  plan(kCycles);
  const Json record = after(0);
  EXPECT_EQ(get_number(member(record, "counters"), "cycles"), 3U);
  EXPECT_EQ(get_number(member(record, "counters"), "steps"), 12U);
  EXPECT_EQ(get_number(member(record, "counters"), "rebuilds"), 9U);
  EXPECT_THAT(get_string(member(record, "facts"), "leak"), HasSubstr("0.00 % of free memory"));
}

// DEVICE_DELETED is not the end of an eject.
TEST_F(Hotplug, AnUnplugIsOverWhenTheKernelSaysSo) {
  box.script["hotplug"] = {{"unplug", "unfinished"}};
  plan(std::string(kPlug) + "[[step]]\nunplug = \"dimm1\"\n", "limit_s = 1\n");
  EXPECT_THAT(get_string(after(2, {"--no-confirm"}), "reason"),
              HasSubstr("the event ACPI_DEVICE_OST, source 3, of slot 0 never came"));
}

TEST_F(Hotplug, PlugsIntoAnEject) {
  plan(std::string(kPlug) + "[[step]]\nreplug = \"dimm1\"\nas = \"dimm2\"\nnode = 1\nsize_mib = 128\n");
  EXPECT_EQ(get_number(member(after(0), "counters"), "rebuilds"), 5U);
}

TEST_F(Hotplug, SlabThatComesAndGoesIsNoLeak) {
  box.script["hotplug"] = {
      {"slab", "swings"}};  // the last look of the last round is at a high, that of the first is not
  plan(kCycles);
  EXPECT_THAT(get_string(member(after(0), "facts"), "leak"), HasSubstr("5400 kB at most"));
}

TEST_F(Hotplug, SlabThatGrowsWithEveryRoundIsALeak) {
  box.script["hotplug"] = {{"slab", "leaks"}};
  plan(kCycles);
  EXPECT_THAT(get_string(after(1), "reason"), HasSubstr("memory did not come back"));
}

TEST_F(Hotplug, RunsBesideACase) {
  plan("[[step]]\nparallel = \"a/case\"\n[[step.step]]\nplug = \"d\"\nnode = 1\nsize_mib = 128\n");
  EXPECT_THAT(get_string(member(after(0), "facts"), "a/case"), HasSubstr("clean"));
  box.script["cases"]["a/case"]["verdict"] = {"livelock"};
  EXPECT_THAT(get_strings(after(1), "observed"), ElementsAre("livelock"));
}

TEST_F(Hotplug, ResizesVirtioMem) {
  put(machine(), std::string(kMachine) + "[[virtio_mem]]\nid = \"vm\"\nnode = 1\nsize_mib = 256\n");
  plan(
      "[[step]]\nresize = \"vm\"\nsize_mib = 128\n[[step]]\nresize = \"vm\"\nsize_mib = 256\n[[step]]\nresize = "
      "\"vm\"\nsize_mib = 0\n");
  put(box.cache() / "kernels" / "fake" / "config",
      "CONFIG_NUMA=y\nCONFIG_MEMORY_HOTPLUG=y\nCONFIG_MEMORY_HOTREMOVE=y\n"
      "CONFIG_VIRTIO_MEM=y\nCONFIG_VIRTIO_PCI=y\n");
  EXPECT_EQ(get_number(member(after(0), "counters"), "rebuilds"), 3U);
}

TEST_F(Hotplug, AKernelThatRebuildsNothingIsUnexpected) {
  box.script["hotplug"]["rebuilds"] = "none";
  const Json record = after(1);
  EXPECT_THAT(get_strings(record, "observed"), ElementsAre("mismatch"));
  EXPECT_THAT(get_string(record, "reason"), AllOf(HasSubstr("p.toml:5: plug dimm1"),
                                                  HasSubstr("implies rebuilds: 2 of 1, 2"), HasSubstr("did: 1 of 1")));
}

TEST_F(Hotplug, ProbesThatSeeOtherwiseAreUnexpected) {
  box.script["hotplug"]["rebuilds"] = "unseen";
  EXPECT_THAT(get_string(after(1), "reason"), HasSubstr("the probes saw: none"));
}

TEST_F(Hotplug, WithoutProbesTheKernelsLinesAreLeft) {
  box.script["hotplug"]["watch"] = "unsupported";
  const Json record = after(0);
  EXPECT_THAT(get_string(member(record, "facts"), "ordering"), HasSubstr("no kprobes"));
  EXPECT_TRUE(steps()[0]["rebuilds"]["probed"].is_null());
}

TEST_F(Hotplug, AnotherOrderingThanTheFlavoursIsUnexpected) {
  box.add_flavour("fake", "ordering = \"irqsave-then-deferred\"");
  EXPECT_THAT(get_string(after(1), "reason"),
              AllOf(HasSubstr("known as irqsave-then-deferred"), HasSubstr("seen as irq-off-outside")));
}

TEST_F(Hotplug, ASplatOfTheRebuildIsFoundAndDated) {
  box.script["hotplug"]["splat"] =
      "[    7.0] BUG: sleeping function called from invalid context at kernel/fake.c:1\n"
      "[    7.1] in_atomic(): 1, irqs_disabled(): 1, non_block: 0, pid: 1, name: init\n"
      "[    7.2] CPU: 0 PID: 1 Comm: init Not tainted 6.1.0-fake #1\n"
      "[    7.3] Call Trace:\n[    7.4]  <TASK>\n[    7.5]  __build_all_zonelists+0x1/0x2\n[    7.6]  </TASK>\n";
  box.add_flavour("fake", "[expect]\n\"hotplug/*\" = [\"splat:sleeping-atomic\"]");
  const Json record = after(0);
  EXPECT_EQ(get_string(record, "expected_by"), "flavour");
  EXPECT_NE(get_string(member(record, "facts"), "first_splat_s"), "");
}

TEST_F(Hotplug, ARefusalByTheKernelIsExpectedWhereThePlanSaysSo) {
  box.script["hotplug"]["unplug"] = "refuse";
  plan(std::string(kPlug) + "[[step]]\nunplug = \"dimm1\"\nrefused = true\n");
  EXPECT_THAT(get_string(member(after(0), "facts"), "refusal"), HasSubstr("ACPI_DEVICE_OST, status 1"));
  plan(std::string(kPlug) + "[[step]]\nunplug = \"dimm1\"\n");
  EXPECT_THAT(get_string(after(1), "reason"), AllOf(HasSubstr("p.toml:9: unplug dimm1"), HasSubstr("refused")));
}

TEST_F(Hotplug, AKernelThatWasToRefuseAndDidNotIsUnexpected) {
  plan(std::string(kPlug) + "[[step]]\nunplug = \"dimm1\"\nrefused = true\n");
  EXPECT_THAT(get_string(after(1), "reason"), HasSubstr("was to refuse"));
}

TEST_F(Hotplug, AKernelThatRefusesNewMemoryIsUnexpected) {
  box.script["hotplug"]["plug"] = "fail";
  EXPECT_THAT(get_string(after(1), "reason"), HasSubstr("ACPI_DEVICE_OST, status 1"));
}

TEST_F(Hotplug, AnEventThatNeverComes) {
  box.script["hotplug"]["plug"] = "silent";
  plan(kPlug, "limit_s = 1\n");
  const Json record = after(2);
  EXPECT_THAT(get_strings(record, "observed"), ElementsAre("infra"));
  EXPECT_THAT(
      get_string(record, "reason"),
      AllOf(HasSubstr("p.toml:5: plug dimm1"), HasSubstr("ACPI_DEVICE_OST of dimm1 never came"), HasSubstr("limit_s")));
}

TEST_F(Hotplug, AnUnplugThatNobodyAnswers) {
  box.script["hotplug"]["unplug"] = "silent";
  plan(std::string(kPlug) + "[[step]]\nunplug = \"dimm1\"\n", "limit_s = 1\n");
  EXPECT_THAT(get_string(after(2), "reason"), HasSubstr("p.toml:9: unplug dimm1"));
}

TEST_F(Hotplug, AnEventThatTheKernelsOopsSwallowed) {
  box.script["hotplug"] = {{"unplug", "silent"},
                           {"splat",
                            "[    4.891442] BUG: kernel NULL pointer dereference, address: 0000000000000000\r\n"
                            "[    4.898159] Oops: Oops: 0000 [#1] PREEMPT SMP\r\n"
                            "[    4.898841] RIP: 0010:phys_pmd_init+0x159/0x3c0\r\n"
                            "[    4.920402] ---[ end trace 0000000000000000 ]---\r\n"}};
  plan(std::string(kPlug) + "[[step]]\nunplug = \"dimm1\"\n", "limit_s = 1\n");
  const Json record = after(1);
  EXPECT_THAT(get_strings(record, "observed"), AllOf(testing::Contains("mismatch"), testing::SizeIs(2)));
  EXPECT_THAT(get_string(record, "reason"), HasSubstr("p.toml:9: unplug dimm1"));
}

TEST_F(Hotplug, AStateThatNeverComes) {
  plan(std::string(kPlug) + "[[step]]\nwait_for = 1\nonline = false\n", "limit_s = 1\n");
  EXPECT_THAT(get_string(after(2), "reason"), HasSubstr("that state of node 1 never came"));
}

TEST_F(Hotplug, AGuestThatDiesBetweenPlugAndEvent) {
  box.script["hotplug"]["plug"] = "die";
  const Json record = after(2);
  EXPECT_THAT(get_strings(record, "observed"), ElementsAre("infra"));
  EXPECT_THAT(get_string(record, "reason"), HasSubstr("terminated in the middle of a plug"));
}

TEST_F(Hotplug, ARefusalByQemuIsQuoted) {
  box.script["hotplug"]["plug"] = "refuse";
  EXPECT_THAT(get_string(after(2), "reason"),
              AllOf(HasSubstr("p.toml:5: plug dimm1"), HasSubstr("QEMU refused device_add"),
                    HasSubstr("no free memory slots left")));
}

TEST_F(Hotplug, UnknownNode) {
  plan("[[step]]\nplug = \"d\"\nnode = 2\nsize_mib = 128\n");
  EXPECT_THAT(complaint(),
              AllOf(HasSubstr("p.toml:5: "), HasSubstr("machine two has no node 2"), HasSubstr("valid: 0 to 1")));
}

TEST_F(Hotplug, ASizeThatIsNoMultipleOfTheBlock) {
  plan("[[step]]\nplug = \"d\"\nnode = 1\nsize_mib = 100\n");
  EXPECT_THAT(complaint(),
              AllOf(HasSubstr("p.toml:5: "), HasSubstr("no multiple of a memory block"), HasSubstr("128, 256")));
}

TEST_F(Hotplug, MoreMemoryThanTheMachineTakes) {
  plan("[[step]]\nplug = \"d\"\nnode = 1\nsize_mib = 2048\n");
  EXPECT_THAT(complaint(), AllOf(HasSubstr("p.toml:5: "), HasSubstr("2304 MiB"), HasSubstr("max_mib = 2048")));
}

TEST_F(Hotplug, MoreDimmsThanSlots) {
  std::string steps;
  for (const char* id : {"a", "b", "c"}) {
    steps += std::string("[[step]]\nplug = \"") + id + "\"\nnode = 1\nsize_mib = 128\n";
  }
  plan(steps);
  EXPECT_THAT(complaint(), AllOf(HasSubstr("p.toml:13: "), HasSubstr("no slot is left"), HasSubstr("slots = 2")));
}

TEST_F(Hotplug, ADeviceThatIsNotThere) {
  plan("[[step]]\nunplug = \"dimm7\"\n");
  EXPECT_THAT(complaint(), AllOf(HasSubstr("p.toml:5: "), HasSubstr("no \"dimm7\""), HasSubstr("nothing is plugged")));
}

TEST_F(Hotplug, ATypoInTheMachine) {
  put(machine(), "name = \"two\"\nslots = 2\n[[node]]\nmemory = 256\ncpus = [0]\n");
  EXPECT_THAT(complaint(), AllOf(HasSubstr("two.toml:4: unknown key \"memory\""), HasSubstr("known are memory_mib")));
}

TEST_F(Hotplug, AMachineThatIsNoToml) {
  put(machine(), "name = \"two\"\nslots = = 2\n");
  EXPECT_THAT(complaint(), HasSubstr("two.toml:2: "));
}

TEST_F(Hotplug, ATypoInThePlan) {
  plan("[[step]]\nplgu = \"d\"\n");
  EXPECT_THAT(complaint(), AllOf(HasSubstr("p.toml:4: "), HasSubstr("plug, unplug")));
}

TEST_F(Hotplug, UnknownPlanAndMachine) {
  EXPECT_THAT(complaint({"--machine", "tow"}), AllOf(HasSubstr("unknown machine \"tow\""), HasSubstr("known are two")));
  const Ran ran = box.zlt({"hotplug", "--plan", "pp"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.output, AllOf(HasSubstr("unknown plan \"pp\""), HasSubstr("known are p")));
}

TEST_F(Hotplug, AFlavourWithATypoInItsOrdering) {
  box.add_flavour("fake", "ordering = \"backwards\"");
  EXPECT_THAT(complaint(), AllOf(HasSubstr("fake.toml:5: unknown ordering \"backwards\""), HasSubstr("no-deferral")));
}

}  // namespace
}  // namespace zlt::test
