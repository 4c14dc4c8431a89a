// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/demangle.h"

#include <gtest/gtest.h>

#include "userspace/splat/scanner.h"

namespace zlt::splat {
namespace {

TEST(Demangle, NewNamesOfRust) {
  EXPECT_EQ(demangled("_RNvMs1_NtCsdfZWD8DztAw_11rust_binder7processNtB5_7Process10update_ref"),
            "<rust_binder::process::Process>::update_ref");
  EXPECT_EQ(demangled("_RNvNtCs1234_7spooler3job4take"), "spooler::job::take");
  EXPECT_EQ(demangled("_RNvXs_NtCs1234_7spooler3jobNtB4_3JobNtNtCs9_4core3ops4Drop4drop"),
            "<spooler::job::Job as core::ops::Drop>::drop");
  EXPECT_EQ(demangled("_RNCNvCs1234_7spooler3run0"), "spooler::run::{closure#0}");
  EXPECT_EQ(demangled("_RINvNtCs1234_4core3ptr13drop_in_placeNtNtCs5_7spooler3job3JobEB1_"),
            "core::ptr::drop_in_place::<spooler::job::Job>");
}

TEST(Demangle, OldNamesOfRust) {
  EXPECT_EQ(demangled("_ZN4core9panicking5panic17h0123456789abcdefE"), "core::panicking::panic");
  EXPECT_EQ(demangled("_ZN54_$LT$spooler..Job$u20$as$u20$core..ops..drop..Drop$GT$4drop17h0123456789abcdefE"),
            "<spooler::Job as core::ops::drop::Drop>::drop");
}

TEST(Demangle, NamesOfCxx) {
  EXPECT_EQ(demangled("_ZN3zlt6Reader5startEv"), "zlt::Reader::start");
}

TEST(Demangle, LeavesAllOthersAlone) {
  for (const char* name : {"schedule", "_R", "_RNv", "_RNvB9_", "_RB0_", "_ZN", "_ZNxx", "_Rust_thing", "_RNvC9999_x",
                           "_RIBNvIBNvI", ""}) {
    EXPECT_EQ(demangled(name), name);
  }
}

TEST(Demangle, InTitlesOnly) {
  const auto records = scan(
      "[    1.000000] BUG: KASAN: slab-use-after-free in _RNvMs1_NtCs9_7spooler3jobNtB5_3Job4take+0x10/0x20 [spooler]\n"
      "[    1.000000] Read of size 8 at addr ffff888012345678 by task a/1\n[    1.000000] Call Trace:\n"
      "[    1.000000]  _RNvMs1_NtCs9_7spooler3jobNtB5_3Job4take+0x10/0x20 [spooler]\n"
      "[    1.000000] ==================================================================\n");
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].title, "KASAN: slab-use-after-free Read in <spooler::job::Job>::take");
  EXPECT_EQ(records[0].guilty.function, "_RNvMs1_NtCs9_7spooler3jobNtB5_3Job4take");
}

}  // namespace
}  // namespace zlt::splat
