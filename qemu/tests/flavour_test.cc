// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/kernel/flavour.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "qemu/tests/temp_dir.h"
#include "qemu/zlt/io/pattern.h"
#include "qemu/zlt/kernel/flavour_shell.h"
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
  std::string hint_of(const std::string& text) const {
    const Result<Flavour> flavour = load(text);
    return flavour ? "no error" : flavour.error().hint;
  }
  static constexpr const char* kHead = "name = \"one\"\nsummary = \"s\"\norigin = \"debian\"\nseries = \"6.1\"\n";
  // `more` is line 5
  static std::string debian(const std::string& more = {}) {
    return kHead + (more.empty() ? more : more + "\n") + "[debian]\nimage = \"linux-image-amd64\"\n";
  }
  static std::string build(const std::string& more) {
    return "name = \"one\"\nsummary = \"s\"\norigin = \"build\"\nseries = \"6.1\"\n[build]\n" + more + "\n";
  }
  test::TempDir dir;
};

TEST_F(FlavourTest, EverythingThatIsRead) {
  const Result<Flavour> flavour = load(R"(
    name = "one"
    summary = "a kernel"
    origin = "build"
    series = "6.12"
    suite = "trixie"
    rt = true
    lockdep = true
    cmdline = ["a=1", "b"]
    [build]
    source = "linux-source-6.12"
    fragments = ["base", "smp"]
    patches = ["bug.patch"]
    [expect]
    "a/b" = "clean"
    "c/d" = ["livelock", "splat:circular"]
  )");
  ASSERT_TRUE(flavour) << flavour.error().line();
  EXPECT_EQ(flavour->origin, Origin::kBuild);
  EXPECT_EQ(flavour->series, "6.12");
  EXPECT_EQ(flavour->suite, "trixie");
  EXPECT_TRUE(flavour->rt);
  EXPECT_EQ(flavour->form, "faithful");  // what a lockdep kernel is for
  EXPECT_THAT(flavour->cmdline, ElementsAre("a=1", "b"));
  EXPECT_EQ(flavour->build.source, "linux-source-6.12");
  EXPECT_THAT(flavour->build.fragments, ElementsAre("base", "smp"));
  EXPECT_THAT(flavour->build.patches, ElementsAre("bug.patch"));
  EXPECT_TRUE(flavour->expect.at("a/b").empty());
  EXPECT_EQ(flavour->expect.at("c/d"), (report::Outcomes{"livelock", "splat:circular"}));
}

TEST_F(FlavourTest, OneThatIsFetched) {
  const Result<Flavour> flavour = load(debian());
  ASSERT_TRUE(flavour) << flavour.error().line();
  EXPECT_EQ(flavour->origin, Origin::kDebian);
  EXPECT_EQ(flavour->image, "linux-image-amd64");
  EXPECT_EQ(flavour->suite, "");
}

TEST_F(FlavourTest, AFormOfItsOwn) {
  EXPECT_EQ(load(debian())->form, "bounded");
  EXPECT_EQ(load(debian("lockdep = true"))->form, "faithful");
  EXPECT_EQ(load(debian("lockdep = true\nform = \"bounded\""))->form, "bounded");
}

TEST_F(FlavourTest, ErrorsNameFileAndLine) {
  EXPECT_THAT(error_of("name = \"one\"\norigin = debian\n"), HasSubstr("one.toml:2: "));
  EXPECT_THAT(error_of("name = \"one\"\norigin = \"redhat\"\n"), HasSubstr("one.toml:2: unknown origin \"redhat\""));
  EXPECT_THAT(error_of(debian("rt = 1")), HasSubstr("one.toml:5: \"rt\" must be"));
  EXPECT_THAT(error_of(debian("[expect]\n\"a/b\" = \"fine\"")), HasSubstr("one.toml:6: unknown outcome \"fine\""));
  EXPECT_THAT(error_of(debian("expect = 1")), HasSubstr("one.toml:5: \"expect\""));
  EXPECT_THAT(error_of(debian("form = \"wild\"")), HasSubstr("one.toml:5: unknown form \"wild\""));
  EXPECT_THAT(error_of(debian("cmdline = [1]")), HasSubstr("one.toml:5: "));
  EXPECT_THAT(error_of(debian("ordering = \"backwards\"")), HasSubstr("one.toml:5: unknown ordering \"backwards\""));
}

TEST_F(FlavourTest, WhatIsMissing) {
  for (const char* key : {"name", "summary", "origin", "series"}) {
    std::string text = debian();
    const size_t at = text.find(std::string(key) + " = ");
    text.erase(at, text.find('\n', at) - at);
    EXPECT_THAT(error_of(text), HasSubstr(fmt::format("\"{}\" is missing", key))) << text;
  }
  EXPECT_THAT(error_of(kHead), HasSubstr("\"debian\" is missing"));
  EXPECT_THAT(error_of(std::string(kHead) + "[debian]\n"), HasSubstr("one.toml:5: \"image\" is missing"));
  EXPECT_THAT(error_of(build("fragments = []")), HasSubstr("one.toml:5: [build] says either source or base"));
  EXPECT_THAT(error_of(build("source = \"a\"\nbase = \"b\"")), HasSubstr("[build] says either source or base"));
}

TEST_F(FlavourTest, UnknownKeysAreRefusedAtEveryLevel) {
  EXPECT_THAT(error_of(debian("lockdeb = true")), HasSubstr("one.toml:5: unknown key \"lockdeb\""));
  EXPECT_THAT(hint_of(debian("lockdeb = true")), HasSubstr("known are lockdep, "));
  EXPECT_THAT(error_of(debian() + "source = \"s\"\n"), HasSubstr("one.toml:7: unknown key \"source\""));
  EXPECT_THAT(error_of(build("source = \"s\"\nimage = \"i\"")), HasSubstr("one.toml:7: unknown key \"image\""));
  EXPECT_THAT(error_of(debian("[build]\nsource = \"s\"")), HasSubstr("unknown key \"build\""));  // of the other origin
}

TEST_F(FlavourTest, OutcomesAreThoseThatAGuestCanShow) {
  EXPECT_THAT(error_of(debian("[expect]\n\"a/b\" = [\"livelock\",\n\"splat:nonsense\"]")),
              HasSubstr("one.toml:6: unknown outcome \"splat:nonsense\""));
  EXPECT_THAT(error_of(debian("[expect]\n\"a/b\" = \"splat:\"")), HasSubstr("unknown outcome \"splat:\""));
  EXPECT_THAT(hint_of(debian("[expect]\n\"a/b\" = \"splat:circula\"")), HasSubstr("the nearest are splat:circular, "));
  EXPECT_THAT(hint_of(debian("[expect]\n\"a/b\" = \"livelok\"")), HasSubstr("known are livelock, "));
}

TEST_F(FlavourTest, ANameIsPartOfPaths) {
  dir.put("a b.toml", debian());
  EXPECT_THAT(load_flavour(dir.path() / "a b.toml").error().line(), HasSubstr("\"a b\" is no flavour's name"));
  dir.put("$(id).toml", debian());
  EXPECT_FALSE(load_flavour(dir.path() / "$(id).toml"));
}

class FlavoursTest : public FlavourTest {
 protected:
  void put(const std::string& name, const std::string& more) const {
    dir.put(name + ".toml",
            fmt::format("name = \"{}\"\nsummary = \"s\"\norigin = \"build\"\nseries = \"6.12\"\n[build]\n{}\n", name,
                        more));
  }
  std::string error() const {
    const auto all = load_flavours(dir.path());
    return all ? "no error" : all.error().line();
  }
};

TEST_F(FlavoursTest, ABaseGivesSourceAndFragments) {
  put("base", "source = \"linux-source-6.12\"\nfragments = [\"a\", \"b\"]");
  put("bug", "base = \"base\"\nfragments = [\"c\"]\npatches = [\"p.patch\"]");
  const auto all = load_flavours(dir.path());
  ASSERT_TRUE(all) << all.error().line();
  EXPECT_EQ(all->at("bug").build.source, "linux-source-6.12");
  EXPECT_THAT(all->at("bug").build.fragments, ElementsAre("a", "b", "c"));
  EXPECT_TRUE(all->at("base").is_base);
  EXPECT_FALSE(all->at("bug").is_base);
}

TEST_F(FlavoursTest, BasesThatAreNone) {
  put("bug", "base = \"nowhere\"");
  EXPECT_THAT(error(), HasSubstr("bug.toml: base \"nowhere\" is no flavour"));
  put("nowhere", "base = \"bug\"");
  EXPECT_THAT(error(), HasSubstr("must be a built flavour without a base of its own"));
  put("nowhere", "source = \"s\"\npatches = [\"p\"]");
  EXPECT_THAT(error(), HasSubstr("has patches"));
}

TEST_F(FlavoursTest, ForTheShellNothingIsSpecial) {
  put("one", "source = \"it's $(false) `x`\"\nfragments = [\"a b\", \"c\"]");
  const auto all = load_flavours(dir.path());
  ASSERT_TRUE(all) << all.error().line();
  const std::string text = shell_assignments(all->at("one"));
  EXPECT_THAT(text, HasSubstr("flavour_source='it'\\''s $(false) `x`'\n"));
  EXPECT_THAT(text, HasSubstr("flavour_fragments=('a b' 'c')\n"));
  EXPECT_THAT(text, HasSubstr("flavour_patches=()\n"));
  EXPECT_THAT(text, HasSubstr("flavour_is_base='false'\n"));
}

// The files that come with the project.
TEST(Flavours, OfThisTreeCanBeRead) {
  const auto all = load_flavours(std::filesystem::path(ZLT_SOURCE) / "qemu" / "flavours");
  ASSERT_TRUE(all) << all.error().line();
  EXPECT_EQ(all->at("stock").suite, "bookworm");
  EXPECT_TRUE(all->at("lockdep").is_base);
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
  EXPECT_EQ(report::parse_outcomes("livelock,splat:circular").value(),
            (report::Outcomes{"livelock", "splat:circular"}));
  EXPECT_THAT(report::parse_outcomes("splat:anything").error().line(), HasSubstr("unknown outcome \"splat:anything\""));
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
