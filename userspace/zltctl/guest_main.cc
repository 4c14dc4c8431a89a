// SPDX-License-Identifier: GPL-2.0-only
#include <getopt.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <exception>

#include "userspace/base/files.h"
#include "userspace/zltctl/debugfs.h"
#include "userspace/zltctl/guest.h"
#include "userspace/zltctl/kernel_command_line.h"
#include "userspace/zltctl/slab_shrinker.h"

namespace zlt::ctl {
namespace {

struct Options {
  std::string port = "/dev/ttyS1";
  std::string debugfs;
};

int fail(const Error& error) {
  std::fprintf(stderr, "zltctl: %s\n", error.line().c_str());
  return static_cast<int>(Exit::kFailure);
}

// Calls `part` of the guest and survives what a library may throw: nothing that is sent here may end PID 1.
template <typename Part>
bool guarded(Guest& guest, Part part) {
  try {
    return part();
  } catch (const std::exception& problem) {
    guest.report({std::string("internal: ") + problem.what(), ""});
    return true;
  }
}

void disturb(Guest& guest, const Environment& environment, const std::string& words) {
  const Result<std::optional<unsigned>> pause_ms = shrink_slabs(words);
  if (!pause_ms) {
    guest.report(pause_ms.error());
  } else if (*pause_ms) {
    if (const Status started = start_slab_shrinker(environment, **pause_ms); !started) guest.report(started.error());
  }
}

bool run_by_itself(Guest& guest, const Environment& environment) {
  const Result<std::string> words = read_file("/proc/cmdline");
  disturb(guest, environment, words ? *words : "");
  Result<std::optional<RunRequest>> request = autorun(words ? *words : "");
  if (!request) {
    guest.report(request.error());
  } else if (*request) {
    guest.start(std::move(**request));
  }
  return true;
}

int serve(Machine& machine, const Environment& environment, const Options& options, bool init) {
  Result<Port> port = Port::open(options.port);
  if (!port) {
    const int status = fail(port.error());
    machine.power_off();  // nobody can talk to this machine
    return status;
  }
  Debugfs module(environment.debugfs);
  Guest guest(std::move(*port), environment, module, machine);
  guarded(guest, [&guest] { return guest.begin(), true; });
  if (init) guarded(guest, [&guest, &environment] { return run_by_itself(guest, environment); });
  while (guarded(guest, [&guest] { return guest.step(); })) {
  }
  return static_cast<int>(Exit::kExpected);
}

// Plain getopt and stdio: a guest's init should be up before anything else of it is.
bool parse(int argc, char** argv, Options& options) {
  const option known[] = {{"port", required_argument, nullptr, 'p'},
                          {"debugfs", required_argument, nullptr, 'd'},
                          {nullptr, 0, nullptr, 0}};
  for (int found = 0; (found = ::getopt_long(argc, argv, "", known, nullptr)) != -1;) {
    if (found == 'p') {
      options.port = optarg;
    } else if (found == 'd') {
      options.debugfs = optarg;
    } else {
      return false;
    }
  }
  return optind == argc;
}

}  // namespace

int guest_main(int argc, char** argv) {
  ::signal(SIGPIPE, SIG_IGN);
  Environment environment = Environment::real();
  Options options;
  if (::getpid() == 1) {  // words that the kernel did not know are this process's arguments: nothing for it
    OwnMachine machine(environment);
    machine.mount_devices();
    return serve(machine, environment, options, true);
  }
  if (!parse(argc, argv, options)) return fail({"unknown argument", "valid: --port PATH, --debugfs DIR"});
  if (!options.debugfs.empty()) environment.debugfs = options.debugfs;
  SharedMachine machine;
  return serve(machine, environment, options, false);
}

}  // namespace zlt::ctl
