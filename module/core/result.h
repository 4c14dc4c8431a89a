// SPDX-License-Identifier: GPL-2.0-only
//
// A function returns a Result when it either succeeds with a value or fails with a negative errno.
#pragma once

namespace zlt {

namespace errc {  // the values of the kernel's asm-generic/errno*.h, which the host has too
inline constexpr int kPerm = -1;
inline constexpr int kNoMemory = -12;
inline constexpr int kBusy = -16;
inline constexpr int kInval = -22;
inline constexpr int kNotSupported = -95;
}  // namespace errc

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(value) {}
  static Result failure(int error) { return Result(error, Failed{}); }

  [[nodiscard]] explicit operator bool() const { return error_ == 0; }
  [[nodiscard]] int error() const { return error_; }  // 0 on success
  [[nodiscard]] const T& operator*() const { return value_; }
  [[nodiscard]] const T* operator->() const { return &value_; }

 private:
  struct Failed {};
  Result(int error, Failed) : error_(error) {}

  T value_{};
  int error_ = 0;
};

}  // namespace zlt
