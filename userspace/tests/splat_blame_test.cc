// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/blame.h"

#include <gtest/gtest.h>

#include "userspace/splat/frame.h"
#include "userspace/splat/skip.h"

namespace zlt::splat {
namespace {

TEST(Frames, InEveryForm) {
  Frame frame;
  ASSERT_TRUE(parse_frame("  foo.isra.0+0x12/0x34 [ext4 0123abcd]", frame));
  EXPECT_EQ(frame.function, "foo");
  EXPECT_EQ(frame.offset, 0x12U);
  EXPECT_EQ(frame.size, 0x34U);
  EXPECT_EQ(frame.module, "ext4");
  ASSERT_TRUE(parse_frame(" [<ffffffff81234567>] ? bar+0x1/0x2 mm/slab.c:12", frame));
  EXPECT_EQ(frame.address, 0xffffffff81234567U);
  EXPECT_FALSE(frame.reliable);
  EXPECT_EQ(frame.source, "mm/slab.c:12");
  ASSERT_TRUE(parse_frame("[c000000001234567] [c000000000765432] baz+0x10/0x20 (unreliable)", frame));
  EXPECT_EQ(frame.function, "baz");
  EXPECT_FALSE(frame.reliable);
  ASSERT_TRUE(parse_frame("[<c0101234>] (unwind_backtrace) from [<c0105678>] (show_stack+0x10/0x14)", frame));
  EXPECT_EQ(frame.function, "unwind_backtrace");
  ASSERT_TRUE(parse_frame(" unwind_backtrace from show_stack+0x10/0x14", frame));
  EXPECT_EQ(frame.function, "unwind_backtrace");
  ASSERT_TRUE(parse_frame(" ([<000000000010a2b4>] show_stack+0x54/0xd0)", frame));
  EXPECT_EQ(frame.function, "show_stack");
}

TEST(Frames, AreNotFoundElsewhere) {
  Frame frame;
  EXPECT_FALSE(parse_frame("RIP: 0010:foo+0x1/0x2", frame));
  EXPECT_FALSE(parse_frame(" __dump_stack lib/dump_stack.c:88 [inline]", frame));
  EXPECT_FALSE(parse_frame("Code: 48 89", frame));
  EXPECT_FALSE(parse_frame("4.14.0-rc1+ #1", frame));
  EXPECT_FALSE(parse_frame("", frame));
}

TEST(Frames, InstructionPointers) {
  std::string_view place;
  EXPECT_TRUE(is_instruction_pointer("RIP: 0010:foo+0x1/0x2", place));
  EXPECT_EQ(leading_function(place), "foo");
  EXPECT_TRUE(is_instruction_pointer("IP: [<ffffffff81234567>] foo+0x1/0x2", place));
  EXPECT_EQ(leading_function(place), "foo");
  EXPECT_TRUE(is_instruction_pointer("pc : foo+0x1/0x2", place));
  EXPECT_TRUE(is_instruction_pointer("NIP [c000000000012345] foo+0x1/0x2", place));
  EXPECT_EQ(leading_function(place), "foo");
  EXPECT_TRUE(is_instruction_pointer("RIP: 0033:0x45ab12", place));
  EXPECT_TRUE(place.empty());
  EXPECT_FALSE(is_instruction_pointer("NIP:  c000000000012345 LR: c000000000054321", place));
  EXPECT_FALSE(is_instruction_pointer("TIP: foo+0x1/0x2", place));
}

TEST(Skips, Patterns) {
  EXPECT_TRUE(skip_matches("__raw_spin_lock", "spin_lock"));
  EXPECT_TRUE(skip_matches("mutex_lock", "^mutex_"));
  EXPECT_FALSE(skip_matches("rt_mutex_lock", "^mutex_"));
  EXPECT_TRUE(skip_matches("kfree", "^kfree$"));
  EXPECT_FALSE(skip_matches("kfree_rcu", "^kfree$"));
  EXPECT_TRUE(skip_matches("write_once_word_nocheck", "write_once_*nocheck"));
  EXPECT_FALSE(skip_matches("write_once_word", "write_once_*nocheck"));
  EXPECT_TRUE(is_helper("crc32_le"));
  EXPECT_FALSE(is_helper("crc"));
}

TEST(Skips, SystemCalls) {
  EXPECT_EQ(strip_syscall("__x64_sys_ioctl"), "sys_ioctl");
  EXPECT_EQ(strip_syscall("SyS_bind"), "bind");
  EXPECT_EQ(strip_syscall("__se_sys_bind"), "bind");
  EXPECT_EQ(strip_syscall("__se_compat_sys_ioctl"), "compat_sys_ioctl");
  EXPECT_EQ(strip_syscall("__do_sys_openat2"), "openat2");
  EXPECT_EQ(strip_syscall("vfs_read"), "vfs_read");
}

TEST(Blame, PassesHelpersOver) {
  const std::vector<std::string_view> lines{"BUG: x", "Call Trace:", " dump_stack+0x1/0x2", " mutex_lock+0x1/0x2",
                                            " culprit+0x1/0x2"};
  EXPECT_EQ(Blamer().find(kBlameTrace, lines), "culprit");
}

TEST(Blame, TakesAHelperIfThereIsNobodyElse) {
  const std::vector<std::string_view> lines{"BUG: x", "Call Trace:", " dump_stack+0x1/0x2", " __mutex_lock+0x1/0x2",
                                            " mutex_lock+0x1/0x2"};
  EXPECT_EQ(Blamer().find(kBlameTrace, lines), "mutex_lock");
}

TEST(Blame, NeverTakesWhoOnlyPrinted) {
  const std::vector<std::string_view> lines{"BUG: x", "Call Trace:", " dump_stack+0x1/0x2"};
  EXPECT_EQ(Blamer().find(kBlameTrace, lines), "");
}

TEST(Blame, NobodyWithoutAStack) {
  const std::vector<std::string_view> lines{"BUG: x"};
  EXPECT_EQ(Blamer().find(kBlameTrace, lines), "");
}

}  // namespace
}  // namespace zlt::splat
