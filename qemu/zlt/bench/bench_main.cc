// SPDX-License-Identifier: GPL-2.0-only
//
// zlt-bench: the runner's figures, in one go on one machine, since only their ratios mean anything.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <thread>
#include <utility>

#include "qemu/zlt/bench/bench_boot.h"
#include "qemu/zlt/bench/bench_figures.h"
#include "qemu/zlt/bench/bench_runs.h"
#include "qemu/zlt/guest/snapshot.h"
#include "qemu/zlt/io/child.h"
#include "qemu/zlt/run/options.h"
#include "userspace/base/command_line.h"
#include "userspace/base/program.h"

namespace zlt::run {
namespace {

using Figures = Result<std::vector<Figure>>;
using Sense = Figure::Sense;

constexpr const char* kStock = "stock,stock-rt";
constexpr const char* kLockdep = "lockdep,lockdep-rt";
// Where a reader meets a writer: the cases the figures are about.
constexpr const char* kMeetings = "irq*,printk*,deferred*";
// Clean on every kernel, and short.
constexpr const char* kCleanCase = "deferred-inside/port-feeder";

struct Choice {
  unsigned rounds = 5;
  unsigned matrix = 3;  // repeats of the pair's matrix
};

Figures first_events(const Choice& choice) {
  const Result<Paths> paths = find_paths({});
  if (!paths) {
    return tl::unexpected(paths.error());
  }
  const Stop never;
  std::vector<Figure> out;
  for (const char* flavour : {"stock", "stock-rt"}) {
    Result<Figure> figure = measure_first_event(*paths, flavour, choice.rounds, never);
    if (!figure) {
      return tl::unexpected(figure.error());
    }
    out.push_back(std::move(*figure));
  }
  return out;
}

Figures whole_runs(const Choice& /*choice*/) {
  const Result<TimedRun> first = timed_run({"--flavour", kStock});  // leaves everything cached
  const Result<TimedRun> cached = first ? timed_run({"--flavour", kStock}) : first;
  const Result<TimedRun> booted = cached ? timed_run({"--flavour", kStock, "--no-snapshot"}) : cached;
  if (!booted) {
    return tl::unexpected(booted.error());
  }
  return std::vector<Figure>{
      {"zlt run on both stock kernels, cached", cached->wall_s, "s", 60, Sense::kAtMost,
       fmt::format("{} cases", cached->cases().size())},
      {"the same, a boot for every case", booted->wall_s, "s", 0, Sense::kOnlySaid, "--no-snapshot"}};
}

Figures rendezvous(const Choice& /*choice*/) {
  const Result<TimedRun> runs =
      timed_run({"--flavour", kStock, "--case", kMeetings, "--repeat", "8", "--param", "loops=1"});
  if (!runs) {
    return tl::unexpected(runs.error());
  }
  unsigned met = 0;
  for (const Json& record : runs->cases()) {
    const Json& counters = member(record, "counters");
    // Interrupts that the writer keeps off let a reader come only when it is over: met all the same, at the first try.
    met += get_number(counters, "met_odd") + get_number(counters, "met_masked") == 1 ? 1 : 0;
  }
  const double share = 100.0 * met / static_cast<double>(runs->cases().size());
  return std::vector<Figure>{{"reader inside the odd window at the first try", share, "of 100", 99, Sense::kAtLeast,
                              fmt::format("{} runs of one turn", runs->cases().size())}};
}

Figures snapshots(const Choice& choice) {
  const std::string repeat = std::to_string(choice.rounds);
  const std::vector<std::string> words = {"--flavour", "lockdep", "--case",   kCleanCase,
                                          "--jobs",    "1",       "--repeat", repeat};
  std::vector<std::string> boot_words = words;
  boot_words.emplace_back("--no-snapshot");
  const Result<TimedRun> warm = timed_run(words);
  const Result<TimedRun> restored = warm ? timed_run(words) : warm;
  const Result<TimedRun> booted = restored ? timed_run(boot_words) : restored;
  if (!booted) {
    return tl::unexpected(booted.error());
  }
  const double with = median(restored->case_walls());
  const double without = median(booted->case_walls());
  const std::string how = fmt::format("{}, lockdep, medians of {}", kCleanCase, repeat);
  std::vector<Figure> out = {
      {"clean case from a snapshot, exec to verdict", with, "s", 0.5, Sense::kAtMost, how},
      {"sooner than with a boot", without / with, "x", 3, Sense::kAtLeast, fmt::format("{:.2f} s booted", without)}};
  const Result<std::filesystem::path> cache = cache_folder();
  for (const char* flavour : {"stock", "lockdep"}) {
    const std::optional<Snapshot> last = cache ? SnapshotStore(*cache / "snapshots").last(flavour) : std::nullopt;
    if (last) {
      out.push_back({std::string("snapshot of ") + flavour, static_cast<double>(last->bytes) / 1e6, "MB", 0,
                     Sense::kOnlySaid, fmt::format("saved in {:.2f} s", last->save_s)});
    }
  }
  return out;
}

Figures faithful(const Choice& /*choice*/) {
  const std::vector<std::string> words = {"--flavour", kLockdep, "--form", "faithful", "--case", kMeetings};
  const Result<TimedRun> warm = timed_run(words);
  const Result<TimedRun> runs = warm ? timed_run(words) : warm;
  if (!runs) {
    return tl::unexpected(runs.error());
  }
  return std::vector<Figure>{{"seven faithful cases on lockdep and lockdep-rt", runs->wall_s, "s", 40, Sense::kAtMost,
                              fmt::format("{} cases", runs->cases().size())}};
}

Figures parallel(const Choice& /*choice*/) {
  const auto words = [](unsigned jobs) {
    return std::vector<std::string>{"--flavour",          "lockdep",  "--case", kCleanCase, "--jobs",
                                    std::to_string(jobs), "--repeat", "20"};
  };
  const Result<TimedRun> one = timed_run(words(1));
  const Result<TimedRun> many = one ? timed_run(words(kDefaultJobs)) : one;
  if (!many) {
    return tl::unexpected(many.error());
  }
  return std::vector<Figure>{
      {"clean cases per second against one guest at a time", one->wall_s / many->wall_s, "x", 1.6, Sense::kAtLeast,
       fmt::format("{:.1f} s against {:.1f} s for 20, --jobs {}", many->wall_s, one->wall_s, kDefaultJobs)}};
}

Result<Figure> unlike_verdicts(const Choice& choice, const std::string& host) {
  const Result<TimedRun> runs = timed_run({"--flavour", kLockdep, "--repeat", std::to_string(choice.matrix)});
  if (!runs) {
    return tl::unexpected(runs.error());
  }
  double unlike = 0;
  std::string first;
  for (const Json& record : runs->cases()) {
    if (!get_bool(record, "ok")) {
      unlike += 1;
      first = first.empty() ? fmt::format("; {} {}: {}", get_string(record, "flavour"), get_string(record, "case"),
                                          get_string(record, "reason"))
                            : first;
    }
  }
  return Figure{fmt::format("verdicts that differ over the pair's matrix, {}", host),
                unlike,
                "",
                0,
                Sense::kAtMost,
                fmt::format("{} runs{}", runs->cases().size(), first)};
}

Figures steady(const Choice& choice) {
  const Result<Figure> idle = unlike_verdicts(choice, "idle host");
  if (!idle) {
    return tl::unexpected(idle.error());
  }
  std::vector<Child> load;
  for (unsigned n = 0; n < std::thread::hardware_concurrency(); ++n) {
    Result<Child> busy = Child::spawn({{"sh", "-c", "while :; do :; done"}, {}, -1});
    if (!busy) {
      return tl::unexpected(busy.error());
    }
    load.push_back(std::move(*busy));
  }
  const Result<Figure> busy = unlike_verdicts(choice, "every core busy");
  if (!busy) {
    return tl::unexpected(busy.error());
  }
  return std::vector<Figure>{*idle, *busy};
}

int bench_main(int argc, char** argv) {
  const std::vector<std::pair<std::string, std::function<Figures(const Choice&)>>> known = {
      {"first-event", first_events}, {"run", whole_runs},    {"rendezvous", rendezvous}, {"snapshot", snapshots},
      {"faithful", faithful},        {"parallel", parallel}, {"steady", steady}};
  CLI::App app("Measures what the runner was to reach; exit status 1 when something was missed.", "zlt-bench");
  Choice choice;
  std::vector<std::string> names;
  std::vector<std::string> all;
  all.reserve(known.size());
  for (const auto& [name, measure] : known) {
    all.push_back(name);
  }
  app.add_option("FIGURE", names, "which; all unless some are named")->check(one_of(all));
  app.add_option("--rounds", choice.rounds, "how often what is compared by medians")
      ->transform(whole_number(1, 1000))
      ->capture_default_str();
  app.add_option("--matrix", choice.matrix, "repeats of the matrix for `steady`")
      ->transform(whole_number(1, 1000))
      ->capture_default_str();
  const auto complain = [](const Error& error) { fmt::print(stderr, "zlt-bench: {}\n", error.line()); };
  if (const std::optional<int> status = parse_command_line(app, argc, argv, complain)) {
    return *status;
  }

  bool missed = false;
  for (const auto& [name, measure] : known) {
    if (!names.empty() && std::find(names.begin(), names.end(), name) == names.end()) {
      continue;
    }
    const Figures figures = measure(choice);
    if (!figures) {
      fmt::print(stderr, "zlt-bench: {}: {}\n", name, figures.error().line());
      return static_cast<int>(Exit::kFailure);
    }
    print_figures(*figures);
    std::fflush(stdout);
    for (const Figure& figure : *figures) {
      missed = missed || !figure.reached();
    }
  }
  return static_cast<int>(missed ? Exit::kUnexpected : Exit::kExpected);
}

}  // namespace
}  // namespace zlt::run

int main(int argc, char** argv) {
  return zlt::run_program("zlt-bench", zlt::run::bench_main, argc, argv);
}
