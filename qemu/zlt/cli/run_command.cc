// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/cli/run_command.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <ctime>
#include <random>
#include <thread>

#include "qemu/zlt/cli/cli.h"
#include "qemu/zlt/io/signals.h"
#include "qemu/zlt/run/board.h"
#include "qemu/zlt/run/known_cases.h"
#include "qemu/zlt/run/session.h"
#include "userspace/base/files.h"
#include "userspace/base/printable.h"
#include "userspace/base/program.h"
#include "userspace/report/json_writer.h"
#include "userspace/report/run_folder.h"

namespace zlt::run {
namespace fs = std::filesystem;
namespace {

// 32 bits: enough to differ, short enough to type. 0 would mean "draw one" to the module.
std::uint64_t draw_seed() {
  std::random_device device;
  const std::uint64_t seed = device();
  return seed == 0 ? 1 : seed;
}

void describe_host(report::Run& run) {
  utsname name = {};
  ::uname(&name);
  run.host["kernel"] = name.release;
  run.host["machine"] = name.machine;
  run.host["cpus"] = std::to_string(std::thread::hardware_concurrency());
}

// What repeats the case, with everything kept.
std::string repeat_command(const report::Run& run, const report::CaseRecord& record, const RunOptions& options) {
  std::string out = fmt::format("zlt run --flavour {} --case {} --form {} --seed {} --keep", record.flavour,
                                shell_quoted(record.name), record.form, record.seed == 0 ? run.seed : record.seed);
  for (const auto& [key, value] : options.params) {
    out += fmt::format(" --param {}={}", key, value);
  }
  for (const std::string& word : options.append) {
    out += " --append " + shell_quoted(word);
  }
  return out;
}

std::string how_sure(const report::CaseRecord& record) {
  if (!record.confirmation || record.standing() == report::Standing::kInfra) {
    return {};
  }
  const report::Confirmation& confirmation = *record.confirmation;
  if (!confirmation.by_case.empty()) {
    return fmt::format(" (confirmed by {})", confirmation.by_case);
  }
  return fmt::format(" ({}confirmed: {} of {})", confirmation.confirmed() ? "" : "not ", confirmation.agreed,
                     confirmation.wanted);
}

// A few lines for everything that is not as expected: what was seen, where to look, and how to see it again.
void explain(const report::Run& run, const fs::path& folder, const RunOptions& options) {
  for (const report::CaseRecord& record : run.cases) {
    if (!record.ok) {
      const std::string line = fmt::format("{} {} ({}): expected {}, saw {}{}: {}", record.flavour, record.name,
                                           record.form, report::text_of(record.expected),
                                           report::text_of(record.observed), how_sure(record), record.reason);
      fmt::print("{}\n  {}\n  again: {}\n", printable(line), printable((folder / record.artifacts).string()),
                 printable(repeat_command(run, record, options)));
    }
  }
  const report::Summary sum = report::summarise(run);
  if (sum.unconfirmed > 0) {
    fmt::print(
        "{} unconfirmed: not every guest that ran it again said so; a rare truth or a fault of ours. --confirm N tries "
        "oftener\n",
        sum.unconfirmed);
  }
  fmt::print("{} cases: {} as expected, {} unexpected, {} unconfirmed, {} infra; {:.1f} s, seed {}, {}\n", sum.cases,
             sum.expected, sum.unexpected, sum.unconfirmed, sum.infra, run.wall_s, run.seed, folder.string());
}

Result<fs::path> publish(report::RunFolder& folder, const report::Run& run) {
  if (Status written = write_file(folder.path() / "results.json", report::to_json(run)); !written) {
    return tl::unexpected(written.error());
  }
  return folder.publish();
}

Exit exit_of(const report::Run& run) {
  const report::Summary sum = report::summarise(run);
  // What was found out about a kernel outweighs what could not be.
  if (sum.unexpected > 0) {
    return Exit::kUnexpected;
  }
  return sum.infra + sum.unconfirmed > 0 ? Exit::kFailure : Exit::kExpected;
}

Result<std::vector<Flavour>> chosen(const RunOptions& options, const Paths& paths) {
  const auto all = load_flavours(paths.flavours());
  if (!all) {
    return tl::unexpected(all.error());
  }
  std::vector<Flavour> out;
  for (const std::string& name : options.flavours) {
    Result<Flavour> flavour = find_flavour(*all, name);
    if (!flavour) {
      return tl::unexpected(flavour.error());
    }
    out.push_back(std::move(*flavour));
  }
  return out;
}

}  // namespace

Status check_run(const RunOptions& options) {
  const Result<Paths> paths = find_paths(options.data);
  if (!paths) {
    return tl::unexpected(paths.error());
  }
  const Result<std::vector<Flavour>> flavours = chosen(options, *paths);
  return flavours ? check_cases(options, *paths) : tl::unexpected(flavours.error());
}

RunEnd run_command(RunOptions options) {
  const TimePoint begin = Clock::now();
  const std::time_t now = std::time(nullptr);
  Signals signals;
  const Result<Paths> paths = find_paths(options.data);
  if (!paths) {
    return {complain(paths.error())};
  }
  const Result<std::vector<Flavour>> flavours = chosen(options, *paths);
  if (!flavours) {
    return {complain(flavours.error())};
  }
  if (const Status known = check_cases(options, *paths); !known) {
    return {complain(known.error())};
  }
  options.seed = options.seed == 0 ? draw_seed() : options.seed;
  const std::string name = fmt::format("{:%Y%m%d-%H%M%S}-{}", fmt::gmtime(now), options.seed);
  Result<report::RunFolder> folder = report::RunFolder::create(options.results, name);
  if (!folder) {
    return {complain(folder.error())};
  }
  if (options.keep) {
    folder->keep();
  }

  Stop stop;
  Board board(stdout, Terminal::of(STDOUT_FILENO));
  board.set_columns(options.flavours);
  Result<report::Run> run = failure("nothing was run");
  signals.run([&] { run = Session(options, *paths, *flavours, board, stop).run(folder->path()); },
              [&] {
                board.set_width(Terminal::of(STDOUT_FILENO).width);
                board.draw();
              },
              stop);
  if (!run) {
    board.clear();
    const int caught = signals.caught().value_or(0);
    if (output_closed()) {
      return {Exit::kFailure, true};  // nobody listens
    }
    return {complain(caught == 0 ? run.error()
                                 : Error{fmt::format("SIG{}: every guest was ended, nothing is kept of this run",
                                                     ::sigabbrev_np(caught)),
                                         {}}),
            caught != 0};
  }
  run->started = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(now));
  run->wall_s = seconds(Clock::now() - begin);
  describe_host(*run);
  const Result<fs::path> published = publish(*folder, *run);
  board.finish();
  if (!published) {
    return {complain(published.error())};
  }
  explain(*run, *published, options);
  return {exit_of(*run), signals.caught().has_value()};
}

}  // namespace zlt::run
