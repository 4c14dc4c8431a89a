// SPDX-License-Identifier: GPL-2.0-only
//
// What two reports of one bug have in common on any boot and build: kind, title, lock classes, and where nobody is to
// blame the functions that were met first. Numbers are taken out of texts that may hold addresses, pids or devices.
#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "userspace/splat/analyse.h"
#include "userspace/splat/text.h"

namespace zlt::splat {
namespace {

class Digest {
 public:
  void add(std::string_view text) {
    for (const char c : text) byte(static_cast<uint8_t>(c));
    byte(0);
  }
  // Words with a digit in them become '#', unless they are names of functions ("ext4_iget").
  void add_without_numbers(std::string_view text) {
    for (size_t i = 0; i < text.size();) {
      size_t end = i;
      bool all_hex = true;
      bool digit = false;
      while (end < text.size() && is_word(text[end])) {
        all_hex = all_hex && (is_hex(text[end]) || text[end] == 'x');
        digit = digit || is_digit(text[end]);
        ++end;
      }
      if (end == i) {
        byte(static_cast<uint8_t>(text[i++]));
        continue;
      }
      if (digit && all_hex) {
        byte('#');
      } else {
        for (const char c : text.substr(i, end - i)) byte(static_cast<uint8_t>(c));
      }
      i = end;
    }
    byte(0);
  }
  [[nodiscard]] std::string hex() const {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text(16, '0');
    for (size_t i = 0; i < 16; ++i) text[i] = kDigits[state_ >> (60 - 4 * i) & 15];
    return text;
  }

 private:
  void byte(uint8_t value) {  // FNV-1a
    state_ ^= value;
    state_ *= 0x100000001b3U;
  }
  uint64_t state_ = 0xcbf29ce484222325U;
};

// "&q->lock#2/1" without the version, which depends on what was registered earlier in this boot.
std::string class_name(std::string_view name) {
  const size_t version = name.find('#');
  if (version == std::string_view::npos) return std::string(name);
  const size_t subclass = name.find('/', version);
  return std::string(name.substr(0, version)) +
         (subclass == std::string_view::npos ? "" : std::string(name.substr(subclass)));
}

}  // namespace

std::string fingerprint(const Record& record, Blamer& blamer) {
  constexpr size_t kFunctions = 3;
  Digest digest;
  digest.add(record.kind);
  digest.add_without_numbers(record.title);
  std::vector<std::string> classes;
  for (const Lock& lock : record.locks) {
    if (lock.role != "held") classes.push_back(class_name(lock.name));
  }
  for (const ChainLink& link : record.chain) classes.push_back(class_name(link.name));
  std::sort(classes.begin(), classes.end());
  classes.erase(std::unique(classes.begin(), classes.end()), classes.end());
  for (const auto& name : classes) digest.add(name);
  if (record.guilty.function.empty() && !record.stacks.empty()) {
    size_t left = kFunctions;
    for (const Frame& frame : record.stacks.front().frames) {
      if (left == 0) break;
      if (!frame.reliable || blamer.helper(frame.function)) continue;
      digest.add(frame.function);
      --left;
    }
  }
  return digest.hex();
}

}  // namespace zlt::splat
