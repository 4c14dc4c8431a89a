// SPDX-License-Identifier: GPL-2.0-only
//
// The parameters of a run: names, units, ranges, defaults. The same table serves the module's parameters (insmod), the
// `key=value` words written to debugfs `run`, and the options of `zltctl run`.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace zlt::abi {

struct ParamSpec {
  const char* name;
  uint64_t min;
  uint64_t max;
  uint64_t fallback;  // the default
  const char* unit;   // "" for a plain number
  const char* help;
};

enum class Param : uint8_t {
#define ZLT_PARAM(name, enumerator, min, max, fallback, unit, help) enumerator,
#include "module/abi/params.def"
#undef ZLT_PARAM
};

inline constexpr ParamSpec kParams[] = {
#define ZLT_PARAM(name, enumerator, min, max, fallback, unit, help) {#name, min, max, fallback, unit, help},
#include "module/abi/params.def"
#undef ZLT_PARAM
};
inline constexpr size_t kParamCount = sizeof(kParams) / sizeof(kParams[0]);

// `form=` chooses between the two forms of a case; it is a word, not a number, so it has no ParamSpec.
inline constexpr const char kFormKey[] = "form";
inline constexpr const char kFormBounded[] = "bounded";    // gives up after a limit and measures: the default
inline constexpr const char kFormFaithful[] = "faithful";  // the kernel's own blocking primitives: needs allow_hang=1

}  // namespace zlt::abi
