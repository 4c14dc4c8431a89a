// SPDX-License-Identifier: GPL-2.0-only
//
// What drives a case from the host, step by step, instead of by one command to the module.
#pragma once

#include <functional>
#include <string>

#include "qemu/zlt/forensics/patient_wait.h"
#include "userspace/report/model.h"

namespace zlt::run {

// One short line for people, several times a second: "turn 3/10".
using OnProgress = std::function<void(const std::string& text)>;

class CaseBody {
 public:
  CaseBody() = default;
  CaseBody(const CaseBody&) = delete;
  CaseBody& operator=(const CaseBody&) = delete;
  CaseBody(CaseBody&&) = delete;
  CaseBody& operator=(CaseBody&&) = delete;
  virtual ~CaseBody() = default;
  // kDone: it ran to its end, and the record says what was seen. Another end is judged as that of a module's case is.
  [[nodiscard]] virtual Ended drive(report::CaseRecord& record) = 0;
};

}  // namespace zlt::run
