// SPDX-License-Identifier: GPL-2.0-only
//
// One line of a stack, in every form that x86, arm, arm64, riscv, powerpc, s390 and mips print it.
#pragma once

#include <string_view>

#include "userspace/splat/record.h"

namespace zlt::splat {

// True if `text` is a stack line that names a function with its offset: "  [<addr>] ? FUNC+0x1/0x2 [module]".
[[nodiscard]] bool parse_frame(std::string_view text, Frame& frame);

// The same without filling a Frame: the function's name as a part of `text`, empty if it is no stack line.
[[nodiscard]] std::string_view frame_function(std::string_view text);

// The function at the start of `text` ("FUNC+0x1/0x2", "FUNC.isra.0+0x1"), its suffixes cut; empty if there is none.
[[nodiscard]] std::string_view leading_function(std::string_view text);

// A place that is named in running text: "FUNC+0x1/0x2 [module] file.c:12", with or without "[<addr>] " in front.
[[nodiscard]] bool parse_place(std::string_view text, Frame& frame);

// RIP:, EIP:, IP:, PC is at, pc : and NIP lines. True if it is one, `place` being what it names or empty if a bare
// address.
[[nodiscard]] bool is_instruction_pointer(std::string_view text, std::string_view& place);

// "Call Trace:" and the other lines that announce a stack.
[[nodiscard]] bool is_stack_head(std::string_view text);
[[nodiscard]] bool is_call_trace(std::string_view text);

// A stack line that the unwinder itself doubts: "? FUNC+…", "… (unreliable)".
[[nodiscard]] bool is_doubtful(std::string_view text);

}  // namespace zlt::splat
