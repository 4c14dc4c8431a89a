// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/forensics/vcpus.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <optional>

namespace zlt::run {
namespace {

// The value after `key` in `text`, in the given base.
std::optional<std::uint64_t> field(std::string_view text, std::string_view key, int base) {
  const size_t at = text.find(key);
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view digits = text.substr(at + key.size());
  std::uint64_t value = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  return parsed.ec == std::errc() ? std::optional(value) : std::nullopt;
}

bool waits_for_lock(const std::string& name) {
  constexpr std::array kLocks = {"spin_lock", "read_lock", "write_lock", "mutex", "osq_lock", "rwsem", "lock_slowpath"};
  for (const char* lock : kLocks) {
    if (name.find(lock) != std::string::npos && name.find("unlock") == std::string::npos) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::vector<VcpuPosition> parse_registers(std::string_view text) {
  constexpr std::string_view kHeader = "CPU#";
  std::vector<VcpuPosition> out;
  for (size_t at = text.find(kHeader); at != std::string_view::npos;) {
    const size_t next = text.find(kHeader, at + kHeader.size());
    const std::string_view one = text.substr(at, next == std::string_view::npos ? next : next - at);
    const auto cpu = field(one, kHeader, 10);
    const auto rip = field(one, "RIP=", 16);
    const auto halted = field(one, "HLT=", 10);
    if (cpu && rip && halted) {
      out.push_back({static_cast<unsigned>(*cpu), *rip, *halted != 0});
    }
    at = next;
  }
  return out;
}

HangFinding judge_hang(const std::vector<std::vector<VcpuPosition>>& samples, const Symbols& symbols) {
  struct Seen {
    bool halted = false;  // at least once
    bool in_lock = false;
    std::string where;
  };
  std::map<unsigned, Seen> seen;
  for (const std::vector<VcpuPosition>& sample : samples) {
    for (const VcpuPosition& position : sample) {
      Seen& vcpu = seen[position.cpu];
      if (position.halted) {
        vcpu.halted = true;
        continue;
      }
      const std::string name = symbols.name(position.rip);
      const bool in_lock = waits_for_lock(name);
      // A sample may catch an interrupt that passes by; a lock, once seen, is what it comes back to.
      if (vcpu.where.empty() || (in_lock && !vcpu.in_lock)) {
        vcpu.where = name;
        if (const std::string source = symbols.source(position.rip); !source.empty()) {
          vcpu.where += " at ";
          vcpu.where += source;
        }
      }
      vcpu.in_lock = vcpu.in_lock || in_lock;
    }
  }
  HangFinding out;
  bool any_lock = false;
  bool any_spin = false;
  for (const auto& [cpu, vcpu] : seen) {
    any_lock = any_lock || (vcpu.in_lock && !vcpu.halted);
    any_spin = any_spin || !vcpu.halted;
    out.vcpus[cpu] = vcpu.halted ? "halted" : "spinning in " + vcpu.where;
    out.reason += fmt::format("{}vCPU {} {}", out.reason.empty() ? "" : ", ", cpu, out.vcpus[cpu]);
  }
  out.idle = !any_spin;
  out.outcome = any_spin && !any_lock ? "livelock" : "deadlock";
  return out;
}

}  // namespace zlt::run
