// SPDX-License-Identifier: GPL-2.0-only
//
// zltctl: drives the module zltorture on the machine it is loaded on, or is the init of a guest.
#include <fmt/format.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cstdio>
#include <functional>

#include "module/abi/watch.h"
#include "userspace/base/command_line.h"
#include "userspace/base/program.h"
#include "userspace/zltctl/commands.h"
#include "userspace/zltctl/debugfs.h"
#include "userspace/zltctl/guest.h"
#include "userspace/zltctl/kmod.h"

namespace zlt::ctl {
namespace {

using Command = std::function<Result<Exit>(const Context&)>;

// What the command line says.
struct CommandLine {
  std::string debugfs;
  bool json = false;
  std::string pattern;
  std::vector<std::string> words;
  std::string form;
  bool no_wait = false;
  double timeout_s = 0;
  Command command;
};

Result<Exit> run_command(const CommandLine& line, const Context& context) {
  RunOptions options;
  options.pattern = line.pattern;
  options.wait = !line.no_wait;
  options.timeout = std::chrono::milliseconds(static_cast<int64_t>(line.timeout_s * 1000));
  for (const std::string& word : line.words) {
    if (Status added = add_word(options.request, word); !added) return tl::unexpected(added.error());
  }
  if (!line.form.empty()) options.request.form = line.form;
  return run(context, options);
}

void add_run(CLI::App& app, CommandLine& line) {
  CLI::App* sub =
      app.add_subcommand("run", "Run a case, or every case that a shell pattern matches, and say how it ended");
  sub->add_option("CASE", line.pattern, "a case as `list` shows it, or a pattern: 'irqs*'")->required();
  std::string help = "parameters:";
  for (const abi::ParamSpec& spec : abi::kParams) help += "\n  " + describe(spec) + ": " + spec.help;
  sub->add_option("KEY=VALUE", line.words, help);
  sub->add_option("--form", line.form, "bounded (the default) or faithful, which needs allow_hang=1")
      ->check(one_of({abi::kFormBounded, abi::kFormFaithful}));
  sub->add_flag("!--wait,--no-wait", line.no_wait, "only start the run");
  sub->add_option("--timeout", line.timeout_s, "stop a run that has not finished after so many seconds")
      ->check(number(0.001, 1e6));
  sub->callback([&line] { line.command = [&line](const Context& context) { return run_command(line, context); }; });
}

void add_others(CLI::App& app, CommandLine& line) {
  const auto add = [&](const char* name, const char* help, Command command) {
    CLI::App* sub = app.add_subcommand(name, help);
    sub->callback([&line, command = std::move(command)] { line.command = command; });
    return sub;
  };
  add("list", "Show the cases, and what is expected of each on this kernel", [&line](const Context& context) {
    return list(context, line.pattern);
  })->add_option("CASE", line.pattern, "a case or a pattern");
  add("status", "Show whether a case is running, and how far it is", status);
  add("result", "Show how the last run ended", result);
  add("histogram", "Show how long readers waited and writers stayed", histogram);
  add("stop", "Stop what runs, and wait until it has stopped", stop);
  add("watch", "Watch the kernel's own zonelist rebuilds, and say how it orders interrupts, seqlock and printk",
      [&line](const Context& context) { return watch(context, line.pattern); })
      ->add_option("on|off", line.pattern, "turn it on or off; else show what was seen")
      ->check(one_of({abi::kWatchOn, abi::kWatchOff}));
  add("load", "Load the module", [&line](const Context& context) {
    return load(context, line.words);
  })->add_option("FILE|installed KEY=VALUE", line.words, "a .ko, or the installed module, then its parameters");
  add("unload", "Stop what runs and unload the module", unload);
  // Listed for --help alone: main has taken it before.
  app.add_subcommand("guest", "Serve a host over a serial port: --port PATH; what zltctl does as a guest's init");
}

// A descriptor that becomes readable when the user wants to leave.
int interrupts() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&set, number);
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
  return ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int fail(const Error& error) {
  std::fflush(stdout);
  fmt::print(stderr, "zltctl: {}\n", error.line());
  return static_cast<int>(Exit::kFailure);
}

int execute(const CommandLine& line) {
  Environment environment = Environment::real();
  if (!line.debugfs.empty()) environment.debugfs = line.debugfs;
  Debugfs module(environment.debugfs);
  Kmod loader;
  const UniqueFd signals(interrupts());
  const Context context{
      environment, module, loader, line.json, Terminal::of(STDOUT_FILENO), Terminal::of(STDERR_FILENO), signals.get()};
  const Result<Exit> exit = line.command(context);
  return exit ? static_cast<int>(*exit) : fail(exit.error());
}

int main_of(int argc, char** argv) {
  CommandLine line;
  CLI::App app("Drives the torture module zltorture on this machine.", "zltctl");
  app.require_subcommand(0, 1);  // none is refused below: CLI11 would say the same of a misspelt one
  app.fallthrough();
  app.add_option("--debugfs", line.debugfs, "where debugfs is mounted [/sys/kernel/debug]");
  app.add_flag("--json", line.json, "answer in JSON, one object a line");
  app.footer("Exit status: 0 as expected, 1 something unexpected, 2 failure or bad usage.");
  add_run(app, line);
  add_others(app, line);
  if (const std::optional<int> status = parse_command_line(app, argc, argv, fail)) return *status;
  if (!line.command) return fail({"nothing to do", "zltctl list, or zltctl --help"});
  return execute(line);
}

}  // namespace
}  // namespace zlt::ctl

int main(int argc, char** argv) {
  const bool guest = argc > 1 && std::string_view(argv[1]) == "guest";
  if (::getpid() == 1) return zlt::ctl::guest_main(argc, argv);
  if (guest) return zlt::ctl::guest_main(argc - 1, argv + 1);
  return zlt::run_program("zltctl", zlt::ctl::main_of, argc, argv);
}
