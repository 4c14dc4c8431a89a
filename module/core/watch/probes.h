// SPDX-License-Identifier: GPL-2.0-only
//
// A ProbeSet plants probes one by one and removes them together. Its owner has to call remove(): the module's static
// ProbeSets have a destructor that nobody would call.
#pragma once

#include "module/core/watch/kernel_code.h"
#include "module/shim/zlt_shim.h"

namespace zlt {

template <size_t N>
class ProbeSet {
 public:
  using Handler = void (*)(void* argument, const zlt_hit* hit);

  constexpr ProbeSet() = default;
  ProbeSet(const ProbeSet&) = delete;
  ProbeSet& operator=(const ProbeSet&) = delete;
  ~ProbeSet() = default;

  // 0, or the error of register_kprobe() and the reason. Precondition: fewer than N are planted.
  [[nodiscard]] int plant(uint64_t address, Handler handler, void* argument, FunctionCode::Reason& reason) {
    const int error = zlt_probe_register(&probes_[count_], address, handler, argument);
    if (error == 0) {
      ++count_;
    } else {
      reason.append("cannot probe %s (error %d)", Location(address).c_str(), error);
    }
    return error;
  }

  // Returns once no handler runs any more.
  void remove() {
    zlt_probe* planted[N] = {};
    for (size_t i = 0; i < count_; ++i) planted[i] = &probes_[i];
    if (count_ > 0) zlt_probes_unregister(planted, count_);
    missed_ = missed();
    count_ = 0;
  }
  void forget_missed() { missed_ = 0; }

  // Hits without a call of the handler, since forget_missed().
  [[nodiscard]] uint64_t missed() const {
    uint64_t missed = missed_;
    for (size_t i = 0; i < count_; ++i) missed += zlt_probe_missed(&probes_[i]);
    return missed;
  }

 private:
  zlt_probe probes_[N] = {};
  size_t count_ = 0;
  uint64_t missed_ = 0;  // by probes that are gone
};

// Probes can be registered and yet be disarmed altogether. 0, or a negative errno and the reason. Task context.
[[nodiscard]] int check_probes_fire(FunctionCode::Reason& reason);

}  // namespace zlt
