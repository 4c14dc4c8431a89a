// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/explain.h"

#include <gmock/gmock.h>

#include "userspace/tests/zltctl/fake_module.h"
#include "userspace/tests/zltctl/temp_folder.h"
#include "userspace/zltctl/debugfs.h"
#include "userspace/zltctl/run.h"

namespace zlt::ctl {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class ExplainTest : public testing::Test {
 protected:
  ExplainTest() {
    environment_.debugfs = folder_.file("debug");
    environment_.filesystems = folder_.file("filesystems");
    environment_.lockdown = folder_.file("lockdown");
    environment_.cpus_online = folder_.file("online");
    environment_.kernel_log = folder_.file("kmsg");
    environment_.root = true;
    folder_.write("filesystems", "nodev\tdebugfs\n");
    folder_.write("online", "0-1\n");
  }
  // What a user is told who asks for the status through the real files.
  Error ask() {
    Debugfs debugfs(environment_.debugfs);
    const auto status = read_status(environment_, debugfs);
    EXPECT_FALSE(status);
    return status ? Error{} : status.error();
  }
  Error refusal(const std::string& id, const std::vector<std::string>& words, int error) {
    RunRequest request;
    request.id = id;
    for (const std::string& word : words) EXPECT_TRUE(add_word(request, word));
    module_.refuse = error;
    const Result<ActiveRun> run = ActiveRun::start(environment_, module_, request);
    EXPECT_FALSE(run);
    return run ? Error{} : run.error();
  }

  test::TempFolder folder_;
  Environment environment_;
  test::FakeModule module_;
};

TEST_F(ExplainTest, KernelWithoutDebugfs) {
  folder_.write("filesystems", "nodev\tproc\n");
  EXPECT_THAT(ask().what, HasSubstr("no debugfs"));
  EXPECT_THAT(ask().hint, HasSubstr("CONFIG_DEBUG_FS"));
}

TEST_F(ExplainTest, DebugfsNotMounted) {
  std::filesystem::create_directory(environment_.debugfs);
  EXPECT_THAT(ask().what, HasSubstr("not mounted"));
  EXPECT_THAT(ask().hint, HasSubstr("mount -t debugfs"));
}

TEST_F(ExplainTest, NoSuchFolder) {
  EXPECT_THAT(ask().what, HasSubstr("is no folder"));
  EXPECT_THAT(ask().hint, HasSubstr("--debugfs"));
}

TEST_F(ExplainTest, ModuleNotLoaded) {
  folder_.write("debug/sched/features", "");
  EXPECT_THAT(ask().what, HasSubstr("not loaded"));
  EXPECT_THAT(ask().hint, HasSubstr("zltctl load"));
}

TEST_F(ExplainTest, ModuleOfAnotherVersion) {
  folder_.write("debug/zltorture/cases", test::kCases);
  EXPECT_THAT(ask().what, HasSubstr("zltorture/status"));
  EXPECT_THAT(ask().hint, HasSubstr("one build"));
}

TEST_F(ExplainTest, NotRoot) {
  environment_.root = false;
  for (const int error : {EACCES, EPERM}) {
    EXPECT_EQ(explain_access(environment_, File::kStatus, error).hint, "run as root");
  }
}

TEST_F(ExplainTest, LockedDownKernel) {
  folder_.write("lockdown", "none [integrity] confidentiality\n");
  EXPECT_THAT(explain_access(environment_, File::kRun, EPERM).hint, HasSubstr("locked down"));
}

TEST_F(ExplainTest, ModuleWentAwayWhileItWasRead) {
  for (const int error : {EIO, ENXIO, ENODEV}) {
    EXPECT_THAT(explain_access(environment_, File::kStatus, error).what, HasSubstr("went away"));
  }
}

TEST_F(ExplainTest, AnyOtherErrorKeepsItsText) {
  EXPECT_THAT(explain_access(environment_, File::kStatus, ENOMEM).what, HasSubstr(describe_errno(ENOMEM)));
}

TEST_F(ExplainTest, UnknownCaseGetsTheNearestName) {
  const Error error = refusal("irqsave/hardirq-raeder", {}, EINVAL);
  EXPECT_EQ(error.what, "unknown case 'irqsave/hardirq-raeder'");
  EXPECT_THAT(error.hint, StartsWith("did you mean irqsave/hardirq-reader?"));
}

TEST_F(ExplainTest, UnknownKeyGetsTheValidOnes) {
  const Error error = refusal("irqsave/hardirq-reader", {"loop=5"}, EINVAL);
  EXPECT_THAT(error.what, HasSubstr("unknown parameter 'loop'"));
  EXPECT_THAT(error.hint, StartsWith("valid: loops"));
}

TEST_F(ExplainTest, ValueOutOfRangeGetsTheRange) {
  const Error error = refusal("irqsave/hardirq-reader", {"hold_us=5"}, EINVAL);
  EXPECT_THAT(error.what, HasSubstr("10 to 100000 us"));
}

TEST_F(ExplainTest, CpuThatIsOfflineGetsTheOnlineOnes) {
  const Error error = refusal("irqsave/hardirq-reader", {"writer_cpu=1", "reader_cpu=7"}, EINVAL);
  EXPECT_EQ(error.what, "reader_cpu=7 is not an online CPU");
  EXPECT_EQ(error.hint, "online: 0-1");
}

TEST_F(ExplainTest, RefusalForAReasonOfItsOwnQuotesTheKernelLog) {
  folder_.write("kmsg",
                "6,1,10,-;other: line\n3,2,11,-;zltorture: the moon is full\n SUBSYSTEM=x\n6,3,12,-;other: more\n");
  const Error error = refusal("irqsave/hardirq-reader", {"loops=5"}, EINVAL);
  EXPECT_THAT(error.what, HasSubstr("the moon is full"));
}

TEST_F(ExplainTest, FaithfulFormSaysWhatItNeedsAndWhy) {
  const Error error = refusal("irqs-on/hardirq-reader", {"form=faithful"}, EPERM);
  EXPECT_THAT(error.line(), HasSubstr("needs allow_hang=1; it may hang this machine"));
}

TEST_F(ExplainTest, FormThatTheCaseLacksIsSaid) {
  const Error error = refusal("irqsave/softirq-reader", {"form=faithful", "allow_hang=1"}, EINVAL);
  EXPECT_EQ(error.what, "irqsave/softirq-reader has no faithful form");
  EXPECT_THAT(error.hint, HasSubstr("zltctl list"));
}

TEST_F(ExplainTest, ASecondRunNamesTheFirst) {
  module_.running = "irqsave/softirq-reader";
  const Error error = refusal("irqs-on/hardirq-reader", {}, EBUSY);
  EXPECT_EQ(error.what, "a run of irqsave/softirq-reader is going on");
  EXPECT_EQ(error.hint, "zltctl stop");
}

}  // namespace
}  // namespace zlt::ctl
