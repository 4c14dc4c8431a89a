// SPDX-License-Identifier: GPL-2.0-only
//
// A flavour for the scripts: assignments of the shell, flavour_NAME='…' and arrays flavour_NAME=('…' …), safe to eval.
#pragma once

#include <string>

#include "qemu/zlt/kernel/flavour.h"

namespace zlt::run {

[[nodiscard]] std::string shell_assignments(const Flavour& flavour);

}  // namespace zlt::run
