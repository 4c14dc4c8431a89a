// SPDX-License-Identifier: GPL-2.0-only
//
// What a scenario file says about its cases, and what this kernel is expected to do with them.
#pragma once

#include "module/abi/params.h"
#include "module/abi/verdict.h"
#include "module/shim/zlt_shim.h"

namespace zlt {

using abi::kClean;
using abi::Outcome;
using abi::Verdict;
using Kernel = zlt_kernel;

class Run;

enum class Form : uint8_t { kBounded, kFaithful };
inline constexpr Form kForms[] = {Form::kBounded, Form::kFaithful};
constexpr const char* name_of(Form form) {
  return form == Form::kBounded ? abi::kFormBounded : abi::kFormFaithful;
}

// What a case cannot do without. A kernel that lacks it makes the case `unsupported`.
enum Needs : uint8_t {
  kNothing = 0,
  kTwoCpus = 1,
  kPrintkDeferral = 2,
  kZonelistReaders = 4,  // the page allocator reads zonelist_update_seq, and that can be watched
};

struct Case {
  const char* id;       // scenario/variant
  const char* hazard;   // kebab-case; "-" for the twin with the cure
  const char* summary;  // one line
  uint8_t needs;        // of Needs
  void (*bounded)(Run&);
  void (*faithful)(Run&);
  // What a kernel that has what the case needs does with it.
  Verdict (*expect)(const Kernel&, Form);
};

struct Scenario {
  const Case* cases;
  size_t count;
};

template <size_t N>
constexpr Scenario scenario(const Case (&cases)[N]) {
  return Scenario{cases, N};
}

// The expectation on a kernel as it was built: what a case needs comes first.
inline Verdict expected(const Case& test, const Kernel& kernel, Form form) {
  if ((test.needs & kTwoCpus) != 0 && !kernel.smp) return Outcome::kUnsupported;
  if ((test.needs & kPrintkDeferral) != 0 && !kernel.kprobes) return Outcome::kUnsupported;
  if ((test.needs & kZonelistReaders) != 0 && !(kernel.hot_remove && kernel.kprobes)) return Outcome::kUnsupported;
  return test.expect(kernel, form);
}

inline Verdict expect_clean(const Kernel&, Form) {
  return kClean;
}

}  // namespace zlt
