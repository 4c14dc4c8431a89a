// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/forensics/symbols.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "qemu/zlt/forensics/elf_symbols.h"
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

// An object of this very test, as a compiler makes it.
TEST(Symbols, NamesTheModulesFunctions) {
  Symbols symbols = the_symbols();
  const Result<std::string> object = read_file(ZLT_TEST_OBJECT);
  ASSERT_TRUE(object) << object.error().line();
  const std::vector<Symbol> functions = text_functions(*object);
  const auto found = std::find_if(functions.begin(), functions.end(),
                                  [](const Symbol& symbol) { return symbol.name == "zlt::test::known_function"; });
  ASSERT_NE(found, functions.end());
  symbols.add_module(*object, 0xffffffffa0000000);
  EXPECT_EQ(symbols.name(0xffffffffa0000000 + found->address + 1), "zlt::test::known_function+0x1 [zltorture]");
  EXPECT_EQ(symbols.name(0xffffffffa0f00000), "module+0xf00000");
}

TEST(Symbols, AModuleThatIsNoneAddsNothing) {
  for (const std::string& bytes : {std::string(), std::string("no ELF"),
                                   "\x7f"
                                   "ELF" +
                                       std::string(200, '\xff')}) {
    EXPECT_TRUE(text_functions(bytes).empty());
  }
}

}  // namespace
}  // namespace zlt::run
