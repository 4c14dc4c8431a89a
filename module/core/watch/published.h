// SPDX-License-Identifier: GPL-2.0-only
//
// A value that one writer, in any context, replaces, and that anybody copies: word by word, without a lock. A copy
// taken while it is replaced is a mixture, so readers check afterwards, by the writer's own count, that it was not.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "module/core/atomic.h"

namespace zlt {

template <typename T>
class Published {
 public:
  void store(const T& value) {
    Words words = {};
    __builtin_memcpy(words.raw, &value, sizeof(T));
    for (size_t i = 0; i < kWords; ++i) words_[i].store(words.raw[i]);
  }
  [[nodiscard]] T load() const {
    Words words = {};
    T value = {};
    for (size_t i = 0; i < kWords; ++i) words.raw[i] = words_[i].load();
    __builtin_memcpy(&value, words.raw, sizeof(T));
    return value;
  }

 private:
  static_assert(__is_trivially_copyable(T));
  static constexpr size_t kWords = (sizeof(T) + sizeof(uint64_t) - 1) / sizeof(uint64_t);
  struct Words {
    uint64_t raw[kWords];
  };

  Atomic<uint64_t> words_[kWords];
};

}  // namespace zlt
