// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/title.h"

#include <gtest/gtest.h>

namespace zlt::splat {
namespace {

TEST(Title, LosesWhatDiffersBetweenBoots) {
  EXPECT_EQ(normalise_title("a at 0xffff8880abcd1234 of 12 bytes"), "a at ADDR of NUM bytes");
  EXPECT_EQ(normalise_title("exitcode=0x0000000b"), "exitcode=ADDR");
  EXPECT_EQ(normalise_title("kernel BUG at fs/inode.c:123!"), "kernel BUG at fs/inode.c:LINE!");
  EXPECT_EQ(normalise_title("data-race in a+0x1f/0x20 / b+0x1/0x2"), "data-race in a / b");
  EXPECT_EQ(normalise_title("lockup on CPU#12, comm/34"), "lockup on CPU, comm/NUM");
  EXPECT_EQ(normalise_title("root fs on unknown-block(0,0)"), "root fs on unknown-block(NUM,NUM)");
  EXPECT_EQ(normalise_title("from 10.0.0.1 to 2001:db8::1:2"), "from IP to IPV6ADDR");
  EXPECT_EQ(normalise_title("syz-executor.3/1234 holds"), "syz-executor holds");
}

TEST(Title, KeepsNames) {
  EXPECT_EQ(normalise_title("WARNING in ext4_iget"), "WARNING in ext4_iget");
  EXPECT_EQ(normalise_title("KASAN: use-after-free Read in crc32_le"), "KASAN: use-after-free Read in crc32_le");
  EXPECT_EQ(normalise_title("possible deadlock in rcu_core"), "possible deadlock in rcu_core");
  EXPECT_EQ(normalise_title("cafe facade"), "cafe ADDR") << "six hexadecimal digits are an address";
}

TEST(Title, IsShortAndPrintable) {
  EXPECT_EQ(normalise_title("  a \t b\x01\xff  "), "a b");
  EXPECT_LE(normalise_title(std::string(5000, 'x')).size(), 120U);
  EXPECT_EQ(normalise_title(""), "");
}

TEST(Title, NamesAFunctionIfThereIsOne) {
  EXPECT_EQ(with_function("BUG: x", "f"), "BUG: x in f");
  EXPECT_EQ(with_function("BUG: x", ""), "BUG: x");
}

}  // namespace
}  // namespace zlt::splat
