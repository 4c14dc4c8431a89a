// SPDX-License-Identifier: GPL-2.0-only
//
// `zltctl watch`: turns the watch over the kernel's own rebuilds on and off, and tells what it saw.
#include <fmt/format.h>

#include "module/abi/watch.h"
#include "userspace/zltctl/commands.h"
#include "userspace/zltctl/text.h"

namespace zlt::ctl {
namespace {

std::string rebuild_table(const WatchReport& report, const Terminal& terminal) {
  Table table;
  table.add({{"REBUILD", Tone::kDim},
             {"CPU", Tone::kDim},
             {"TASK", Tone::kDim},
             {"ZONELISTS", Tone::kDim},
             {"IRQS", Tone::kDim},
             {"DEFERRAL", Tone::kDim},
             {"ODD FOR", Tone::kDim},
             {"ORDERING", Tone::kDim}});
  for (const WatchedRebuild& rebuild : report.last) {
    table.add({{std::to_string(rebuild.number)},
               {rebuild.get("cpu")},
               {rebuild.get("comm")},
               {rebuild.get("zonelists")},
               {rebuild.get("irqs")},
               {rebuild.get("deferral")},
               {duration_of(to_number(rebuild.get("odd_ns")).value_or(0))},
               {rebuild.get("ordering"), Tone::kBold}});
  }
  return table.text(terminal);
}

void add(Table& table, const char* name, std::string value, Tone tone = Tone::kPlain) {
  table.add({{name, Tone::kDim}, {std::move(value), tone}});
}

}  // namespace

std::string text_of(const WatchReport& report, const Terminal& terminal) {
  Table table;
  add(table, "watch", report.state + (report.reason.empty() ? "" : ": " + report.reason));
  if (!report.lock.empty()) {
    add(table, "writer",
        "takes " + report.lock + ", defers printk with " + (report.deferral.empty() ? "nothing" : report.deferral));
    add(table, "probes", report.probes + " (" + report.bounds + ")");
  }
  add(table, "rebuilds",
      fmt::format("{}, and {} seen in part; {} hits missed", report.rebuilds, report.incomplete, report.missed_hits));
  add(table, "ordering", report.ordering, Tone::kBold);
  for (const auto& [name, count] : report.by_ordering) {
    if (count > 0 && count < report.rebuilds) add(table, name.c_str(), fmt::format("{} rebuilds", count));
  }
  if (report.rebuilds > 0) {
    add(table, "odd for",
        fmt::format("{} to {}, {} in all", duration_of(report.odd_ns_min), duration_of(report.odd_ns_max),
                    duration_of(report.odd_ns_total)));
  }
  return table.text(terminal) + (report.last.empty() ? "" : "\n" + rebuild_table(report, terminal));
}

Result<Exit> watch(const Context& context, const std::string& word) {
  if (!word.empty()) {
    const Sys<void> written = context.module.write(File::kWatch, word + "\n");
    if (!written) return tl::unexpected(explain_watch(context.environment, context.module, written.error()));
  }
  const Result<WatchReport> report = read_watch(context.environment, context.module);
  if (!report) return tl::unexpected(report.error());
  fmt::print("{}", context.json ? line_of(to_json(*report)) + "\n" : text_of(*report, context.out));
  return Exit::kExpected;
}

}  // namespace zlt::ctl
