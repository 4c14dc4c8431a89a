// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/text.h"

#include <algorithm>
#include <charconv>

#include "module/abi/debugfs.h"

namespace zlt::ctl {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> out;
  for (;;) {
    const size_t end = text.find(separator);
    out.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string_view> lines_of(std::string_view text) {
  if (text.empty()) return {};
  if (text.back() == '\n') text.remove_suffix(1);
  return split(text, '\n');
}

std::optional<uint64_t> to_number(std::string_view text) {
  const bool hex = text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
  if (hex) text.remove_prefix(2);
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, hex ? 16 : 10);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return number;
}

bool is_glob(std::string_view text) {
  return text.find_first_of("*?[") != std::string_view::npos;
}

tl::unexpected<Error> malformed(const char* file, std::string_view why) {
  return failure(std::string("cannot understand debugfs '") + file + "': " + std::string(why),
                 "use a module and a zltctl of one build");
}

Result<Fields> Fields::parse(const char* file, std::string_view text) {
  Fields out(file);
  for (const std::string_view line : lines_of(text)) {
    const size_t equals = line.find('=');
    if (equals == std::string_view::npos || equals == 0) {
      return malformed(file, "'" + std::string(line) + "' is not key=value");
    }
    const std::string_view key = line.substr(0, equals);
    if (out.find(key) != nullptr) return malformed(file, "'" + std::string(key) + "' comes twice");
    out.fields_.emplace_back(key, line.substr(equals + 1));
  }
  const Result<uint64_t> abi = out.number("abi");
  if (!abi) return tl::unexpected(abi.error());
  if (*abi != abi::kVersion) {
    return failure("the module speaks version " + std::to_string(*abi) + " of the interface, this zltctl version " +
                       std::to_string(abi::kVersion),
                   "use a module and a zltctl of one build");
  }
  return out;
}

const std::string_view* Fields::find(std::string_view key) const {
  const auto found = std::find_if(fields_.begin(), fields_.end(), [key](const auto& f) { return f.first == key; });
  return found == fields_.end() ? nullptr : &found->second;
}

Result<std::string> Fields::text(std::string_view key) const {
  const std::string_view* value = find(key);
  if (value == nullptr) return malformed(file_, "no '" + std::string(key) + "'");
  return std::string(*value);
}

Result<uint64_t> Fields::number(std::string_view key) const {
  const std::string_view* value = find(key);
  if (value == nullptr) return malformed(file_, "no '" + std::string(key) + "'");
  const std::optional<uint64_t> number = to_number(*value);
  if (!number) return malformed(file_, std::string(key) + "='" + std::string(*value) + "' is not a number");
  return *number;
}

Result<bool> Fields::flag(std::string_view key) const {
  const Result<uint64_t> value = number(key);
  if (!value) return tl::unexpected(value.error());
  if (*value > 1) return malformed(file_, std::string(key) + " is neither 0 nor 1");
  return *value == 1;
}

void Fields::each(std::string_view prefix,
                  const std::function<void(std::string_view key, std::string_view value)>& use) const {
  for (const auto& [key, value] : fields_) {
    if (key.starts_with(prefix)) use(key.substr(prefix.size()), value);
  }
}

}  // namespace zlt::ctl
