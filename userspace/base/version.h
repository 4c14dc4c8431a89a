// SPDX-License-Identifier: GPL-2.0-only
#pragma once

namespace zlt {

// What --version says; the file VERSION at the top has it.
[[nodiscard]] const char* version();

}  // namespace zlt
