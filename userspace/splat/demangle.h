// SPDX-License-Identifier: GPL-2.0-only
//
// Names that compilers mangled, as people wrote them.
#pragma once

#include <string>
#include <string_view>

namespace zlt::splat {

// Rust's names, new ("_R…") and old ("_ZN…17h…E"), and C++'s: "<rust_binder::process::Process>::update_ref". What is no
// mangled name, or uses what the kernel's compilers do not print, comes back as it is.
[[nodiscard]] std::string demangled(std::string_view symbol);

}  // namespace zlt::splat
