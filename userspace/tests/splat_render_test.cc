// SPDX-License-Identifier: GPL-2.0-only
//
// One report, one record: each log of the corpus in every form that people get to see gives what the serial console's
// gives.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "userspace/splat/json.h"
#include "userspace/splat/scanner.h"
#include "userspace/tests/splat_corpus.h"
#include "userspace/tests/splat_render.h"

namespace zlt::splat {
namespace {

using Lines = std::vector<std::string>;

// What a record says of the bug, not where it stands in this form.
Lines bugs(const std::string& log, bool reboots) {
  Lines all;
  for (Record record : scan(log)) {
    if (record.kind == "reboot" && !reboots) continue;
    record.begin = record.end = record.first_line = record.last_line = 0;
    record.unreliable.clear();
    record.undone.clear();
    record.lines.clear();
    all.push_back(to_json_line(record));
  }
  return all;
}

Lines titles(const std::string& log) {
  Lines all;
  for (const Record& record : scan(log)) all.push_back(record.kind + ": " + record.title + " " + record.fingerprint);
  return all;
}

std::string name_of(const testing::TestParamInfo<LogForm>& form) {
  return form.param.name;
}

class Rendered : public testing::TestWithParam<LogForm> {};

TEST_P(Rendered, CorpusGivesTheSameRecords) {
  size_t records = 0;
  for (const std::string& name : corpus_names()) {
    const auto messages = messages_of(corpus_log(name));
    const Lines wanted = bugs(serial(messages), GetParam().clock);
    records += wanted.size();
    EXPECT_EQ(bugs(GetParam().render(messages), GetParam().clock), wanted) << name;
  }
  EXPECT_GT(records, 100U);
}

INSTANTIATE_TEST_SUITE_P(As, Rendered, testing::ValuesIn(log_forms().begin(), log_forms().end()), name_of);

class WrappedForm : public testing::TestWithParam<LogForm> {};

TEST_P(WrappedForm, CorpusGivesTheSameBugs) {
  for (const std::string& name : corpus_names()) {
    const auto messages = messages_of(corpus_log(name));
    EXPECT_EQ(titles(GetParam().render(messages)), titles(serial(messages))) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(As, WrappedForm, testing::ValuesIn(wrapped_forms().begin(), wrapped_forms().end()), name_of);

}  // namespace
}  // namespace zlt::splat
