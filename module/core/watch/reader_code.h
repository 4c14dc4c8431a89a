// SPDX-License-Identifier: GPL-2.0-only
//
// Finds, in the machine code of a seqlock's reader (x86-64), where it looks at the sequence and where it learns that
// a writer came between. Pure. As with writer_code.h, a pattern may match in the middle of an instruction;
// register_kprobe() refuses such a place.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace zlt {

struct ReaderCode {
  const uint8_t* bytes;
  uint32_t size;
  uint64_t address;   // of bytes[0]
  uint64_t sequence;  // of the seqlock's counter
};

class ReaderMap {
 public:
  static constexpr size_t kPlaces = 12;

  struct Places {
    uint32_t offsets[kPlaces];
    size_t count;
    [[nodiscard]] const uint32_t* begin() const { return offsets; }
    [[nodiscard]] const uint32_t* end() const { return offsets + count; }
  };

  constexpr ReaderMap() = default;
  explicit ReaderMap(const ReaderCode& code);

  // Loads of the sequence whose lowest bit is tested: one for each look of a reader that begins.
  [[nodiscard]] const Places& looks() const { return looks_; }
  // Conditional jumps behind a comparison of the sequence: with the zero flag clear, the reader starts again.
  [[nodiscard]] const Places& retries() const { return retries_; }

 private:
  static void add(Places& places, uint32_t offset);

  Places looks_ = {};
  Places retries_ = {};
};

}  // namespace zlt
