// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/request.h"

#include <algorithm>
#include <iterator>

#include "userspace/base/nearest.h"
#include "userspace/zltctl/text.h"

namespace zlt::ctl {
namespace {

const abi::ParamSpec* find_spec(std::string_view key) {
  const auto* found = std::find_if(std::begin(abi::kParams), std::end(abi::kParams),
                                   [key](const abi::ParamSpec& spec) { return key == spec.name; });
  return found == std::end(abi::kParams) ? nullptr : found;
}

std::string named(std::string_view text) {
  return "'" + std::string(text) + "'";
}

// The module reads words: a blank inside one would make it two.
bool is_word(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return c == ' ' || static_cast<unsigned char>(c) < 0x20; });
}

std::string range_of(const abi::ParamSpec& spec) {
  const std::string unit = spec.unit[0] == '\0' ? "" : std::string(" ") + spec.unit;
  return std::to_string(spec.min) + " to " + std::to_string(spec.max) + unit;
}

}  // namespace

std::string RunRequest::line() const {
  std::string out = id + " " + abi::kFormKey + "=" + form;
  for (const auto& [key, value] : params) out.append(" ").append(key).append("=").append(value);
  return out;
}

std::string describe(const abi::ParamSpec& spec) {
  return std::string(spec.name) + ": " + range_of(spec) + ", default " + std::to_string(spec.fallback);
}

Status check_param(std::string_view key, std::string_view value) {
  const abi::ParamSpec* spec = find_spec(key);
  if (spec == nullptr) {
    std::vector<std::string> known;
    for (const abi::ParamSpec& each : abi::kParams) known.emplace_back(each.name);
    return bad_input("unknown parameter " + named(key), "valid: " + joined(nearest_first(key, std::move(known))));
  }
  const std::optional<uint64_t> number = to_number(value);
  if (!number || *number < spec->min || *number > spec->max) {
    return bad_input(std::string(key) + "=" + std::string(value) + " is not a number from " + range_of(*spec),
                     std::string(spec->name) + " is " + spec->help);
  }
  return {};
}

Status check(const RunRequest& request) {
  if (!is_word(request.id)) return bad_input("the case " + named(request.id) + " has a blank in it");
  if (request.form != abi::kFormBounded && request.form != abi::kFormFaithful) {
    return bad_input("unknown form " + named(request.form),
                     std::string("valid: ") + abi::kFormBounded + ", " + abi::kFormFaithful);
  }
  for (const auto& [key, value] : request.params) {
    if (Status status = check_param(key, value); !status) return status;
  }
  return {};
}

Status add_word(RunRequest& request, std::string_view word) {
  const size_t equals = word.find('=');
  if (equals == std::string_view::npos || equals == 0 || !is_word(word)) {
    return bad_input(named(word) + " is not key=value", "write CASE first, then parameters like loops=100");
  }
  const std::string_view key = word.substr(0, equals);
  const std::string_view value = word.substr(equals + 1);
  if (key == abi::kFormKey) {
    request.form = value;
  } else {
    request.params.emplace_back(key, value);
  }
  return {};
}

Result<RunRequest> request_of(const protocol::RunCase& command) {
  RunRequest out;
  out.id = command.name;
  if (!command.form.empty()) out.form = command.form;
  for (const auto& [key, value] : command.params) {
    if (Status checked = check_param(key, value); !checked) return tl::unexpected(checked.error());
    out.params.emplace_back(key, value);
  }
  return out;
}

}  // namespace zlt::ctl
