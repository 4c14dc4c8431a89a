// SPDX-License-Identifier: GPL-2.0-only
//
// A vCPU that QEMU lets run into a breakpoint which the kernel has taken away long ago: int3, the handler finds nothing
// there, returns to the same address, and so for ever. QEMU before 8.1 can keep the translation of a breakpoint that
// was removed while another vCPU translated it (QEMU deba78709ae8).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "qemu/zlt/forensics/disease.h"
#include "qemu/zlt/forensics/symbols.h"
#include "qemu/zlt/forensics/vcpus.h"
#include "qemu/zlt/guest/guest.h"

namespace zlt::run {

// The vCPU that no sample finds outside the handling of int3 and idle; none: there is no such.
[[nodiscard]] std::optional<unsigned> vcpu_in_int3(const std::vector<std::vector<VcpuPosition>>& samples,
                                                   const Symbols& symbols);

// The words of "ADDRESS: 0xWORD 0xWORD" lines, as the monitor's `x` prints them.
[[nodiscard]] std::vector<std::uint64_t> parse_words(std::string_view text);

// Where the innermost exception on that stack returns to: RIP, CS, RFLAGS, RSP and SS of the kernel, one after the
// other.
[[nodiscard]] std::optional<std::uint64_t> returns_to(const std::vector<std::uint64_t>& stack);

// Looks at the guest; it may go on running meanwhile.
[[nodiscard]] std::optional<Disease> stale_breakpoint(Guest& guest,
                                                      const std::vector<std::vector<VcpuPosition>>& samples,
                                                      const Symbols& symbols);

}  // namespace zlt::run
