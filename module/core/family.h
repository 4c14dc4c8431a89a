// SPDX-License-Identifier: GPL-2.0-only
//
// A family of cases: every row with every column, one body for all of them, one table of expectations. The body and the
// expectation find out which member they are about from the case that they are given. module/scenarios/alloc_context.cc
// is the model.
#pragma once

#include "module/core/case.h"

namespace zlt {

// Text that is put together at compile time. What does not fit does not compile.
template <size_t N>
class Label {
 public:
  constexpr Label& operator+=(const char* text) {
    for (; *text != '\0'; ++text) text_[used_++] = *text;
    return *this;
  }
  [[nodiscard]] constexpr const char* c_str() const { return text_; }

 private:
  char text_[N] = {};
  size_t used_ = 0;
};

// Row and Column are the scenario's own structs; both have `name`, a part of the id, and `words`, a part of the
// summary. A member is `scenario/row-column`. It has to be a constant of static storage: its cases point into it.
template <typename Row, size_t kRows, typename Column, size_t kColumns>
class Family {
 public:
  // `pattern` has what all members share; `hazard_of(row, column)` names each member's hazard.
  template <typename HazardOf>
  constexpr Family(const char* scenario, const Row (&rows)[kRows], const Column (&columns)[kColumns],
                   const Case& pattern, HazardOf hazard_of)
      : rows_(rows), columns_(columns) {
    for (size_t member = 0; member < kRows * kColumns; ++member) {
      const Row& row = rows[member / kColumns];
      const Column& column = columns[member % kColumns];
      ((((ids_[member] += scenario) += "/") += row.name) += "-") += column.name;
      ((summaries_[member] += column.words) += ", ") += row.words;
      Case& test = cases_[member];
      test = pattern;
      test.id = ids_[member].c_str();
      test.hazard = hazard_of(row, column);
      test.summary = summaries_[member].c_str();
      test.member = member;
    }
  }
  Family(const Family&) = delete;
  Family& operator=(const Family&) = delete;
  constexpr ~Family() = default;

  [[nodiscard]] constexpr Scenario scenario() const { return zlt::scenario(cases_); }
  // Of a case that is a member.
  [[nodiscard]] constexpr const Row& row_of(const Case& test) const { return rows_[test.member / kColumns]; }
  [[nodiscard]] constexpr const Column& column_of(const Case& test) const { return columns_[test.member % kColumns]; }

 private:
  const Row* rows_;
  const Column* columns_;
  Label<64> ids_[kRows * kColumns];
  Label<128> summaries_[kRows * kColumns];
  Case cases_[kRows * kColumns] = {};
};

}  // namespace zlt
