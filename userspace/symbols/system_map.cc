// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/symbols/system_map.h"

#include <algorithm>
#include <charconv>

namespace zlt::symbols {
namespace {

constexpr size_t kShortestAddress = 8;
constexpr std::uint64_t kLongest = 0x100000;  // of a function: what follows the last one before a gap is none of it

template <typename Take>
bool each_line(std::string_view text, Take take) {
  bool all = true;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    all = take(text.substr(0, end)) && all;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return all;
}

}  // namespace

bool SystemMap::take(std::string_view line) {
  std::uint64_t address = 0;
  const auto [after, error] = std::from_chars(line.data(), line.data() + line.size(), address, 16);
  const auto digits = static_cast<size_t>(after - line.data());
  const std::string_view rest = line.substr(digits);  // " T _text"
  if (error != std::errc() || digits < kShortestAddress || rest.size() < 4 || rest[0] != ' ' || rest[2] != ' ') {
    return false;
  }
  if (std::string_view("tTwW").find(rest[1]) != std::string_view::npos) {
    functions_.push_back({address, std::string(rest.substr(3))});
  }
  return true;
}

void SystemMap::sort() {
  std::stable_sort(functions_.begin(), functions_.end(),
                   [](const Function& a, const Function& b) { return a.address < b.address; });
}

Result<SystemMap> SystemMap::parse(std::string_view text) {
  SystemMap out;
  if (!each_line(text, [&out](std::string_view line) { return out.take(line); })) {
    return bad_input("no System.map", "give a vmlinux, a .ko or a System.map");
  }
  if (out.functions_.empty()) {
    return bad_input("it names no function", "give the System.map of the kernel that printed the log");
  }
  out.sort();
  return out;
}

SystemMap SystemMap::parse_what_is_one(std::string_view text) {
  SystemMap out;
  each_line(text, [&out](std::string_view line) { return out.take(line); });
  out.sort();
  return out;
}

std::optional<Place> SystemMap::find(std::uint64_t address) const {
  const auto next =
      std::upper_bound(functions_.begin(), functions_.end(), address,
                       [](std::uint64_t value, const Function& function) { return value < function.address; });
  if (next == functions_.begin()) return {};
  const Function& found = *std::prev(next);
  const std::uint64_t size = next == functions_.end() ? 0 : next->address - found.address;
  if (address - found.address >= kLongest) return {};
  return Place{found.name, address - found.address, size, {}};
}

}  // namespace zlt::symbols
