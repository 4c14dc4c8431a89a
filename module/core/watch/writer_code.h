// SPDX-License-Identifier: GPL-2.0-only
//
// Finds, in the machine code of a seqlock's writer (x86-64), which lock it takes, whether it defers printk, and the
// places where probes see that. Pure: bytes and names go in, offsets come out.
//
// A pattern may match in the middle of an instruction; register_kprobe() refuses such a place. A call is only
// believed when it goes to the very start of a function whose name is known.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "module/core/text.h"

namespace zlt {

// What a probe sees at a place, as bits. Where two meet at one address, they happen in this order.
enum Role : uint8_t {
  kDeferred = 1,  // printk has just been deferred
  kLocking = 2,   // the lock inside the seqlock is about to be taken
  kOddFrom = 4,   // about to go odd, or odd since a few instructions
  kOddTo = 8,     // about to go even, or even since a few instructions
};

struct Place {
  uint32_t offset;
  uint8_t roles;
};

// The code, and the addresses it was linked with.
struct WriterCode {
  const uint8_t* bytes;
  uint32_t size;
  uint64_t address;   // of bytes[0]
  uint64_t sequence;  // of the seqlock's counter
  uint64_t lock;      // of the lock inside the seqlock
};

class WriterMap {
 public:
  static constexpr size_t kPlaces = 8;

  constexpr WriterMap() = default;
  // `name_of_function(address)`: a View of the name of the function that starts there, or an empty one.
  template <typename Names>
  WriterMap(const WriterCode& code, Names name_of_function);

  // True: the code takes a lock that is known here, and there is a place for every role but kDeferred.
  [[nodiscard]] bool complete() const { return complete_; }
  [[nodiscard]] View lock_name() const { return lock_name_; }          // empty: takes no lock known here
  [[nodiscard]] bool lock_masks() const { return lock_masks_; }        // see Evidence
  [[nodiscard]] View deferral_name() const { return deferral_name_; }  // empty: defers nothing
  // The lock's address is an operand of the code. Otherwise the probe at kLocking sits at the call, and has to look.
  [[nodiscard]] bool lock_is_certain() const { return lock_is_certain_; }
  // The odd section is bounded by what makes the sequence odd and even, not by the lock's call and the unlock's.
  [[nodiscard]] bool increments_found() const { return increments_found_; }
  // In the order of the code.
  [[nodiscard]] size_t count() const { return count_; }
  [[nodiscard]] const Place& operator[](size_t i) const { return places_[i]; }

 private:
  struct Known {
    const char* name;
    enum Kind : uint8_t { kLock, kUnlock, kDefer } kind;
    bool masks;
  };
  static constexpr Known kKnown[] = {
      {"_raw_spin_lock", Known::kLock, false},
      {"_raw_spin_lock_irqsave", Known::kLock, true},
      {"rt_spin_lock", Known::kLock, true},
      {"_raw_spin_unlock", Known::kUnlock, false},
      {"_raw_spin_unlock_irqrestore", Known::kUnlock, false},
      {"rt_spin_unlock", Known::kUnlock, false},
      {"__printk_safe_enter", Known::kDefer, false},      // printk_deferred_enter() until 6.6
      {"__printk_deferred_enter", Known::kDefer, false},  // … and since
  };
  static constexpr uint32_t kBranchSize = 5;  // call and jmp rel32

  // A few offsets, in the order of the code.
  struct Offsets {
    uint32_t at[kPlaces];
    size_t count;

    void add(uint32_t offset) {
      if (count < kPlaces) at[count] = offset;
      ++count;
    }
    [[nodiscard]] size_t kept() const { return count < kPlaces ? count : kPlaces; }
  };

  static int32_t number_at(const uint8_t* bytes) {
    uint32_t number = 0;
    for (int i = 3; i >= 0; --i) number = number << 8 | bytes[i];
    return static_cast<int32_t>(number);
  }
  static const Known* find(View name) {
    for (const Known& known : kKnown) {
      if (name == View(known.name)) return &known;
    }
    return nullptr;
  }
  static Offsets increments(const WriterCode& code);

  void note(uint32_t offset, uint8_t role);
  void note_lock(const WriterCode& code, uint32_t call, const Known& known);
  void note_bounds(const WriterCode& code, const Offsets& unlocks);

  Place places_[kPlaces] = {};
  size_t count_ = 0;
  uint32_t lock_call_ = 0;
  View lock_name_;
  View deferral_name_;
  bool complete_ = false;
  bool lock_masks_ = false;
  bool lock_is_certain_ = false;
  bool increments_found_ = false;
};

template <typename Names>
WriterMap::WriterMap(const WriterCode& code, Names name_of_function) {
  Offsets unlocks = {};
  for (uint32_t at = 0; at + kBranchSize <= code.size; ++at) {
    const bool call = code.bytes[at] == 0xe8;
    if (!call && code.bytes[at] != 0xe9) continue;  // jmp: a call whose return is left to the callee
    const uint64_t next = code.address + at + kBranchSize;
    const Known* known = find(name_of_function(next + static_cast<uint64_t>(int64_t{number_at(code.bytes + at + 1)})));
    if (known == nullptr) continue;
    if (known->kind == Known::kLock && call && lock_name_.empty()) {
      note_lock(code, at, *known);
    } else if (known->kind == Known::kDefer && call) {
      deferral_name_ = known->name;
      note(at + kBranchSize, kDeferred);
    } else if (known->kind == Known::kUnlock) {
      unlocks.add(at);
    }
  }
  if (!lock_name_.empty()) note_bounds(code, unlocks);
}

}  // namespace zlt
