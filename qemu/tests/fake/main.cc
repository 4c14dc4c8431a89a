// SPDX-License-Identifier: GPL-2.0-only
//
// A QEMU for tests: takes the arguments zlt gives, speaks QMP and the guest's control protocol, and follows a script.
#include <poll.h>
#include <unistd.h>

#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "qemu/tests/fake/guest.h"
#include "qemu/tests/fake/memory.h"
#include "qemu/tests/fake/monitor.h"
#include "userspace/base/line_splitter.h"

namespace zlt::fake {
namespace {

constexpr int kTickMs = 100;

struct Arguments {
  int qmp = -1;
  int console = -1;
  int control = -1;
  std::string incoming;
};

// "socket,id=NAME,fd=N"
std::optional<int> descriptor(const std::string& chardev, const std::string& name) {
  const std::string prefix = "socket,id=" + name + ",fd=";
  return chardev.starts_with(prefix) ? std::optional(std::stoi(chardev.substr(prefix.size()))) : std::nullopt;
}

Arguments parse(const std::vector<std::string>& words) {
  Arguments out;
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    if (words[i] == "-chardev") {
      out.qmp = descriptor(words[i + 1], "qmp").value_or(out.qmp);
      out.console = descriptor(words[i + 1], "console").value_or(out.console);
      out.control = descriptor(words[i + 1], "control").value_or(out.control);
    } else if (words[i] == "-incoming") {
      out.incoming = words[i + 1];
    }
  }
  return out;
}

// What kind of guest was saved there; empty: none.
std::string load_state(const std::string& incoming) {
  char line[64] = {};
  std::FILE* pipe = ::popen(incoming.substr(incoming.find(':') + 1).c_str(), "r");
  const bool read = pipe != nullptr && std::fgets(line, sizeof line, pipe) != nullptr;
  if (pipe != nullptr) {
    ::pclose(pipe);
  }
  constexpr std::string_view kPrefix = "fake state ";
  const std::string text = read ? line : "";
  return text.starts_with(kPrefix) && text.ends_with('\n')
             ? text.substr(kPrefix.size(), text.size() - kPrefix.size() - 1)
             : "";
}

void note_start(const Script& script, bool restored) {
  if (std::FILE* log = script.log().empty() ? nullptr : std::fopen(script.log().c_str(), "a")) {
    std::fprintf(log, "%s %d\n", restored ? "restore" : "start", ::getpid());
    std::fclose(log);
  }
}

int serve(const Script& script, const Arguments& arguments, const std::string& state) {
  const bool restored = !arguments.incoming.empty();
  bool over = false;
  Guest* the_guest = nullptr;
  Memory* the_memory = nullptr;
  Monitor monitor(
      script, arguments.qmp,
      {[&] {
         if (!restored) {
           the_guest->boot();
         }
       },
       [&over] { over = true; },
       [&](bool on) {
         if (on) {
           the_guest->resume(state);
         } else {
           the_guest->pause();
         }
       },
       [&] { the_guest->looked_at(); },
       [&the_memory](const std::string& name, const Json& command) { return the_memory->monitor(name, command); }});
  Guest guest(script, arguments.console, arguments.control,
              {[&monitor](const std::string& reason) {
                 monitor.set_running(false);
                 monitor.event("SHUTDOWN", {{"guest", true}, {"reason", reason}});
               },
               [] {
                 std::fputs("fake-qemu: terminated by a script\n", stderr);
                 ::_exit(3);
               },
               [&monitor] { monitor.mute(); },
               [&the_memory](const protocol::Command& command) { return the_memory->guest(command); }});
  the_guest = &guest;
  Memory memory(script, {[&guest](const std::string& text) { guest.print(text); },
                         [&monitor](const std::string& name, const Json& data) { monitor.event(name, data); },
                         [] {
                           std::fputs("fake-qemu: terminated in the middle of a plug\n", stderr);
                           ::_exit(3);
                         }});
  the_memory = &memory;
  monitor.greet();
  monitor.set_running(!restored);

  LineSplitter commands(1U << 20U);
  LineSplitter control(1U << 20U);
  while (!over) {
    pollfd fds[] = {{arguments.qmp, POLLIN, 0}, {arguments.control, POLLIN, 0}};
    if (::poll(fds, 2, kTickMs) == 0) {
      guest.tick();
      continue;
    }
    for (const pollfd& fd : fds) {
      char buffer[4096];
      const ssize_t n = fd.revents != 0 ? ::read(fd.fd, buffer, sizeof buffer) : -1;
      if (n == 0) {
        return 0;  // nobody is there any more
      }
      if (n > 0) {
        (fd.fd == arguments.qmp ? commands : control).feed({buffer, static_cast<size_t>(n)});
      }
    }
    while (const auto line = commands.next()) {
      monitor.take(line->text);
    }
    while (const auto line = control.next()) {
      guest.take(line->text);
    }
  }
  return 0;
}

int fake_main(const std::vector<std::string>& words) {
  const Script script;
  if (words.size() == 1 && words[0] == "--version") {
    std::printf("QEMU emulator version %s (fake)\n", script.version().c_str());
    return 0;
  }
  const Arguments arguments = parse(words);
  note_start(script, !arguments.incoming.empty());
  if (script.boot() == "die") {
    std::fputs("fake-qemu: could not open a thing: No such thing\n", stderr);
    return 1;
  }
  const std::string state = arguments.incoming.empty() ? "" : load_state(arguments.incoming);
  if (!arguments.incoming.empty() && (script.die_restored() || state.empty())) {
    std::fputs("fake-qemu: load of migration failed: Invalid argument\n", stderr);
    return 1;
  }
  return serve(script, arguments, state);
}

}  // namespace
}  // namespace zlt::fake

int main(int argc, char** argv) {
  return zlt::fake::fake_main({argv + 1, argv + argc});
}
