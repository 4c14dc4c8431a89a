// SPDX-License-Identifier: GPL-2.0-only
#include "module/core/settings.h"

#include <gmock/gmock.h>

#include <string>

#include "module/tests/fake_shim.h"

namespace zlt {
namespace {

using abi::Param;

struct SettingsTest : testing::Test {
  FakeKernel kernel;
  Settings settings = Defaults().settings();

  [[nodiscard]] std::string only_line() const {
    const auto lines = kernel.log();
    EXPECT_EQ(lines.size(), 1U) << testing::PrintToString(lines);
    return lines.empty() ? "" : lines.back();
  }
};

TEST_F(SettingsTest, DefaultsAreThoseOfTheTable) {
  EXPECT_EQ(settings.form, Form::kBounded);
  for (size_t i = 0; i < abi::kParamCount; ++i) EXPECT_EQ(settings.values[i], abi::kParams[i].fallback);
}

TEST_F(SettingsTest, TheTableIsSound) {
  for (const auto& spec : abi::kParams) {
    EXPECT_LE(spec.min, spec.max) << spec.name;
    EXPECT_LE(spec.min, spec.fallback) << spec.name;
    EXPECT_GE(spec.max, spec.fallback) << spec.name;
    EXPECT_STRNE(spec.help, "") << spec.name;
  }
}

TEST_F(SettingsTest, WordsChangeWhatTheyName) {
  ASSERT_EQ(apply_words("loops=20 seed=0x10\tform=faithful hold_us=10 hold_us=30\n", settings), 0);
  EXPECT_EQ(settings.get(Param::kLoops), 20U);
  EXPECT_EQ(settings.get(Param::kSeed), 16U);
  EXPECT_EQ(settings.get(Param::kHoldUs), 30U) << "the last one counts";
  EXPECT_EQ(settings.get(Param::kPeriodUs), 500U);
  EXPECT_EQ(settings.form, Form::kFaithful);
  EXPECT_THAT(kernel.log(), testing::IsEmpty());
}

TEST_F(SettingsTest, NoWordsChangeNothing) {
  ASSERT_EQ(apply_words("", settings), 0);
  ASSERT_EQ(apply_words(" \n", settings), 0);
  EXPECT_EQ(settings.get(Param::kLoops), 10U);
}

TEST_F(SettingsTest, EveryParameterTakesItsBounds) {
  for (const auto& spec : abi::kParams) {
    for (const uint64_t value : {spec.min, spec.max}) {
      const std::string word = std::string(spec.name) + "=" + std::to_string(value);
      EXPECT_EQ(apply_words(word.c_str(), settings), 0) << word;
    }
  }
}

TEST_F(SettingsTest, EveryParameterRefusesWhatIsBeyond) {
  for (size_t i = 0; i < abi::kParamCount; ++i) {
    const auto& spec = abi::kParams[i];
    std::vector<std::string> beyond;
    if (spec.min > 0) beyond.push_back(std::to_string(spec.min - 1));
    beyond.push_back(spec.max < UINT64_MAX ? std::to_string(spec.max + 1) : "18446744073709551616");
    for (const std::string& value : beyond) {
      EXPECT_EQ(apply_words((std::string(spec.name) + "=" + value).c_str(), settings), errc::kInval);
      const auto lines = kernel.log();
      EXPECT_THAT(lines.back(), testing::StartsWith(std::string("zltorture: ") + spec.name + "='" + value + "'"));
      EXPECT_THAT(lines.back(),
                  testing::HasSubstr("from " + std::to_string(spec.min) + " to " + std::to_string(spec.max)));
    }
    EXPECT_EQ(settings.values[i], spec.fallback);
  }
}

TEST_F(SettingsTest, EveryParameterRefusesWhatIsNoNumber) {
  for (const auto& spec : abi::kParams) {
    for (const char* value : {"", "many", "-1", "1.5", "0x"}) {
      EXPECT_EQ(apply_words((std::string(spec.name) + "=" + value).c_str(), settings), errc::kInval)
          << spec.name << value;
      EXPECT_THAT(kernel.log().back(), testing::HasSubstr("is not a number"));
    }
  }
}

TEST_F(SettingsTest, TheRangeIsSaidWithItsUnit) {
  EXPECT_EQ(apply_words("hold_us=9", settings), errc::kInval);
  EXPECT_EQ(only_line(), "zltorture: hold_us='9' is not a number from 10 to 100000 us");
}

TEST_F(SettingsTest, AnUnknownKeyNamesAllValidOnes) {
  EXPECT_EQ(apply_words("loop=3", settings), errc::kInval);
  const std::string line = only_line();
  EXPECT_THAT(line, testing::HasSubstr("unknown key 'loop'"));
  EXPECT_THAT(line, testing::HasSubstr(" form "));
  for (const auto& spec : abi::kParams) EXPECT_THAT(line + " ", testing::HasSubstr(" " + std::string(spec.name) + " "));
}

TEST_F(SettingsTest, AWordWithoutEqualsIsSaidToBeThat) {
  EXPECT_EQ(apply_words("loops", settings), errc::kInval);
  EXPECT_EQ(only_line(), "zltorture: 'loops' is not key=value");
}

TEST_F(SettingsTest, AFormIsBoundedOrFaithful) {
  EXPECT_EQ(apply_words("form=brave", settings), errc::kInval);
  EXPECT_EQ(only_line(), "zltorture: form='brave' is neither bounded nor faithful");
  EXPECT_EQ(apply_words("form=", settings), errc::kInval);
  EXPECT_EQ(settings.form, Form::kBounded);
}

TEST_F(SettingsTest, AnEmptyKeyIsUnknown) {
  EXPECT_EQ(apply_words("=3", settings), errc::kInval);
  EXPECT_THAT(only_line(), testing::HasSubstr("unknown key ''"));
}

TEST_F(SettingsTest, OnlineCpusPass) {
  ASSERT_EQ(apply_words("writer_cpu=1 reader_cpu=0", settings), 0);
  EXPECT_EQ(check_cpus(settings), 0);
}

TEST_F(SettingsTest, ACpuThatIsNotOnlineIsNamed) {
  settings.set(Param::kWriterCpu, 2);
  EXPECT_EQ(check_cpus(settings), errc::kInval);
  EXPECT_EQ(only_line(), "zltorture: writer_cpu=2 is not an online CPU; 2 are online");
  settings.set(Param::kWriterCpu, 0);
  settings.set(Param::kReaderCpu, 8191);
  EXPECT_EQ(check_cpus(settings), errc::kInval);
  EXPECT_EQ(kernel.log().back(), "zltorture: reader_cpu=8191 is not an online CPU; 2 are online");
}

TEST(SettingsOnOneCpu, AnUntouchedReaderFallsBackToTheWriters) {
  const FakeKernel kernel({.smp = false, .cpus = 1});
  Settings settings = Defaults().settings();
  resolve_cpus(settings);
  EXPECT_EQ(check_cpus(settings), 0);
  EXPECT_EQ(settings.get(Param::kReaderCpu), 0U);
  settings.set(Param::kReaderCpu, 2);
  resolve_cpus(settings);
  EXPECT_EQ(check_cpus(settings), errc::kInval);
}

TEST_F(SettingsTest, ParametersAsTextNameEachWithItsValue) {
  ParamsText text;
  settings.set(Param::kSeed, UINT64_MAX);
  append_params(text, settings);
  EXPECT_STREQ(text.c_str(),
               " allow_hang=0 seed=18446744073709551615 hold_us=200 period_us=500 loops=10 writer_cpu=0 reader_cpu=1"
               " pressure_node=0 whole_node=0 hold_mb=1024");
}

TEST_F(SettingsTest, ParametersAsTextFitWhateverTheirValues) {
  ParamsText text;
  for (auto& value : settings.values) value = UINT64_MAX;
  append_params(text, settings);
  EXPECT_THAT(std::string(text.c_str()), testing::EndsWith("hold_mb=18446744073709551615"));
}

}  // namespace
}  // namespace zlt
