// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/cli/cli.h"

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "module/abi/params.h"
#include "qemu/zlt/cli/bisect_command.h"
#include "qemu/zlt/cli/kernel_command.h"
#include "qemu/zlt/cli/list_command.h"
#include "qemu/zlt/cli/run_command.h"
#include "qemu/zlt/guest/run_param.h"
#include "userspace/base/command_line.h"
#include "userspace/base/program.h"
#include "userspace/report/outcome.h"
#include "userspace/splat/cli/splat_cli.h"

namespace zlt::run {
namespace {

constexpr const char* kExitStatuses =
    "Exit status: 0 every case as expected; 1 a case came out unexpected, and so again; 2 unexpected but not\n"
    "confirmed, our own failure, bad usage, or interrupted by SIGINT, SIGTERM or SIGHUP (every guest is ended, nothing "
    "is left behind).";

constexpr const char* kSplat = "splat";  // has a command line of its own

// What the command line gives as text, to be checked once all of it is there.
struct RunWords {
  RunOptions options;
  std::vector<std::string> params;
  std::vector<std::string> expect;
  std::string form;
  std::string accel = "auto";
  double timeout_s = 120;
  bool no_snapshot = false;
  bool no_confirm = false;
};

CLI::Validator one_word() {
  const auto check = [](const std::string& text) -> std::string {
    const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
    return plain && !text.empty() ? "" : "not one word: say --append once for each";
  };
  return {check, "", ""};
}

void add_common_options(CLI::App& run, RunWords& words) {
  RunOptions& options = words.options;
  run.add_option("--flavour", options.flavours, "kernels to boot; `zlt list` names them")
      ->check(not_empty())
      ->delimiter(',');
  run.add_option("--repeat", options.repeat, "how often each case, each time with the next seed")
      ->transform(whole_number(1, 100000));
  run.add_option("--jobs", options.jobs, "guests at once")->transform(whole_number(1, 64))->capture_default_str();
  run.add_option("--seed", options.seed, "the same seed gives the same plans; 0 draws one")
      ->transform(whole_number(0, std::numeric_limits<std::uint64_t>::max()));
  run.add_option("--timeout", words.timeout_s, "seconds for a boot, and for a case, whatever progress they make")
      ->check(number(0.1, 86400))
      ->capture_default_str();
  run.add_option("--accel", words.accel, "auto, tcg or kvm")
      ->check(one_of({"auto", "tcg", "kvm"}))
      ->capture_default_str();
  run.add_flag("--no-snapshot", words.no_snapshot, "boot a guest for each case instead of restoring a booted one");
  run.add_option(
         "--confirm", options.confirm,
         "how often an unexpected verdict is tried again, in a guest booted afresh, then from a new snapshot and "
         "so on; what does not come each time is `unconfirmed`")
      ->transform(whole_number(1, 1000))
      ->capture_default_str();
  run.add_flag("--no-confirm", words.no_confirm, "take an unexpected verdict as it comes");
  run.add_option("--append", options.append,
                 "a WORD for the kernel's command line, after the flavour's; may be repeated")
      ->type_name("WORD")
      ->allow_extra_args(false)
      ->check(one_word());
  run.add_flag("--keep", options.keep, "keep the unfinished folder of a run that fails");
  run.add_option("--results", options.results, "where runs are put")->check(not_empty())->capture_default_str();
  run.add_option(
      "--expect", words.expect,
      "CASE=VERDICT: expect this instead of what the module says, e.g. 'irqs-on/*=clean'; the results say so");
  run.add_option("--qemu", options.qemu, "the program that runs guests")->check(not_empty())->capture_default_str();
  run.add_option("--data", options.data, "folder with qemu/flavours and scripts; else found beside this program");
}

void add_run_options(CLI::App& run, RunWords& words) {
  RunOptions& options = words.options;
  run.footer(kExitStatuses);
  run.add_option("--case", options.cases, "cases by shell pattern, e.g. 'irqsave/*'")
      ->check(not_empty())
      ->delimiter(',');
  run.add_option("--form", words.form, "bounded or faithful; else each flavour's own")
      ->check(one_of({abi::kFormBounded, abi::kFormFaithful}));
  run.add_option("--param", words.params, "key=value for every case, e.g. loops=100; `zltctl run --help` lists them");
  add_common_options(run, words);
}

// Fewer words than `run`: the one case is the plan's.
void add_hotplug_options(CLI::App& hotplug, RunWords& words) {
  RunOptions& options = words.options;
  hotplug.footer(kExitStatuses);
  hotplug.add_option("--plan", options.plan, "what is plugged when: a name in qemu/plans, or a file")
      ->check(not_empty())
      ->required();
  hotplug
      .add_option("--machine", options.machine,
                  "NUMA nodes and slots: a name in qemu/machines, or a file; else the plan's own")
      ->check(not_empty());
  add_common_options(hotplug, words);
}

Result<RunOptions> checked(RunWords words) {
  RunOptions out = std::move(words.options);
  for (const std::string& text : words.params) {
    const auto param = parse_param(text);
    if (!param) {
      return tl::unexpected(param.error());
    }
    if (param->first == "seed") {
      out.seed = param->second;
    } else {
      out.params[param->first] = param->second;
    }
  }
  for (const std::string& text : words.expect) {
    const size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return bad_input(fmt::format("--expect {} is not CASE=VERDICT", quote(text)), "for instance 'irqs-on/*=clean'");
    }
    const Result<report::Outcomes> outcomes = report::parse_outcomes(text.substr(equals + 1));
    if (!outcomes) {
      return bad_input(fmt::format("--expect {}: {}", text, outcomes.error().what), outcomes.error().hint);
    }
    out.expect[text.substr(0, equals)] = *outcomes;
  }
  if (!words.form.empty()) {
    out.form = words.form;
  }
  out.accel = words.accel == "tcg" ? AccelMode::kTcg : words.accel == "kvm" ? AccelMode::kKvm : AccelMode::kAuto;
  out.timeout = from_seconds(words.timeout_s);
  out.snapshots = !words.no_snapshot;
  out.confirm = words.no_confirm ? 0 : out.confirm;
  return out;
}

constexpr const char* kBisectStatuses =
    "Exit status, for git: 0 good, every case as expected; 1 bad; 125 cannot tell (it does not build or boot, or we\n"
    "failed); 128 bad usage or interrupted: git stops.";

void add_bisect_options(CLI::App& bisect, RunWords& words, std::string& build) {
  bisect.footer(kBisectStatuses);
  bisect.add_option("--build", build, "command that builds the kernel, e.g. 'make -j8 bzImage modules'");
  bisect
      .add_option("--kernel", words.options.kernel,
                  "the folder it is built in, e.g. '.'; the flavour says how to boot it and what to expect")
      ->check(not_empty());
  bisect.add_option("--case", words.options.cases, "cases by shell pattern")
      ->check(not_empty())
      ->delimiter(',')
      ->required();
  bisect.add_option("--form", words.form, "bounded or faithful; else the flavour's own")
      ->check(one_of({abi::kFormBounded, abi::kFormFaithful}));
  bisect.add_option("--param", words.params, "key=value for every case");
  add_common_options(bisect, words);
}

int bisect_words(RunWords words, const std::string& build) {
  Result<RunOptions> options = checked(std::move(words));
  if (!options) {
    (void)complain(options.error());
    return kBisectStop;
  }
  return bisect_command(std::move(*options), build);
}

Exit run_words(RunWords words) {
  Result<RunOptions> options = checked(std::move(words));
  if (!options) {
    return complain(options.error());
  }
  return run_command(std::move(*options)).exit;
}

}  // namespace

Exit complain(const Error& error) {
  fmt::print(stderr, "zlt: {}\n", error.line());
  return Exit::kFailure;
}

int command_line_main(int argc, char** argv) {
  CLI::App app("Boots kernels in QEMU, runs zltorture's cases in them, and says which kernel survived what.", "zlt");
  app.require_subcommand(1);
  app.footer(kExitStatuses);

  if (argc > 1 && std::string_view(argv[1]) == kSplat) {
    std::string name = std::string("zlt ") + kSplat;
    argv[1] = name.data();
    return static_cast<int>(splat::splat_main(argc - 1, argv + 1));
  }
  app.add_subcommand(kSplat, "find the reports in kernel logs; `zlt splat --help` tells more");

  RunWords words;
  CLI::App* run = app.add_subcommand("run", "run cases on kernels; results/latest has what came out");
  add_run_options(*run, words);

  CLI::App* hotplug = app.add_subcommand("hotplug", "run one plan of memory hot-plug; docs/hotplug.md tells of plans");
  add_hotplug_options(*hotplug, words);

  std::string build;
  CLI::App* bisect = app.add_subcommand("bisect-run", "one step of `git bisect run`; docs/hotplug.md shows one");
  add_bisect_options(*bisect, words, build);

  std::filesystem::path data;
  CLI::App* list = app.add_subcommand("list", "kernels, and the cases they are known to have");
  list->add_option("--data", data, "folder with qemu/flavours and scripts; else found beside this program");

  KernelWords kernel_words;
  CLI::App* kernel = app.add_subcommand("kernel", "kernels in the cache");
  kernel->require_subcommand(1);
  kernel->add_option("--data", kernel_words.data, "folder with qemu/flavours and scripts");
  CLI::App* kernel_list = kernel->add_subcommand("list", "flavours, and whether their kernel is in the cache");
  CLI::App* make = kernel->add_subcommand("build", "build a flavour's kernel, or fetch it where Debian has it");
  CLI::App* fetch = kernel->add_subcommand("fetch", "the same: whatever brings the flavour's kernel into the cache");
  CLI::App* path = kernel->add_subcommand("path", "print the folder of a flavour's kernel in the cache");
  for (CLI::App* each : {make, fetch, path}) {
    each->add_option("FLAVOUR", kernel_words.flavours, "which")->required();
  }

  if (argc > 1 && bisect->check_name(argv[1])) {
    set_failure_status(kBisectStop);  // 2 would say "bad" to git
  }
  if (const std::optional<int> status = parse_command_line(app, argc, argv, complain)) {
    return *status != 0 && *bisect ? kBisectStop : *status;
  }
  if (*bisect) {
    return bisect_words(std::move(words), build);
  }
  if (*hotplug) {
    words.options.cases = {"hotplug/" + std::filesystem::path(words.options.plan).stem().string()};
  }
  if (*run || *hotplug) {
    return static_cast<int>(run_words(std::move(words)));
  }
  if (*list) {
    return static_cast<int>(list_command(data));
  }
  if (*kernel_list) {
    return static_cast<int>(kernel_list_command(kernel_words));
  }
  return static_cast<int>(*path ? kernel_path_command(kernel_words) : kernel_make_command(kernel_words));
}

}  // namespace zlt::run
