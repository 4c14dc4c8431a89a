// SPDX-License-Identifier: GPL-2.0-only
//
// The fake kernel's symbols, code and probes. It has only those that a test gives it, and its code does not run: a test
// says when a probe is hit.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "module/shim/zlt_shim.h"

namespace zlt::fake {

struct Symbol {
  std::string name;
  uint64_t address;
  uint64_t size;
};

// A seqlock of the kernel's: where its parts seem to be, and the one that is read instead.
struct KernelSeqlock {
  const zlt_seqlock* actual = nullptr;
  uint64_t lock = 0;
  uint64_t sequence = 0;
};

class Probes {
 public:
  static constexpr uint64_t kTarget = 0xffffffff80001000;  // the function behind zlt_probe_target()

  // ---- for tests ----
  void add(const Symbol& symbol);
  void set_code(uint64_t address, const std::vector<uint8_t>& bytes);
  void set_seqlock(const KernelSeqlock& seqlock);
  void disarm() { armed_ = false; }
  void refuse(uint64_t address, int error);
  void set_missed(unsigned long missed) { missed_ = missed; }
  // The probe at `address` is hit by `task`. False: there is none.
  bool hit(uint64_t address, const zlt_hit& hit);
  [[nodiscard]] size_t planted() const;

  // ---- for the implementation ----
  [[nodiscard]] int address_of(const std::string& name, unsigned long& address) const;
  [[nodiscard]] std::string location(uint64_t address) const;  // as %pS
  [[nodiscard]] int read(void* to, uint64_t from, size_t size) const;
  [[nodiscard]] const KernelSeqlock& seqlock() const { return seqlock_; }
  [[nodiscard]] int plant(zlt_probe* probe, uint64_t address);
  void remove(zlt_probe* probe);
  [[nodiscard]] unsigned long missed() const { return missed_; }

 private:
  mutable std::mutex mutex_;
  std::vector<Symbol> symbols_{{"jiffies_to_msecs", kTarget, 16}};
  std::map<uint64_t, std::vector<uint8_t>> code_;
  std::map<uint64_t, int> refused_;
  std::multimap<uint64_t, zlt_probe*> planted_;
  KernelSeqlock seqlock_;
  bool armed_ = true;
  unsigned long missed_ = 0;
};

}  // namespace zlt::fake
