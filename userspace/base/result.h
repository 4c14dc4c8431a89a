// SPDX-License-Identifier: GPL-2.0-only
//
// The one result type of the host programs. An Error is shown to people as one line: what went wrong, and what to do.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

#include "userspace/base/printable.h"

namespace zlt {

// Exit statuses of every program here.
enum class Exit : int {
  kExpected = 0,    // everything came out as expected
  kUnexpected = 1,  // something did not
  kFailure = 2,     // our own failure, or bad usage
};

// Whose matter an error is, for the code that acts on it. The words are for people, and nothing is decided by them.
enum class ErrorKind {
  kOurs,         // something did not work
  kBadInput,     // what somebody gave is not valid: a word, a file, a message
  kRefused,      // the other side understood, and would not
  kInterrupted,  // the program was asked to stop
};

struct Error {
  std::string what;  // "cannot open /sys/kernel/debug/zltorture/run: Permission denied"
  std::string hint;  // "run as root"; may be empty
  ErrorKind kind = ErrorKind::kOurs;
  // What people are shown: one line that is printable, whoever wrote the words in it.
  [[nodiscard]] std::string line() const { return printable(hint.empty() ? what : what + "; " + hint); }
};

template <typename T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

[[nodiscard]] inline tl::unexpected<Error> failure(std::string what, std::string hint = {}) {
  return tl::unexpected<Error>(Error{std::move(what), std::move(hint)});
}
[[nodiscard]] inline tl::unexpected<Error> bad_input(std::string what, std::string hint = {}) {
  return tl::unexpected<Error>(Error{std::move(what), std::move(hint), ErrorKind::kBadInput});
}
[[nodiscard]] inline tl::unexpected<Error> refused(std::string what, std::string hint = {}) {
  return tl::unexpected<Error>(Error{std::move(what), std::move(hint), ErrorKind::kRefused});
}
[[nodiscard]] inline tl::unexpected<Error> interrupted(std::string what = "interrupted", std::string hint = {}) {
  return tl::unexpected<Error>(Error{std::move(what), std::move(hint), ErrorKind::kInterrupted});
}

}  // namespace zlt
