// SPDX-License-Identifier: GPL-2.0-only
//
// A Published value is replaced by one writer, in any context, and copied by anybody, word by word and without a
// lock. A copy that is taken while the value is replaced is a mixture of two values: a reader looks at the writer's
// own count afterwards to find out that its copy is none.
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
