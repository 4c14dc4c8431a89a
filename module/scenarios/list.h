// SPDX-License-Identifier: GPL-2.0-only
//
// Lists every scenario, in the order in which `cases` shows them. There is no other list: a new scenario is a file,
// and two lines here.
#pragma once

#include "module/core/case.h"

namespace zlt {

extern const Scenario kIrqsOn;
extern const Scenario kIrqsave;
extern const Scenario kIrqOffOutside;
extern const Scenario kPrintkInside;
extern const Scenario kAllocContext;
extern const Scenario kPcp;
extern const Scenario kHotplugReaders;

inline constexpr const Scenario* kScenarios[] = {
    &kIrqsOn, &kIrqsave, &kIrqOffOutside, &kPrintkInside, &kAllocContext, &kPcp, &kHotplugReaders,
};

}  // namespace zlt
