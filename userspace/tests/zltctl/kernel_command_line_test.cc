// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/kernel_command_line.h"

#include <gmock/gmock.h>

namespace zlt::ctl {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(KernelCommandLine, HasTheModulesParameters) {
  EXPECT_THAT(module_params("console=ttyS0 zltorture.allow_hang=1 quiet  zltorture.loops=5\n"),
              ElementsAre(Pair("allow_hang", "1"), Pair("loops", "5")));
  EXPECT_THAT(module_params("zltorture.x other.zltorture.loops=1 quiet"), IsEmpty());
  EXPECT_THAT(module_params(""), IsEmpty());
}

TEST(KernelCommandLine, MayNameACaseToRun) {
  const auto request = autorun("quiet zlt.autorun=irqs-on/hardirq-reader,form=faithful,allow_hang=1,seed=7 panic=-1\n");
  ASSERT_TRUE(request && *request);
  EXPECT_EQ((*request)->line(), "irqs-on/hardirq-reader form=faithful allow_hang=1 seed=7");
}

TEST(KernelCommandLine, MayNameNoCase) {
  for (const char* line : {"", "quiet", "zlt.autorun="}) {
    const auto request = autorun(line);
    ASSERT_TRUE(request) << line;
    EXPECT_FALSE(*request) << line;
  }
}

TEST(KernelCommandLine, RefusesAnAutorunThatIsNone) {
  EXPECT_FALSE(autorun("zlt.autorun=a/b,loops"));
}

TEST(KernelCommandLine, MayAskForSlabsToBeShrunk) {
  EXPECT_EQ(shrink_slabs("quiet zlt.shrink_slabs=20 panic=-1\n").value(), std::optional(20U));
  EXPECT_EQ(shrink_slabs("quiet").value(), std::nullopt);
  for (const char* wrong : {"zlt.shrink_slabs=0", "zlt.shrink_slabs=soon", "zlt.shrink_slabs=20ms",
                            "zlt.shrink_slabs=4294967297", "zlt.shrink_slabs=-1"}) {
    EXPECT_FALSE(shrink_slabs(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace zlt::ctl
