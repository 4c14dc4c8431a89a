// SPDX-License-Identifier: GPL-2.0-only
//
// Spells a verdict: the names of its outcomes joined by commas, or `clean`.
#pragma once

#include "module/abi/verdict.h"
#include "module/core/text.h"

namespace zlt {

using VerdictText = Text<256>;

template <size_t N>
void append_verdict(Text<N>& text, abi::Verdict verdict) {
  if (verdict.clean()) {
    text.append("%s", abi::kCleanName);
    return;
  }
  const char* separator = "";
  for (size_t i = 0; i < abi::kOutcomes; ++i) {
    if (!verdict.has(static_cast<abi::Outcome>(i))) continue;
    text.append("%s%s", separator, abi::kOutcomeNames[i]);
    separator = ",";
  }
}

}  // namespace zlt
