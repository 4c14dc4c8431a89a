// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/kernel/flavour.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "qemu/tests/temp_dir.h"
#include "qemu/zlt/io/pattern.h"
#include "userspace/report/outcome.h"

namespace zlt::run {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class FlavourTest : public testing::Test {
 protected:
  Result<Flavour> load(const std::string& text) const { return load_flavour(dir.put("one.toml", text)); }
  std::string error_of(const std::string& text) const {
    const Result<Flavour> flavour = load(text);
    return flavour ? "no error" : flavour.error().what;
  }
  test::TempDir dir;
};

TEST_F(FlavourTest, EverythingThatIsRead) {
  const Result<Flavour> flavour = load(R"(
    name = "one"
    summary = "a kernel"
    origin = "build"
    rt = true
    lockdep = true
    cmdline = ["a=1", "b"]
    [build]
    fragments = ["somebody else's"]
    [expect]
    "a/b" = "clean"
    "c/d" = ["livelock", "splat:circular"]
  )");
  ASSERT_TRUE(flavour) << flavour.error().line();
  EXPECT_EQ(flavour->origin, Origin::kBuild);
  EXPECT_TRUE(flavour->rt);
  EXPECT_EQ(flavour->form, "faithful");  // what a lockdep kernel is for
  EXPECT_THAT(flavour->cmdline, ElementsAre("a=1", "b"));
  EXPECT_TRUE(flavour->expect.at("a/b").empty());
  EXPECT_EQ(flavour->expect.at("c/d"), (report::Outcomes{"livelock", "splat:circular"}));
}

TEST_F(FlavourTest, AFormOfItsOwn) {
  EXPECT_EQ(load("name = \"one\"\norigin = \"debian\"\n")->form, "bounded");
  EXPECT_EQ(load("name = \"one\"\norigin = \"build\"\nlockdep = true\nform = \"bounded\"\n")->form, "bounded");
}

TEST_F(FlavourTest, ErrorsNameFileAndLine) {
  EXPECT_THAT(error_of("name = \"one\"\norigin = debian\n"), HasSubstr("one.toml:2: "));
  EXPECT_THAT(error_of("name = \"one\"\n"), HasSubstr("\"origin\" is missing"));
  EXPECT_THAT(error_of("name = \"one\"\norigin = \"redhat\"\n"), HasSubstr("one.toml:2: unknown origin \"redhat\""));
  EXPECT_THAT(error_of("name = \"two\"\norigin = \"debian\"\n"), HasSubstr("one.toml:1: the name is \"two\""));
  EXPECT_THAT(error_of("name = \"one\"\norigin = \"debian\"\nrt = 1\n"), HasSubstr("one.toml:3: \"rt\" must be"));
  EXPECT_THAT(error_of("name = \"one\"\norigin = \"debian\"\n\n[expect]\n\"a/b\" = \"fine\"\n"),
              HasSubstr("one.toml:5: unknown outcome \"fine\""));
  EXPECT_THAT(error_of("name = \"one\"\norigin = \"debian\"\nexpect = 1\n"), HasSubstr("one.toml:3: \"expect\""));
  EXPECT_THAT(error_of("name = \"one\"\norigin = \"debian\"\nform = \"wild\"\n"),
              HasSubstr("one.toml:3: unknown form \"wild\""));
  EXPECT_THAT(error_of("name = \"one\"\norigin = \"debian\"\ncmdline = [1]\n"), HasSubstr("one.toml:3: "));
}

TEST_F(FlavourTest, UnknownOnesNameTheKnownNearestFirst) {
  const std::map<std::string, Flavour> flavours = {{"lockdep", {}}, {"stock", {}}, {"stock-rt", {}}};
  const Result<Flavour> found = find_flavour(flavours, "stock-tr");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().line(), "unknown flavour \"stock-tr\"; known are stock-rt, stock, lockdep");
}

TEST_F(FlavourTest, AFolderWithoutAny) {
  EXPECT_THAT(load_flavours(dir.path()).error().what, HasSubstr("no flavours in"));
}

TEST(Outcomes, AreParsed) {
  EXPECT_EQ(report::parse_outcomes("clean").value(), report::Outcomes{});
  EXPECT_EQ(report::parse_outcomes("livelock,splat:anything").value(),
            (report::Outcomes{"livelock", "splat:anything"}));
  EXPECT_FALSE(report::parse_outcomes(""));
  EXPECT_THAT(report::parse_outcomes("clean,fine").error().line(), HasSubstr("unknown outcome \"fine\""));
}

TEST(Patterns, AStarAlsoMatchesASlash) {
  EXPECT_TRUE(matches("irqs*", "irqs-on/reader"));
  EXPECT_TRUE(matches("*/reader", "irqs-on/reader"));
  EXPECT_FALSE(matches("irqs", "irqs-on/reader"));
}

}  // namespace
}  // namespace zlt::run
