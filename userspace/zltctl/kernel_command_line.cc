// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/kernel_command_line.h"

#include <charconv>
#include <functional>

#include "module/abi/debugfs.h"
#include "userspace/zltctl/text.h"

namespace zlt::ctl {
namespace {

constexpr std::string_view kAutorun = "zlt.autorun=";
constexpr std::string_view kShrinkSlabs = "zlt.shrink_slabs=";
constexpr unsigned kLongestPauseMs = 10000;

void each_word(std::string_view line, const std::function<void(std::string_view)>& use) {
  for (const std::string_view part : lines_of(line)) {
    for (const std::string_view word : split(part, ' ')) use(word);
  }
}

}  // namespace

Params module_params(std::string_view command_line) {
  Params out;
  const std::string prefix = std::string(abi::kModuleName) + ".";
  each_word(command_line, [&](std::string_view word) {
    const size_t equals = word.find('=');
    if (!word.starts_with(prefix) || equals == std::string_view::npos) return;
    out.emplace_back(word.substr(prefix.size(), equals - prefix.size()), word.substr(equals + 1));
  });
  return out;
}

Result<std::optional<RunRequest>> autorun(std::string_view command_line) {
  std::string_view wanted;
  each_word(command_line, [&](std::string_view word) {
    if (word.starts_with(kAutorun)) wanted = word.substr(kAutorun.size());
  });
  if (wanted.empty()) return std::optional<RunRequest>();
  std::vector<std::string_view> words = split(wanted, ',');
  RunRequest request;
  request.id = words.front();
  words.erase(words.begin());
  for (const std::string_view word : words) {
    if (Status added = add_word(request, word); !added) return tl::unexpected(added.error());
  }
  return std::optional<RunRequest>(std::move(request));
}

Result<std::optional<unsigned>> shrink_slabs(std::string_view command_line) {
  std::string_view wanted;
  each_word(command_line, [&](std::string_view word) {
    if (word.starts_with(kShrinkSlabs)) wanted = word.substr(kShrinkSlabs.size());
  });
  if (wanted.empty()) return std::optional<unsigned>();
  unsigned pause_ms = 0;
  const auto [end, error] = std::from_chars(wanted.data(), wanted.data() + wanted.size(), pause_ms);
  if (error != std::errc() || end != wanted.data() + wanted.size() || pause_ms == 0 || pause_ms > kLongestPauseMs) {
    return tl::unexpected(Error{"not a pause to shrink slabs with: " + std::string(wanted),
                                "milliseconds, 1 to " + std::to_string(kLongestPauseMs)});
  }
  return std::optional<unsigned>(pause_ms);
}

}  // namespace zlt::ctl
