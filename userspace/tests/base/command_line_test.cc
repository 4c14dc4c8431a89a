// SPDX-License-Identifier: GPL-2.0-only
//
// Words that are nearly right, and numbers that only look like some.
#include "userspace/base/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace zlt {
namespace {

using testing::HasSubstr;

class CommandLine : public testing::Test {
 protected:
  CommandLine() {
    CLI::App* run = app_.add_subcommand("run", "");
    run->add_option("--seed", seed_, "")->transform(whole_number(0, 18446744073709551615ULL));
    run->add_option("--timeout", timeout_, "")->check(number(0.1, 86400));
    run->add_option("--accel", word_, "")->check(one_of({"auto", "tcg", "kvm"}));
    run->add_option("--results", word_, "")->check(not_empty());
    app_.add_subcommand("kernel", "")->add_subcommand("build", "");
    app_.add_subcommand("list", "");
    app_.require_subcommand(1);
  }

  // What is complained of; empty when nothing is.
  std::string complaint(std::vector<std::string> words) {
    words.insert(words.begin(), "it");
    std::vector<char*> pointers;
    pointers.reserve(words.size());
    for (std::string& word : words) pointers.push_back(word.data());
    std::string out;
    const auto status = parse_command_line(app_, static_cast<int>(pointers.size()), pointers.data(),
                                           [&](const Error& error) { out = error.line(); });
    EXPECT_EQ(status.value_or(0), out.empty() ? 0 : 2);
    return out;
  }

  CLI::App app_{"", "it"};
  std::uint64_t seed_ = 0;
  double timeout_ = 0;
  std::string word_;
};

TEST_F(CommandLine, ASubcommandIsMeant) {
  EXPECT_THAT(complaint({"rnu"}), HasSubstr("unknown subcommand \"rnu\"; known are run, "));
  EXPECT_EQ(complaint({"kernel", "buidl"}), "unknown subcommand \"buidl\"; known are build");
}

TEST_F(CommandLine, AnOptionIsMeant) {
  EXPECT_EQ(complaint({"run", "--sede", "1"}),
            "unknown option \"--sede\"; the nearest is --seed, and it run --help tells what there is");
}

TEST_F(CommandLine, AWordTooMany) {
  EXPECT_EQ(complaint({"list", "x"}), "unexpected word \"x\"; it list --help tells what there is");
}

TEST_F(CommandLine, ASeedIsAWholeNumber) {
  EXPECT_EQ(complaint({"run", "--seed", "18446744073709551615"}), "");
  EXPECT_EQ(seed_, 18446744073709551615ULL);
  EXPECT_EQ(complaint({"run", "--seed", "010"}), "");
  EXPECT_EQ(seed_, 10U);
  for (const char* bad : {"18446744073709551616", "-1", "+1", "0x10", "1.5", "1e3", "nan", "", " 1"}) {
    EXPECT_THAT(complaint({"run", "--seed", bad}), HasSubstr("is no whole number from 0 to 18446744073709551615"));
  }
}

TEST_F(CommandLine, ATimeoutIsANumber) {
  EXPECT_EQ(complaint({"run", "--timeout", "1.5"}), "");
  EXPECT_EQ(timeout_, 1.5);
  for (const char* bad : {"nan", "inf", "-1", "0", "0x10", "1e30", "18446744073709551616", "1s", ""}) {
    EXPECT_THAT(complaint({"run", "--timeout", bad}), HasSubstr("is no number from 0.1 to 86400"));
  }
}

TEST_F(CommandLine, AWordIsOneOfThoseThatThereAre) {
  EXPECT_THAT(complaint({"run", "--accel", "kvmm"}), HasSubstr("--accel: unknown word \"kvmm\"; known are kvm, "));
}

TEST_F(CommandLine, NothingIsNoPlace) {
  EXPECT_THAT(complaint({"run", "--results", ""}), HasSubstr("--results: is empty"));
}

}  // namespace
}  // namespace zlt
