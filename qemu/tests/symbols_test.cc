// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/forensics/symbols.h"

#include <gmock/gmock.h>

#include "userspace/base/files.h"

namespace zlt::run {
namespace {

constexpr const char* kMap =
    "0000000000000000 D __per_cpu_start\n"
    "ffffffff81000000 T _text\n"
    "not a line\n"
    "ffffffff81000100 t first\n"
    "ffffffff81000200 d some_data\n"
    "ffffffff81000300 W weak\n"
    "ffffffff81000400 T last\n";

Symbols the_symbols() {
  Symbols out;
  out.add_system_map(kMap);
  return out;
}

TEST(Symbols, NamesTheFunctionAndTheOffset) {
  const Symbols symbols = the_symbols();
  EXPECT_EQ(symbols.name(0xffffffff81000100), "first+0x0");
  EXPECT_EQ(symbols.name(0xffffffff810002ff), "first+0x1ff");
  EXPECT_EQ(symbols.name(0xffffffff81000404), "last+0x4");
}

TEST(Symbols, LeavesNumbersWhatIsNoKernelText) {
  const Symbols symbols = the_symbols();
  EXPECT_EQ(symbols.name(0x401000), "0x401000");
  EXPECT_EQ(symbols.name(0xffffffff9f000000), "0xffffffff9f000000");
  EXPECT_EQ(Symbols().name(0xffffffff81000100), "0xffffffff81000100");
}

TEST(Symbols, SaysModuleWhereModulesLie) {
  EXPECT_EQ(the_symbols().name(0xffffffffc0001010), "module+0x20001010");
}

TEST(Symbols, AMapThatIsNotThereIsEmpty) {
  Symbols symbols;
  symbols.add_system_map_file("/nonexistent/System.map");
  EXPECT_EQ(symbols.name(0xffffffff81000100), "0xffffffff81000100");
}

// An object of this very test, as a compiler makes it: not linked, its addresses still to be relocated.
TEST(Symbols, NamesTheModulesFunctions) {
  constexpr std::uint64_t kText = 0xffffffffa0000000;
  Symbols symbols = the_symbols();
  const Result<std::string> object = read_file(ZLT_TEST_OBJECT);
  ASSERT_TRUE(object) << object.error().line();
  symbols.add_module(*object, kText);
  std::uint64_t at = kText;
  while (at < kText + 0x10000 && symbols.name(at) != "zlt::test::known_function+0x0 [zltorture]") {
    ++at;
  }
  ASSERT_LT(at, kText + 0x10000) << "the function is not found";
  EXPECT_EQ(symbols.name(at + 1), "zlt::test::known_function+0x1 [zltorture]");
  EXPECT_THAT(symbols.source(at), testing::HasSubstr("known_function.cc:"));
  EXPECT_EQ(symbols.name(kText + 0xf00000), "module+0xf00000");
  EXPECT_EQ(symbols.source(0xffffffff81000100), "");
  const Symbols copy = symbols;  // what each guest of a flavour gets
  EXPECT_EQ(copy.name(at + 1), symbols.name(at + 1));
}

TEST(Symbols, AModuleThatIsNoneAddsNothing) {
  for (const std::string& bytes : {std::string(), std::string("no ELF"),
                                   "\x7f"
                                   "ELF" +
                                       std::string(200, '\xff')}) {
    Symbols symbols = the_symbols();
    symbols.add_module(bytes, 0xffffffffa0000000);
    EXPECT_EQ(symbols.name(0xffffffffa0000001), "module+0x1");
    EXPECT_EQ(symbols.name(0xffffffff81000100), "first+0x0");
  }
}

// A file that somebody cut or changed: it must not end the program that reads it.
TEST(Symbols, ADamagedModuleDoesNoHarm) {
  const Result<std::string> object = read_file(ZLT_TEST_OBJECT);
  ASSERT_TRUE(object);
  for (size_t n = 1; n < 40; ++n) {
    std::string cut = object->substr(0, object->size() * n / 40);
    Symbols symbols;
    symbols.add_module(cut, 0xffffffffa0000000);
    EXPECT_FALSE(symbols.name(0xffffffffa0000001).empty());
    std::string flipped = *object;
    flipped[flipped.size() * n / 40] ^= '\x55';
    symbols.add_module(flipped, 0xffffffffa0000000);
    EXPECT_FALSE(symbols.name(0xffffffffa0000001).empty());
    EXPECT_NO_FATAL_FAILURE((void)symbols.source(0xffffffffa0000001));
  }
}

}  // namespace
}  // namespace zlt::run
