// SPDX-License-Identifier: GPL-2.0-only
//
// What is asked of the module: a case, a form, parameters.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "module/abi/params.h"
#include "userspace/base/result.h"
#include "userspace/protocol/command.h"

namespace zlt::ctl {

struct RunRequest {
  std::string id;
  std::string form = abi::kFormBounded;
  std::vector<std::pair<std::string, std::string>> params;

  // As it is written to debugfs `run`, without a line's end.
  [[nodiscard]] std::string line() const;
};

// "hold_us: 10 to 100000 us, default 200"
[[nodiscard]] std::string describe(const abi::ParamSpec& spec);
// A known key with a value in its range.
[[nodiscard]] Status check_param(std::string_view key, std::string_view value);
// The form and every parameter of the request. The module is the judge of what runs: this only says what it dislikes.
[[nodiscard]] Status check(const RunRequest& request);
// What a command of the control port asks for, its parameters looked at.
[[nodiscard]] Result<RunRequest> request_of(const protocol::RunCase& command);
// Takes a `key=value` word into the request; `form=` is the form.
[[nodiscard]] Status add_word(RunRequest& request, std::string_view word);

}  // namespace zlt::ctl
