// SPDX-License-Identifier: GPL-2.0-only
//
// A result and its histograms as people read them.
#include <fmt/format.h>

#include <algorithm>

#include "userspace/zltctl/commands.h"

namespace zlt::ctl {
namespace {

constexpr size_t kBarWidth = 40;

std::string bar(uint64_t count, uint64_t most) {
  const auto share = static_cast<double>(count) / static_cast<double>(most);
  return std::string(std::max<size_t>(1, static_cast<size_t>(share * kBarWidth)), '#');
}

std::string flags_of(const KernelFacts& kernel) {
  std::string out;
  for (const auto& [name, on] : kernel.flags) {
    if (on) out += " " + name;
  }
  return out;
}

void add(Table& table, const char* name, std::string value, Tone tone = Tone::kPlain) {
  table.add({{name, Tone::kDim}, {std::move(value), tone}});
}

}  // namespace

std::string duration_of(uint64_t ns) {
  const auto value = static_cast<double>(ns);
  if (ns < 1'000) return fmt::format("{} ns", ns);
  if (ns < 1'000'000) return fmt::format("{:.3g} us", value / 1e3);
  if (ns < 1'000'000'000) return fmt::format("{:.3g} ms", value / 1e6);
  return fmt::format("{:.2f} s", value / 1e9);
}

std::string text_of(const std::vector<Bucket>& histogram, const Terminal& terminal) {
  if (histogram.empty()) return "nothing was measured\n";
  uint64_t most = 1;
  for (const Bucket& bucket : histogram) most = std::max(most, bucket.count);
  Table table;
  std::string name;
  for (const Bucket& bucket : histogram) {
    table.add({{bucket.name == name ? "" : bucket.name, Tone::kBold},
               {duration_of(bucket.from_ns)},
               {"to " + duration_of(bucket.to_ns)},
               {std::to_string(bucket.count)},
               {bar(bucket.count, most), Tone::kDim}});
    name = bucket.name;
  }
  return table.text(terminal);
}

std::string text_of(const RunReport& report, const Terminal& terminal) {
  const RunResult& result = report.result;
  Table table;
  add(table, "case", result.name + " (" + result.form + ")", Tone::kBold);
  add(table, "verdict", protocol::text_of(result.verdict), result.ok ? Tone::kGood : Tone::kBad);
  add(table, "expected", protocol::text_of(result.expected) + (result.ok ? "" : ": UNEXPECTED"));
  add(table, "reason", result.reason);
  add(table, "took", duration_of(result.run_ns) + (result.stopped ? ", stopped early" : ""));
  add(table, "seed", std::to_string(result.seed) + ", plan " + result.plan);
  for (const auto& [name, value] : result.params) {
    if (name != "seed") add(table, name.c_str(), std::to_string(value));
  }
  for (const auto& [name, value] : result.counters) add(table, name.c_str(), std::to_string(value));
  for (const auto& [name, value] : result.facts) add(table, name.c_str(), std::to_string(value));
  add(table, "kernel", result.kernel.release + flags_of(result.kernel));
  if (report.debug_locks) add(table, "lockdep", *report.debug_locks ? "alive" : "off after a report: see dmesg");
  return table.text(terminal);
}

}  // namespace zlt::ctl
