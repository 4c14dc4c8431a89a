// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/forensics/stale_breakpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

namespace zlt::run {
namespace {

constexpr auto kPeekLimit = std::chrono::seconds(15);
constexpr unsigned kLooks = 10;  // at the stack of a vCPU that goes in and out of the handler
constexpr std::uint64_t kKernelCode = 0x10;
constexpr std::uint64_t kKernelStack = 0x18;
constexpr std::uint64_t kKernelText = 0xffffffff80000000U;
constexpr std::uint64_t kInt3 = 0xcc;

bool handles_int3(const std::string& name) {
  constexpr std::array kHandlers = {"int3",         "notify_die", "atomic_notifier_call_chain",
                                    "poke_int3",    "irqentry",   "error_entry",
                                    "error_return", "sync_regs",  "get_kprobe",
                                    "ftrace_int3"};
  return std::any_of(kHandlers.begin(), kHandlers.end(),
                     [&](const char* each) { return name.find(each) != std::string::npos; });
}

// A command of the monitor on one vCPU.
Result<std::string> on_vcpu(Guest& guest, unsigned vcpu, const std::string& line) {
  const Result<Json> said =
      guest.qmp().execute("human-monitor-command", {{"command-line", line}, {"cpu-index", vcpu}}, kPeekLimit);
  if (!said) {
    return tl::unexpected(said.error());
  }
  return said->is_string() ? said->get<std::string>() : std::string();
}

}  // namespace

std::optional<unsigned> vcpu_in_int3(const std::vector<std::vector<VcpuPosition>>& samples, const Symbols& symbols) {
  struct Seen {
    unsigned handling = 0;
    unsigned elsewhere = 0;
  };
  std::map<unsigned, Seen> seen;
  for (const std::vector<VcpuPosition>& sample : samples) {
    for (const VcpuPosition& position : sample) {
      const bool handling = !position.halted && handles_int3(symbols.name(position.rip));
      ++(handling ? seen[position.cpu].handling : seen[position.cpu].elsewhere);
    }
  }
  for (const auto& [vcpu, where] : seen) {
    // Now and then a sample finds it where the breakpoint was, or in the tick.
    if (where.handling > 2 * where.elsewhere) {
      return vcpu;
    }
  }
  return std::nullopt;
}

std::vector<std::uint64_t> parse_words(std::string_view text) {
  std::vector<std::uint64_t> out;
  for (size_t at = text.find(" 0x"); at != std::string_view::npos; at = text.find(" 0x", at + 1)) {
    const std::string_view digits = text.substr(at + 3);
    std::uint64_t value = 0;
    if (std::from_chars(digits.data(), digits.data() + digits.size(), value, 16).ec == std::errc()) {
      out.push_back(value);
    }
  }
  return out;
}

std::optional<std::uint64_t> returns_to(const std::vector<std::uint64_t>& stack) {
  constexpr size_t kFrame = 5;
  for (size_t i = 0; i + kFrame <= stack.size(); ++i) {
    const bool frame = stack[i] >= kKernelText && stack[i + 1] == kKernelCode && stack[i + 3] > kKernelStack &&
                       stack[i + 4] == kKernelStack;
    if (frame) {
      return stack[i];
    }
  }
  return std::nullopt;
}

std::optional<Disease> stale_breakpoint(Guest& guest, const std::vector<std::vector<VcpuPosition>>& samples,
                                        const Symbols& symbols) {
  const std::optional<unsigned> vcpu = vcpu_in_int3(samples, symbols);
  if (!vcpu) {
    return std::nullopt;
  }
  for (unsigned look = 0; look < kLooks; ++look) {
    const Result<std::string> stack = on_vcpu(guest, *vcpu, "x /256gx $rsp");
    const std::optional<std::uint64_t> back = returns_to(parse_words(stack.value_or("")));
    if (!back) {
      continue;
    }
    // After the breakpoint, which is one byte long; or on it, where the handler has stepped back already.
    const Result<std::string> bytes = on_vcpu(guest, *vcpu, fmt::format("x /2bx {:#x}", *back - 1));
    const std::vector<std::uint64_t> there = parse_words(bytes.value_or(""));
    if (there.size() == 2 && there[0] != kInt3 && there[1] != kInt3) {
      return Disease{&kStaleBreakpoint, fmt::format("vCPU {} at {}, where memory holds {:02x} {:02x}", *vcpu,
                                                    symbols.name(*back), there[0], there[1])};
    }
    if (there.size() == 2) {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace zlt::run
