// SPDX-License-Identifier: GPL-2.0-only
//
// The functions that a relocatable object (a kernel module) has in its .text.
#pragma once

#include <string>
#include <vector>

#include "qemu/zlt/forensics/symbols.h"

namespace zlt::run {

// Addresses are offsets into .text; C++ names are demangled, without their parameters. Nothing for what is no such
// file.
[[nodiscard]] std::vector<Symbol> text_functions(const std::string& object);

}  // namespace zlt::run
