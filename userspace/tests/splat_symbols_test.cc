// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "userspace/splat/cli/symbols.h"

namespace zlt::splat {
namespace {

using testing::HasSubstr;

Record with_frame(const std::string& function, uint64_t offset, uint64_t address) {
  Frame frame;
  frame.function = function;
  frame.offset = offset;
  frame.address = address;
  Record record;
  Stack stack;
  stack.frames.push_back(frame);
  record.stacks.push_back(stack);
  return record;
}

TEST(Symbols, FileAndLineOfAFunction) {
  Symbols symbols;
  // This very program: its main() comes from a library without debug information, the test body does not.
  ASSERT_TRUE(symbols.add(std::filesystem::read_symlink("/proc/self/exe").string()));
  Record record = with_frame("zlt_symbols_test_function", 0, 0);
  symbols.resolve(record);
  EXPECT_THAT(record.stacks[0].frames[0].source, HasSubstr("splat_symbols_test.cc:"));
}

// A .ko is not linked: its addresses are still to be relocated. Its name in the log has no dash.
TEST(Symbols, FileAndLineOfAModulesFunction) {
  const auto folder = std::filesystem::temp_directory_path() / ("zlt-module." + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  std::filesystem::copy_file(ZLT_SAMPLE_MODULE, folder / "zlt-sample.ko",
                             std::filesystem::copy_options::overwrite_existing);
  Symbols symbols;
  ASSERT_TRUE(symbols.add((folder / "zlt-sample.ko").string()));
  Record record = with_frame("sample_read", 4, 0);
  record.stacks[0].frames[0].module = "zlt_sample";
  Record other = with_frame("sample_read", 4, 0);  // the kernel's own, whatever it is
  symbols.resolve(record);
  symbols.resolve(other);
  EXPECT_THAT(record.stacks[0].frames[0].source, HasSubstr("splat_sample_module.cc:1"));
  EXPECT_EQ(other.stacks[0].frames[0].source, "");
  std::filesystem::remove_all(folder);
}

TEST(Symbols, NamesFromASystemMap) {
  const std::string path =
      (std::filesystem::temp_directory_path() / ("zlt-system-map." + std::to_string(getpid()))).string();
  std::ofstream(path) << "ffffffff81000000 T first\nffffffff81000100 t second.isra.0\nffffffff81000200 D "
                         "data\nffffffff81000300 T third\n";
  Symbols symbols;
  ASSERT_TRUE(symbols.add(path));
  Record record = with_frame("", 0, 0xffffffff81000110);
  symbols.resolve(record);
  EXPECT_EQ(record.stacks[0].frames[0].function, "second");
  EXPECT_EQ(record.stacks[0].frames[0].offset, 0x10U);
  std::filesystem::remove(path);
}

TEST(Symbols, SaysWhatIsWrong) {
  Symbols symbols;
  const Status missing = symbols.add("/no/such/file");
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().line(), HasSubstr("/no/such/file"));
  const std::string path =
      (std::filesystem::temp_directory_path() / ("zlt-no-map." + std::to_string(getpid()))).string();
  std::ofstream(path) << "hello\n";
  const Status text = symbols.add(path);
  ASSERT_FALSE(text);
  EXPECT_THAT(text.error().line(), HasSubstr("System.map"));
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace zlt::splat

extern "C" __attribute__((noinline, used)) int zlt_symbols_test_function(int value) {
  return value * 3;
}
