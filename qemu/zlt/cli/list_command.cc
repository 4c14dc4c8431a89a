// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/cli/list_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include "qemu/zlt/cli/cli.h"
#include "qemu/zlt/guest/snapshot.h"
#include "qemu/zlt/kernel/flavour.h"
#include "qemu/zlt/kernel/paths.h"
#include "qemu/zlt/plans/plan.h"
#include "userspace/base/table.h"

namespace zlt::run {

Exit list_command(const std::filesystem::path& data) {
  const Result<Paths> paths = find_paths(data);
  if (!paths) {
    return complain(paths.error());
  }
  const auto flavours = load_flavours(paths->flavours());
  if (!flavours) {
    return complain(flavours.error());
  }
  const Terminal terminal = Terminal::of(STDOUT_FILENO);
  const SnapshotStore store(paths->cache / "snapshots");
  for (const auto& [name, flavour] : *flavours) {
    fmt::print("{} ({}): {}\n", name, flavour.form, flavour.summary);
    const std::optional<Snapshot> last = store.last(name);
    if (!last || last->loaded.cases.empty()) {
      fmt::print("  not booted yet: `zlt run --flavour {}` finds out which cases it has\n", name);
      continue;
    }
    Table table;
    for (const CaseInfo& info : last->loaded.cases) {
      table.add({{"  " + info.name}, {info.form}, {"expects " + report::text_of(info.expected)}, {info.summary}});
    }
    fmt::print("{}", table.text(terminal));
  }
  const Result<std::vector<Plan>> plans = load_plans(paths->plans());
  if (!plans) {
    return complain(plans.error());
  }
  Table table;
  for (const Plan& plan : *plans) {
    table.add({{"  " + plan.case_name()}, {"on " + plan.machine}, {plan.summary}});
  }
  fmt::print("{}{}", plans->empty() ? "" : "plans of hot-plug, for every kernel:\n", table.text(terminal));
  return Exit::kExpected;
}

}  // namespace zlt::run
