// SPDX-License-Identifier: GPL-2.0-only
//
// One log in every form in which people get to see it: consoles, dmesg, journals, collectors, builders, phones, quotes,
// mails and pages.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace zlt::splat {

struct Printed {
  int64_t time = 0;  // microseconds
  std::string text;
  bool further = false;  // a further line of the message in front
};

// What the kernel printed, callers left out. A log without any stamp is given some.
[[nodiscard]] std::vector<Printed> messages_of(std::string_view log);

struct LogForm {
  const char* name;
  std::string (*render)(const std::vector<Printed>& messages);
  bool clock = true;  // it says when the kernel thinks it is: a clock that goes back can be seen
};
[[nodiscard]] std::span<const LogForm> log_forms();

// The same for lines that a mailer wrapped: where a line was cut is not always to be known, so less is the same.
[[nodiscard]] std::span<const LogForm> wrapped_forms();

// The serial console's, which all others are compared with.
[[nodiscard]] std::string serial(const std::vector<Printed>& messages);

}  // namespace zlt::splat
