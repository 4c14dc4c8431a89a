// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/protocol/words.h"

#include <algorithm>

#include "module/abi/params.h"

namespace zlt::protocol {
namespace {

bool is_small(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

bool is_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_small);
}

}  // namespace

bool is_case_name(std::string_view text) {
  const size_t slash = text.find('/');
  return text.size() <= kLongestName && slash != std::string_view::npos && is_word(text.substr(0, slash)) &&
         is_word(text.substr(slash + 1));
}

bool is_form(std::string_view text) {
  return text == abi::kFormBounded || text == abi::kFormFaithful;
}

bool is_key(std::string_view text) {
  return !text.empty() && text.size() <= kLongestName && std::all_of(text.begin(), text.end(), [](char c) {
    return is_small(c) || (c >= 'A' && c <= 'Z') || c == '_' || c == '.';
  });
}

}  // namespace zlt::protocol
