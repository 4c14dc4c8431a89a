// SPDX-License-Identifier: GPL-2.0-only
#include "module/core/watch/writer_code.h"

namespace zlt {

void WriterMap::note(uint32_t offset, uint8_t role) {
  size_t i = 0;
  while (i < count_ && places_[i].offset < offset) ++i;
  if (i < count_ && places_[i].offset == offset) {
    places_[i].roles |= role;
    return;
  }
  if (count_ == kPlaces) return;
  for (size_t j = count_; j > i; --j) places_[j] = places_[j - 1];
  places_[i] = {offset, role};
  ++count_;
}

// When the call is preceded by `mov $lock,%rdi` (48 c7 c7 imm32), the probe sits there and not at the call. The
// instruction says which lock is meant; and kprobes can replace it, unlike a call, by a jump, which costs much less
// than a breakpoint.
void WriterMap::note_lock(const WriterCode& code, uint32_t call, const Known& known) {
  constexpr uint32_t kLoadSize = 7;
  lock_name_ = known.name;
  lock_masks_ = known.masks;
  lock_call_ = call;
  if (call >= kLoadSize) {
    const uint8_t* load = code.bytes + call - kLoadSize;
    const bool loads = load[0] == 0x48 && load[1] == 0xc7 && load[2] == 0xc7;
    lock_is_certain_ = loads && static_cast<uint64_t>(int64_t{number_at(load + 3)}) == code.lock;
  }
  note(lock_is_certain_ ? call - kLoadSize : call, kLocking);
}

// `addl $1,sequence(%rip)` (83 05 rel32 01) and `incl sequence(%rip)` (ff 05 rel32).
WriterMap::Offsets WriterMap::increments(const WriterCode& code) {
  Offsets found = {};
  for (uint32_t at = 0; at + 7 <= code.size; ++at) {
    const uint8_t* bytes = code.bytes + at;
    const bool add = bytes[0] == 0x83 && bytes[1] == 0x05 && bytes[6] == 1;
    const bool inc = bytes[0] == 0xff && bytes[1] == 0x05;
    if (!add && !inc) continue;
    const uint64_t next = code.address + at + (add ? 7 : 6);
    if (next + static_cast<uint64_t>(int64_t{number_at(bytes + 2)}) == code.sequence) found.add(at);
  }
  return found;
}

// When the code has exactly two increments, they begin and end the odd section. Otherwise (sanitizers, a compiler with
// other ideas) the section is taken to begin behind the call of the lock and to end at the unlocks. When printk is
// deferred inside the section, the probe that sees that also starts the clock, which leaves one hit out of what is
// measured.
void WriterMap::note_bounds(const WriterCode& code, const Offsets& unlocks) {
  const Offsets found = increments(code);
  increments_found_ = found.count == 2 && found.at[0] > lock_call_;
  uint32_t from = increments_found_ ? found.at[0] : lock_call_ + kBranchSize;
  for (size_t i = count_; i-- > 0;) {
    if ((places_[i].roles & kDeferred) != 0 && places_[i].offset > lock_call_) from = places_[i].offset;
  }
  note(from, kOddFrom);
  if (increments_found_) {
    note(found.at[1], kOddTo);
  } else {
    for (size_t i = 0; i < unlocks.kept(); ++i) note(unlocks.at[i], kOddTo);
  }
  complete_ = increments_found_ || unlocks.count > 0;
}

}  // namespace zlt
