// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/identity.h"

#include <algorithm>

#include "userspace/splat/text.h"

namespace zlt::splat {
namespace {

bool is_letter(char c) {
  return is_word(c) && !is_digit(c) && c != '_';
}

}  // namespace

bool read_identity_line(std::string_view text, Identity& identity) {
  identity = {};
  std::string_view rest;
  if (contains(text, "CPU: ") && contains(text, "PID: ") && after(text, "Comm: ", rest)) {
    identity.cpu = static_cast<int>(number_after(text, "CPU: ", kUnknown));
    identity.pid = static_cast<int>(number_after(text, "PID: ", kUnknown));
  } else if (text.starts_with("Pid: ") && after(text, ", comm: ", rest)) {
    identity.pid = static_cast<int>(number_after(text, "Pid: ", kUnknown));
  } else if (contains(text, "CPU: ") && contains(text, "PID: ")) {
    identity.cpu = static_cast<int>(number_after(text, "CPU: ", kUnknown));
    identity.pid = static_cast<int>(number_after(text, "PID: ", kUnknown));
    return true;
  } else {
    return false;
  }
  // The name may hold blanks; what follows it does not vary.
  size_t name = rest.size();
  for (const std::string_view behind : {" Not tainted", " Tainted: ", " Kdump: "})
    name = std::min(name, rest.find(behind));
  identity.task = trim(rest.substr(0, name));
  identity.behind = rest.substr(name);
  return true;
}

std::string taint_letters(std::string_view text) {
  std::string letters;
  for (const char c : text) {
    if (is_letter(c)) letters.push_back(c);
  }
  return letters;
}

bool read_taint(std::string_view text, std::string& taint, std::string& release) {
  std::string_view rest;
  const bool clean = text.starts_with("Not tainted");
  if (clean) {
    rest = text.substr(11);
  } else if (text.starts_with("Tainted: ")) {
    rest = text.substr(9);
  } else {
    return false;
  }
  // The letters stand in fixed columns; the release follows and begins with a digit.
  const size_t at = std::min(rest.find_first_of("0123456789"), rest.size());
  taint = clean ? "not tainted" : taint_letters(rest.substr(0, at));
  const std::string_view tail = rest.substr(at);
  release = tail.substr(0, tail.find_first_of(" )"));
  return true;
}

}  // namespace zlt::splat
