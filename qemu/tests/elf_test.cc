// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/guest/elf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "qemu/tests/temp_dir.h"
#include "qemu/zlt/io/output_of.h"

namespace zlt::run {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;
using testing::Contains;
using testing::HasSubstr;

const fs::path kSelf = fs::read_symlink("/proc/self/exe");

TEST(NeededFiles, OfADynamicProgram) {
  const Result<std::vector<fs::path>> files = needed_files(kSelf);
  ASSERT_TRUE(files) << files.error().line();
  EXPECT_THAT(*files, Contains(fs::path("/lib64/ld-linux-x86-64.so.2")));
  for (const fs::path& file : *files) {
    EXPECT_TRUE(fs::exists(file)) << file;
  }
}

TEST(NeededFiles, OfWhatIsNoProgram) {
  EXPECT_THAT(needed_files("/etc/passwd").error().what, HasSubstr("no 64-bit ELF program"));
  EXPECT_THAT(needed_files("/no/such/file").error().what, HasSubstr("/no/such/file"));
}

// This very test program, debugging data and all, still runs when only what is loaded is left.
TEST(LoadablePart, RunsAndIsSmaller) {
  const std::string whole = read_file(kSelf).value();
  const std::string part = loadable_part(whole);
  EXPECT_LT(part.size(), whole.size());
  const test::TempDir dir;
  const fs::path program = dir.put("program", part);
  fs::permissions(program, fs::perms::owner_all);
  const Result<std::string> out = output_of({program.string(), "--gtest_list_tests"}, seconds(100));
  ASSERT_TRUE(out) << out.error().line();
  EXPECT_THAT(*out, HasSubstr("RunsAndIsSmaller"));
}

TEST(LoadablePart, LeavesOtherFilesAlone) {
  for (const std::string& text : {std::string(), std::string("\x7f"), std::string("no ELF file at all"),
                                  "\x7f"
                                  "ELF" +
                                      std::string(300, '\x02')}) {
    EXPECT_EQ(loadable_part(text), text);
  }
}

}  // namespace
}  // namespace zlt::run
