// SPDX-License-Identifier: GPL-2.0-only
//
// The two forms that a case can have. module/abi/params.h has their names.
#pragma once

#include "module/abi/params.h"

namespace zlt {

enum class Form : uint8_t { kBounded, kFaithful };
inline constexpr Form kForms[] = {Form::kBounded, Form::kFaithful};
constexpr const char* name_of(Form form) {
  return form == Form::kBounded ? abi::kFormBounded : abi::kFormFaithful;
}

}  // namespace zlt
