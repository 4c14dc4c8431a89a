// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/guest.h"

#include <poll.h>

#include <algorithm>
#include <variant>

#include "userspace/zltctl/explain.h"

namespace zlt::ctl {
namespace {

constexpr uint64_t kBusyBeatMs = 100;
constexpr uint64_t kIdleBeatMs = 1000;
constexpr uint64_t kLockdepRest = 50;  // times as long as a look takes, nobody looks again
// A host that does not read gets no more heartbeats beyond the first, and nothing at all beyond the second.
constexpr size_t kMostUnsentForBeats = size_t{64} << 10U;
constexpr size_t kMostUnsent = size_t{1} << 20U;
constexpr size_t kLongestError = 1000;

}  // namespace

Guest::Guest(Port port, const Environment& environment, Module& module, Machine& machine)
    : port_(std::move(port)), environment_(environment), module_(module), machine_(machine) {}

void Guest::begin() {
  send(protocol::Hello{protocol::kVersion, environment_.release});
  for (const Error& error : machine_.set_up()) report(error);
  send_loaded({});
  send(protocol::Ready{look_at_lockdep(true)});
  next_beat_ms_ = machine_.uptime_ms() + kIdleBeatMs;
}

bool Guest::step() {
  wait();
  machine_.reap();
  serve_lines();
  if (!over_ && run_) advance_run();
  if (!over_ && stop_) advance_stop();
  if (!over_) chores_.advance();
  if (!over_ && machine_.uptime_ms() >= next_beat_ms_) beat({});
  return !over_;
}

void Guest::wait() {
  const uint64_t now_ms = machine_.uptime_ms();
  const uint64_t due_ms = run_ ? std::min(next_beat_ms_, next_poll_ms_) : next_beat_ms_;
  // After a restore the clock may stand anywhere: a wait is never longer than a heartbeat's.
  const uint64_t pause_ms = due_ms > now_ms ? std::min(due_ms - now_ms, kIdleBeatMs) : 0;
  pollfd fds[] = {{port_.fd(), port_.wanted(), 0}, {stop_ ? stop_->fd() : -1, POLLIN, 0}, {chores_.fd(), POLLIN, 0}};
  if (::poll(fds, std::size(fds), static_cast<int>(pause_ms)) <= 0) return;
  if ((fds[0].revents & POLLOUT) != 0) port_.flush();
  if ((fds[0].revents & ~POLLOUT) == 0) return;
  // What came before a hang-up is still served: the last command may be to switch off.
  const bool there = port_.receive();
  serve_lines();
  if (!there && !over_) switch_off();
}

void Guest::serve_lines() {
  while (!over_) {
    const std::optional<LineSplitter::Line> line = port_.next_line();
    if (!line) return;
    if (line->too_long) {
      report({"a line of more than 64 KiB was dropped", "send shorter commands", ErrorKind::kBadInput});
    } else {
      serve_line(line->text);
    }
  }
}

void Guest::serve_line(const std::string& line) {
  const Result<protocol::Json> json = protocol::parse_line(line);
  if (!json) return report(json.error());
  const Result<protocol::Command> command = protocol::command_from(*json);
  if (!command) return send_error(protocol::id_in(*json), command.error());
  std::visit([this](const auto& each) { serve(each); }, *command);
}

void Guest::serve(const protocol::List& command) {
  send_loaded(command.id);
}

void Guest::serve(const protocol::Beat& command) {
  beat(command.id);
}

void Guest::serve(const protocol::PowerOff& /*command*/) {
  switch_off();
}

void Guest::serve(const protocol::RunCase& command) {
  Result<RunRequest> request = request_of(command);
  if (!request) return send_error(command.id, request.error());
  if (run_) {  // it may be over by now: then its result goes out first
    next_poll_ms_ = 0;
    advance_run();
  }
  if (run_) {
    return send_error(command.id, {"a run of " + run_->request().id + " is going on", "send stop, or wait"});
  }
  start_run(command.id, std::move(*request));
}

void Guest::start_run(const protocol::Id& id, RunRequest request) {
  if (const Status valid = check(request); !valid) return send_error(id, valid.error());
  Result<ActiveRun> run = ActiveRun::start(environment_, module_, std::move(request));
  if (!run) return send_error(id, run.error());
  run_.emplace(std::move(*run));
  run_id_ = id;
  send(protocol::Started{id, run_->request().id, run_->request().form});
  const uint64_t now_ms = machine_.uptime_ms();
  next_poll_ms_ = now_ms;
  next_beat_ms_ = now_ms + kBusyBeatMs;
}

void Guest::serve(const protocol::StopRun& command) {
  if (stop_) return;
  stop_id_ = command.id;
  stop_ = module_.write_in_background(File::kStop, "1\n");
}

void Guest::advance_stop() {
  const std::optional<int> error = stop_->poll();
  if (!error) return;
  stop_.reset();
  if (*error != 0) send_error(stop_id_, explain_access(environment_, File::kStop, *error));
}

void Guest::advance_run() {
  const uint64_t now_ms = machine_.uptime_ms();
  if (now_ms < next_poll_ms_) return;
  const Result<std::optional<RunReport>> polled = run_->poll();
  next_poll_ms_ = machine_.uptime_ms() + static_cast<uint64_t>(run_->pause_ms());
  if (polled && !*polled) return;
  if (polled) {
    send(protocol::Finished{run_id_, **polled});
  } else {
    send_error(run_id_, polled.error());
  }
  run_.reset();
  next_beat_ms_ = now_ms + kIdleBeatMs;
}

// lockdep_stats_show() walks the whole graph of locks: a kernel that is asked for it ten times a second does little
// else. Lockdep that is off stays off.
std::optional<bool> Guest::look_at_lockdep(bool at_once) {
  const uint64_t before_ms = machine_.uptime_ms();
  if (debug_locks_ == false || (!at_once && before_ms < next_lockdep_look_ms_)) return debug_locks_;
  debug_locks_ = debug_locks(environment_);
  const uint64_t now_ms = machine_.uptime_ms();
  next_lockdep_look_ms_ = now_ms + kLockdepRest * (now_ms - before_ms);
  return debug_locks_;
}

void Guest::beat(const protocol::Id& id) {
  const uint64_t now_ms = machine_.uptime_ms();
  next_beat_ms_ = now_ms + (run_ ? kBusyBeatMs : kIdleBeatMs);
  ++beats_;
  if (id.none() && port_.unsent() > kMostUnsentForBeats) return;
  protocol::Heartbeat event{id, beats_, {}, look_at_lockdep(!id.none())};
  if (run_) {
    event.status = run_->status();
  } else if (const Result<RunStatus> now = read_status(environment_, module_)) {
    event.status = *now;
  }
  send(event);
}

void Guest::switch_off() {
  send(protocol::Bye{});
  over_ = true;
  port_.drain();
  machine_.power_off();
}

void Guest::send(const protocol::Event& event) {
  if (port_.unsent() > kMostUnsent) return;
  protocol::Json json = protocol::to_json(event);
  json["t_ms"] = machine_.uptime_ms();
  const std::string line = protocol::line_of(json);
  if (line.size() <= protocol::kLongestLine) {
    port_.send(line);
  } else {
    send_error(protocol::id_of(event), {std::string("the event ") + protocol::name_of(event) + " would have " +
                                            std::to_string(line.size()) + " bytes, and a line has 64 KiB at most",
                                        ""});
  }
}

void Guest::send_error(const protocol::Id& id, const Error& error) {
  send(
      protocol::Failed{id, cut_to(printable(error.what), kLongestError), cut_to(printable(error.hint), kLongestError)});
}

// An event a case: however many there are, no line is too long.
void Guest::send_loaded(const protocol::Id& id) {
  const Result<std::vector<Case>> cases = read_cases(environment_, module_);
  if (!cases) return send_error(id, cases.error());
  const Result<ResultFile> result = read_result(environment_, module_);
  if (!result) return send_error(id, result.error());
  for (const Case& each : *cases) send(each);
  KernelFacts kernel = result->kernel;
  if (kernel.release.empty()) kernel.release = environment_.release;
  send(protocol::Loaded{std::move(kernel), look_at_lockdep(true), module_text(environment_), cases->size()});
}

}  // namespace zlt::ctl
