// SPDX-License-Identifier: GPL-2.0-only
#include "module/core/watch/reader_code.h"

namespace zlt {

namespace {

// How many bytes behind the load the comparison of the value is looked for.
constexpr uint32_t kReach = 24;

class Bytes {
 public:
  explicit Bytes(const ReaderCode& code) : code_(code) {}

  // 0 behind the end: no opcode that is looked for.
  [[nodiscard]] uint8_t at(uint32_t offset) const { return offset < code_.size ? code_.bytes[offset] : 0; }
  [[nodiscard]] uint32_t size() const { return code_.size; }

  // The end of an operand `disp32(%rip)` that is the sequence, given its ModRM byte; 0: it is none.
  [[nodiscard]] uint32_t sequence_operand(uint32_t modrm) const {
    if ((at(modrm) & 0xc7) != 0x05 || modrm + 5 > code_.size) return 0;
    uint32_t number = 0;
    for (uint32_t i = 4; i >= 1; --i) number = number << 8 | at(modrm + i);
    const uint64_t target = code_.address + modrm + 5 + static_cast<uint64_t>(int64_t{static_cast<int32_t>(number)});
    return target == code_.sequence ? modrm + 5 : 0;
  }

  // je or jne, near or short.
  [[nodiscard]] bool is_jump(uint32_t offset) const {
    const uint8_t opcode = at(offset) == 0x0f ? at(offset + 1) ^ 0xf0 : at(offset);
    return (opcode & 0xfe) == 0x74;
  }

  // The end of a `cmp` between two registers, or a register and a place on the stack; 0: it is none.
  [[nodiscard]] uint32_t comparison(uint32_t offset) const {
    if ((at(offset) & 0xf0) == 0x40) ++offset;  // REX
    if (at(offset) != 0x39 && at(offset) != 0x3b) return 0;
    const uint8_t modrm = at(offset + 1);
    const uint32_t sib = (modrm & 0x07) == 4 ? 1 : 0;
    switch (modrm >> 6) {
      case 3:
        return offset + 2;
      case 2:
        return offset + 2 + sib + 4;
      case 1:
        return offset + 2 + sib + 1;
      default:
        return offset + 2 + sib;
    }
  }

  // `test $1` of a register's low byte.
  [[nodiscard]] bool tests_low_bit(uint32_t offset) const {
    if (at(offset) == 0xa8) return at(offset + 1) == 1;
    if ((at(offset) & 0xf0) == 0x40) ++offset;  // REX
    return at(offset) == 0xf6 && (at(offset + 1) & 0xf8) == 0xc0 && at(offset + 2) == 1;
  }
  // REX.B: it is one of r8b to r15b.
  [[nodiscard]] bool tests_high_register(uint32_t offset) const { return (at(offset) & 0xf1) == 0x41; }

 private:
  ReaderCode code_;
};

}  // namespace

void ReaderMap::add(Places& places, uint32_t offset) {
  if (places.count < kPlaces) places.offsets[places.count++] = offset;
}

// Either `mov sequence(%rip),%reg` (8b /r) and what is done with it behind, or `cmp sequence(%rip),%reg` (39 or 3b /r)
// and its jump.
ReaderMap::ReaderMap(const ReaderCode& code) {
  const Bytes bytes(code);
  for (uint32_t at = 0; at < bytes.size(); ++at) {
    const uint8_t opcode = bytes.at(at);
    const uint32_t end = opcode == 0x8b || opcode == 0x39 || opcode == 0x3b ? bytes.sequence_operand(at + 1) : 0;
    if (end == 0) continue;
    if (opcode != 0x8b) {
      if (bytes.is_jump(end)) add(retries_, end);
      continue;
    }
    if (bytes.tests_low_bit(end)) {
      add(looks_, bytes.tests_high_register(end) ? at - 1 : at);  // the load has a REX prefix then
      continue;
    }
    for (uint32_t next = end; next < end + kReach; ++next) {
      const uint32_t jump = bytes.comparison(next);
      if (jump == 0 || !bytes.is_jump(jump)) continue;
      add(retries_, jump);
      break;
    }
  }
}

}  // namespace zlt
