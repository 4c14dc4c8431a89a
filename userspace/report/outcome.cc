// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/report/outcome.h"

#include "module/abi/verdict.h"

namespace zlt::report {

bool is_outcome(const std::string& name) {
  return name == abi::kCleanName || protocol::is_outcome(name);
}

}  // namespace zlt::report
