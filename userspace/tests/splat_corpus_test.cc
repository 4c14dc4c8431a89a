// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "userspace/splat/json.h"
#include "userspace/splat/kinds.h"
#include "userspace/splat/scanner.h"
#include "userspace/tests/splat_corpus.h"

namespace zlt::splat {
namespace {

using testing::ElementsAreArray;

class Corpus : public testing::TestWithParam<std::string> {
 protected:
  Corpus() : log_(corpus_log(GetParam())), records_(scan(log_)) {}

  std::string log_;
  std::vector<Record> records_;
};

// What a record says apart from where it stands and what stood around it.
std::string essence(Record record) {
  record.begin = record.end = record.first_line = record.last_line = 0;
  record.inside = false;
  record.unreliable.clear();
  JsonExtras with_text;
  with_text.text = true;
  return to_json_line(record, with_text);
}

std::vector<std::string> essences(const std::vector<Record>& records) {
  std::vector<std::string> all;
  all.reserve(records.size());
  for (const Record& record : records) all.push_back(essence(record));
  return all;
}

TEST_P(Corpus, HoldsWhatPeopleSayItHolds) {
  const auto expected = corpus_expected();
  const auto found = expected.find(GetParam());
  ASSERT_NE(found, expected.end()) << "list it in EXPECTED";
  Expected seen;
  for (const Record& record : records_) seen.emplace_back(record.kind, record.title);
  EXPECT_THAT(seen, ElementsAreArray(found->second));
}

TEST_P(Corpus, MatchesItsGolden) {
  const bool same = golden(log_) == read_whole(corpus_folder() + "/" + GetParam() + ".json");
  EXPECT_TRUE(same) << "scripts/goldens writes it anew; git diff shows the difference";
}

TEST_P(Corpus, GivesTheSameRecordFromItsBegin) {
  for (const Record& record : records_) {
    const std::vector<Record> again = scan(std::string_view(log_).substr(record.begin));
    ASSERT_FALSE(again.empty()) << record.title;
    EXPECT_EQ(essence(again.front()), essence(record));
    EXPECT_EQ(again.front().begin, 0U) << record.title;
    EXPECT_EQ(again.front().end, record.end - record.begin) << record.title;
  }
}

TEST_P(Corpus, GivesNoSuchRecordFromItsEnd) {
  for (const Record& record : records_) {
    size_t later = 0;
    for (const Record& other : records_)
      later += other.fingerprint == record.fingerprint && other.begin >= record.end ? 1 : 0;
    size_t seen = 0;
    for (const Record& other : scan(std::string_view(log_).substr(record.end))) {
      seen += other.fingerprint == record.fingerprint ? 1 : 0;
    }
    EXPECT_EQ(seen, later) << record.title;
  }
}

TEST_P(Corpus, DoesNotDependOnThePieces) {
  for (const size_t size : {size_t{1}, size_t{7}, size_t{100}, size_t{4096}}) {
    EXPECT_THAT(essences(scan_in_pieces(log_, size)), ElementsAreArray(essences(records_))) << "pieces of " << size;
  }
}

TEST_P(Corpus, StandsWhereItSaysItStands) {
  for (const Record& record : records_) {
    ASSERT_LT(record.begin, record.end);
    ASSERT_LE(record.end, log_.size());
    const auto lines_before = [&](uint64_t offset) {
      return static_cast<uint64_t>(std::count(log_.begin(), log_.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
    };
    EXPECT_EQ(record.first_line, lines_before(record.begin) + 1) << record.title;
    EXPECT_EQ(record.last_line, lines_before(record.end - 1) + 1) << record.title;
  }
}

INSTANTIATE_TEST_SUITE_P(Logs, Corpus, testing::ValuesIn(corpus_names()), [](const auto& log) {
  std::string name = log.param;
  for (char& c : name) c = c == '-' || c == '.' ? '_' : c;
  return name;
});

TEST(CorpusAsAWhole, HasTwoLogsOfEveryKind) {
  std::map<std::string, std::set<std::string>> logs;
  for (const auto& name : corpus_names()) {
    for (const Record& record : scan(corpus_log(name))) logs[record.kind].insert(name);
  }
  std::set<std::string_view> kinds{"reboot"};
  for (const auto& family : all_kinds()) {
    for (const Kind& kind : family) {
      if (!kind.note) kinds.insert(kind.slug);
    }
  }
  for (const std::string_view kind : kinds) EXPECT_GE(logs[std::string(kind)].size(), 2U) << kind;
}

TEST(CorpusAsAWhole, ExpectsNothingOfLogsThatAreNotThere) {
  const auto names = corpus_names();
  for (const auto& [name, reports] : corpus_expected()) EXPECT_THAT(names, testing::Contains(name));
}

}  // namespace
}  // namespace zlt::splat
