// SPDX-License-Identifier: GPL-2.0-only
//
// Reads the running kernel's machine code: it tells which function an address lies in, and copies the bytes of a
// function.
#pragma once

#include "module/core/text.h"

namespace zlt {

// Where an address lies: NAME+0xOFFSET/0xSIZE, followed by " [module]" where it lies in one.
class Location {
 public:
  explicit Location(uint64_t address);
  Location(const Location&) = delete;  // name() points into it
  Location& operator=(const Location&) = delete;
  ~Location() = default;

  // A function may start with ENDBR, which direct calls may leave out.
  [[nodiscard]] bool at_start() const { return known_ && (offset_ == 0 || offset_ == 4); }
  [[nodiscard]] View name() const { return name_; }
  [[nodiscard]] uint64_t offset() const { return offset_; }
  [[nodiscard]] uint64_t size() const { return size_; }
  [[nodiscard]] const char* c_str() const { return text_; }

 private:
  char text_[160] = {};
  View name_;
  uint64_t offset_ = 0;
  uint64_t size_ = 0;
  bool known_ = false;
};

// A copy of one function's code.
class FunctionCode {
 public:
  using Reason = Text<160>;

  FunctionCode() = default;
  ~FunctionCode() { zlt_free(bytes_); }
  FunctionCode(const FunctionCode&) = delete;
  FunctionCode& operator=(const FunctionCode&) = delete;

  // Looks for `name`, then for the names that gcc gives a function it changed the parameters of. 0 or a negative errno
  // and the reason. Task context; once.
  [[nodiscard]] int read(const char* name, Reason& reason);

  [[nodiscard]] const uint8_t* bytes() const { return bytes_; }
  [[nodiscard]] uint64_t address() const { return address_; }  // of the first byte
  [[nodiscard]] uint32_t size() const { return size_; }

 private:
  uint8_t* bytes_ = nullptr;
  uint64_t address_ = 0;
  uint32_t size_ = 0;
};

// The kernel's own zonelist_update_seq, nullptr where there is none to be found, and the reason.
[[nodiscard]] const zlt_seqlock* find_zonelist_seqlock(FunctionCode::Reason& reason);

}  // namespace zlt
