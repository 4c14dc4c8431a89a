// SPDX-License-Identifier: GPL-2.0-only
//
// What a case cannot do without. One table says of each need whether a kernel has it and what is said where it is
// missing; the expectation and the run both ask it, so that `unsupported` is expected exactly where it comes out.
#pragma once

#include "module/core/settings.h"

namespace zlt {

using Kernel = zlt_kernel;

enum Needs : uint8_t {
  kNothing = 0,
  kTwoCpus = 1,          // writer and reader on two online CPUs
  kPrintkDeferral = 2,   // printk_deferred_enter() can be called
  kZonelistReaders = 4,  // the page allocator reads zonelist_update_seq, and that can be watched
};

// The first need that is not met.
struct Lack {
  const char* sentence = nullptr;  // nullptr: nothing is missing
  int error = 0;                   // negative errno behind it, or 0

  [[nodiscard]] explicit operator bool() const { return sentence != nullptr; }
};

// `needs`: a sum of Needs. `settings`: of the run, as check_cpus() left them.
[[nodiscard]] Lack find_lack(uint8_t needs, const Kernel& kernel, const Settings& settings);

}  // namespace zlt
