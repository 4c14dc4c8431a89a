// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/guest/run_param.h"

#include <fmt/format.h>

#include <charconv>
#include <vector>

#include "module/abi/params.h"
#include "userspace/base/nearest.h"

namespace zlt::run {

Result<std::pair<std::string, std::uint64_t>> parse_param(const std::string& text) {
  const size_t equals = text.find('=');
  const std::string key = text.substr(0, equals);
  const std::string value = equals == std::string::npos ? "" : text.substr(equals + 1);
  const auto wrong = [&text](const std::string& what, const std::string& hint) {
    return bad_input(fmt::format("--param {}: {}", text, what), hint);
  };
  std::vector<std::string> known;
  for (const abi::ParamSpec& spec : abi::kParams) {
    known.emplace_back(spec.name);
    if (key != spec.name) {
      continue;
    }
    if (equals == std::string::npos) {
      return wrong("no value is given", fmt::format("for instance {}={}", key, spec.fallback));
    }
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || end != value.data() + value.size() || number < spec.min || number > spec.max) {
      return wrong(fmt::format("{} is not from {} to {}", value.empty() ? "nothing" : value, spec.min, spec.max), {});
    }
    return std::pair(key, number);
  }
  return wrong(fmt::format("unknown key \"{}\"", key), "known are " + joined(nearest_first(key, known)));
}

}  // namespace zlt::run
