// SPDX-License-Identifier: GPL-2.0-only
//
// Atomics over the compiler's builtins, because <atomic> drags libc headers in. A load acquires, a store releases,
// and counters are relaxed; nothing here needs more. The generic builtins are used because they take enumerations
// too; the `_n` ones do so only with gcc.
#pragma once

namespace zlt {

template <typename T>
class Atomic {
 public:
  constexpr Atomic() = default;
  constexpr explicit Atomic(T value) : value_(value) {}
  Atomic(const Atomic&) = delete;
  Atomic& operator=(const Atomic&) = delete;
  ~Atomic() = default;

  [[nodiscard]] T load() const {
    T value;
    __atomic_load(&value_, &value, __ATOMIC_ACQUIRE);
    return value;
  }
  void store(T value) { __atomic_store(&value_, &value, __ATOMIC_RELEASE); }
  void add(T value) { __atomic_fetch_add(&value_, value, __ATOMIC_RELAXED); }
  // Of an integer: sets these bits as well.
  void set(T bits) { __atomic_fetch_or(&value_, bits, __ATOMIC_ACQ_REL); }
  // The value before.
  T exchange(T value) {
    T before;
    __atomic_exchange(&value_, &value, &before, __ATOMIC_ACQ_REL);
    return before;
  }
  // From one value to another, or nothing.
  void advance(T from, T to) {
    __atomic_compare_exchange(&value_, &from, &to, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
  }

 private:
  T value_{};
};

}  // namespace zlt
