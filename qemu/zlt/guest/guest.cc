// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/guest/guest.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "qemu/zlt/io/output_of.h"

namespace zlt::run {
namespace {

constexpr size_t kMostSaid = 16384;
constexpr auto kLastWords = std::chrono::milliseconds(500);
constexpr BoundedLog::Bounds kConsoleBounds{size_t{4} << 20U, size_t{1} << 20U};
constexpr BoundedLog::Bounds kEventBounds{size_t{4} << 20U, size_t{256} << 10U};

struct Ends {
  UniqueFd ours;
  UniqueFd theirs;
};

Result<Ends> connection() {
  int fds[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0) {
    return failure(std::string("cannot make a socket pair: ") + std::strerror(errno));
  }
  return Ends{UniqueFd(fds[0]), UniqueFd(fds[1])};
}

}  // namespace

Result<std::unique_ptr<Guest>> Guest::start(const Options& options, const Stop& stop) {
  Result<BoundedLog> console_log = BoundedLog::create(options.folder / "console.log", kConsoleBounds);
  Result<BoundedLog> event_log = BoundedLog::create(options.folder / "events.jsonl", kEventBounds);
  Result<Ends> qmp = connection();
  Result<Ends> console = connection();
  Result<Ends> control = connection();
  Result<Ends> output = connection();
  if (!console_log || !event_log) {
    return tl::unexpected(console_log ? event_log.error() : console_log.error());
  }
  for (const Result<Ends>* ends : {&qmp, &console, &control, &output}) {
    if (!*ends) {
      return tl::unexpected(ends->error());
    }
  }

  std::unique_ptr<Guest> guest(new Guest(stop));
  const Connections theirs{qmp->theirs.get(), console->theirs.get(), control->theirs.get()};
  Child::Options child;
  child.argv = guest_command(options.machine, theirs, options.incoming);
  child.inherit = {theirs.qmp, theirs.console, theirs.control};
  child.output = output->theirs.get();
  Result<Child> spawned = Child::spawn(child);
  if (!spawned) {
    return failure(spawned.error().what, "install it (Debian: qemu-system-x86), or say --qemu PROGRAM");
  }
  guest->child_ = std::move(*spawned);
  for (Ends* ends : {&*qmp, &*console, &*control, &*output}) {
    ends->theirs.reset();
  }

  Guest& g = *guest;
  g.console_ = std::make_unique<Console>(std::move(console->ours), g.pump_, std::move(*console_log));
  g.console_->expect(options.expect);
  g.control_ = std::make_unique<ControlPort>(std::move(control->ours), g.pump_, std::move(*event_log));
  g.qmp_ = std::make_unique<Qmp>(std::move(qmp->ours), g.pump_);
  g.output_ = std::move(output->ours);
  g.pump_.watch(g.output_.get(), [&g](std::string_view data) {
    g.said_.append(data.substr(0, kMostSaid - std::min(kMostSaid, g.said_.size())));
  });
  g.pump_.watch_once(g.child_.pidfd(), [&g] { g.gone_ = true; });
  g.qmp_->on_event([&g](const std::string& name, const Json& data) {
    if (name == "SHUTDOWN") {
      g.shutdown_ = get_string(data, "reason", "unknown");
    } else if (name == "RESUME") {
      g.resumed_ = true;
    }
    if (g.on_qmp_event_) {
      g.on_qmp_event_(name, data);
    }
  });
  if (const Status answered = g.qmp_->handshake(options.qemu_limit); !answered) {
    if (stop.requested()) {
      return interrupted();
    }
    if (g.qmp_->closed()) {
      return failure(g.why_gone());
    }
    return tl::unexpected(answered.error());
  }
  return guest;
}

std::string Guest::why_gone() {
  // The monitor closes a moment before the process is gone, and its last words may still be on the way.
  const std::optional<int> status = child_.wait(std::chrono::seconds(5));
  [[maybe_unused]] const Pump::Wait waited = pump_.run_for(std::chrono::milliseconds(20));
  const std::string said = last_line(said_);
  return fmt::format("QEMU died ({}){}{}", status ? describe_status(*status) : "its monitor closed",
                     said.empty() ? "" : ": ", said);
}

Result<std::string> Guest::run_state(Duration limit) {
  const Result<Json> status = qmp_->execute("query-status", Json::object(), limit);
  if (!status) {
    return gone_ || qmp_->closed() ? failure(why_gone()) : tl::unexpected(status.error());
  }
  return get_string(*status, "status");
}

Status Guest::pause(Duration limit) {
  const TimePoint deadline = Clock::now() + limit;
  if (const Result<Json> stopped = qmp_->execute("stop", Json::object(), limit); !stopped) {
    return tl::unexpected(stopped.error());
  }
  const Result<std::string> state = run_state(limit);
  if (!state) {
    return tl::unexpected(state.error());
  }
  if (*state != "paused") {
    return failure("the guest did not stop: QEMU says it is " + *state);
  }
  pump_.catch_up(deadline);
  return {};
}

Status Guest::resume(Duration limit) {
  constexpr auto kAskEvery = std::chrono::milliseconds(5);
  const TimePoint deadline = Clock::now() + limit;
  for (;;) {
    const Result<std::string> state = run_state(limit);
    if (!state) {
      return tl::unexpected(state.error());
    }
    if (*state == "paused") {
      break;
    }
    if (*state != "inmigrate") {
      return failure("the saved guest is not one that was stopped: QEMU says it is " + *state);
    }
    if (Clock::now() >= deadline) {
      return failure(fmt::format("QEMU did not load the saved guest in {:.0f} s", seconds(limit)));
    }
    if (pump_.run_for(kAskEvery) == Pump::Wait::kStopped) {
      return interrupted();
    }
  }
  if (const Result<Json> told = qmp_->execute("cont", Json::object(), limit); !told) {
    return tl::unexpected(told.error());
  }
  const Pump::Wait waited = pump_.run_until([this] { return resumed_ || gone_; }, deadline);
  if (gone_) {
    return failure(why_gone());
  }
  if (waited == Pump::Wait::kStopped) {
    return interrupted();
  }
  return resumed_ ? Status() : failure(fmt::format("the guest did not go on in {:.0f} s", seconds(limit)));
}

Status Guest::close() {
  pump_.forget(child_.pidfd());
  child_.end_and_reap();
  // Every other end is closed now, so this reads what is left and then the ends of file; the limit is for surprises.
  const TimePoint deadline = Clock::now() + kLastWords;
  pump_.drain(deadline);
  console_->splats().finish();
  const Status console = console_->close();
  const Status events = control_->close();
  return console ? events : console;
}

}  // namespace zlt::run
