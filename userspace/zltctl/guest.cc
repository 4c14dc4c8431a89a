// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/guest.h"

#include <poll.h>

#include <algorithm>

#include "userspace/zltctl/command.h"
#include "userspace/zltctl/explain.h"

namespace zlt::ctl {
namespace {

constexpr unsigned kProtocol = 1;
constexpr uint64_t kBusyBeatMs = 100;
constexpr uint64_t kIdleBeatMs = 1000;
// A host that does not read gets no more heartbeats beyond the first, and nothing at all beyond the second.
constexpr size_t kMostUnsentForBeats = size_t{64} << 10U;
constexpr size_t kMostUnsent = size_t{1} << 20U;

Json json_of(std::optional<bool> value) {
  return value ? Json(*value) : Json();
}

}  // namespace

Guest::Guest(Port port, const Environment& environment, Module& module, Machine& machine)
    : port_(std::move(port)), environment_(environment), module_(module), machine_(machine) {}

void Guest::begin() {
  send({{"event", "hello"}, {"proto", kProtocol}, {"release", environment_.release}});
  for (const Error& error : machine_.set_up()) report(error);
  send_loaded();
  send({{"event", "ready"}});
  next_beat_ms_ = machine_.uptime_ms() + kIdleBeatMs;
}

bool Guest::step() {
  wait();
  machine_.reap();
  serve_lines();
  if (!over_ && run_) advance_run();
  if (!over_ && stop_) advance_stop();
  if (!over_) chores_.advance();
  if (!over_ && machine_.uptime_ms() >= next_beat_ms_) beat();
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
    const std::optional<LineBuffer::Line> line = port_.next_line();
    if (!line) return;
    if (line->too_long) {
      report({"a line of more than 64 KiB was dropped", "send shorter commands"});
      continue;
    }
    const Result<Json> command = parse_command(line->text);
    if (command) {
      serve(*command);
    } else {
      report(command.error());
    }
  }
}

void Guest::serve(const Json& command) {
  const std::string op = text_of(command, "op");
  if (op == "run") return serve_run(command);
  if (op == "stop") return serve_stop(id_of(command));
  if (op == "list") return send_loaded();
  if (op == "watch") return serve_watch(command);
  if (op == "nodes") return serve_nodes(command);
  if (op == "memory") return serve_memory(command);
  if (op == "mark") return serve_mark(command);
  if (op == "poweroff") return switch_off();
  send_error(id_of(command),
             {"unknown op '" + op + "'", "valid: run, stop, list, watch, nodes, memory, mark, poweroff"});
}

void Guest::serve_run(const Json& command) {
  const Json id = id_of(command);
  Result<RunRequest> request = request_of(command);
  if (!request) return send_error(id, request.error());
  if (run_) {  // it may be over by now: then its result goes out first
    next_poll_ms_ = 0;
    advance_run();
  }
  if (run_) return send_error(id, {"a run of " + run_->request().id + " is going on", "send stop, or wait"});
  start_run(id, std::move(*request));
}

void Guest::start_run(const Json& id, RunRequest request) {
  if (const Status valid = check(request); !valid) return send_error(id, valid.error());
  Result<ActiveRun> run = ActiveRun::start(environment_, module_, std::move(request));
  if (!run) return send_error(id, run.error());
  run_.emplace(std::move(*run));
  run_id_ = id;
  send({{"event", "started"}, {"id", id}, {"case", run_->request().id}, {"form", run_->request().form}});
  const uint64_t now_ms = machine_.uptime_ms();
  next_poll_ms_ = now_ms;
  next_beat_ms_ = now_ms + kBusyBeatMs;
}

void Guest::serve_stop(const Json& id) {
  if (stop_) return;
  stop_id_ = id;
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
    const RunReport& report = **polled;
    send({{"event", "result"},
          {"id", run_id_},
          {"result", to_json(report.result, report.kernel)},
          {"histogram", to_json(report.histogram)},
          {"debug_locks", json_of(report.debug_locks)}});
  } else {
    send_error(run_id_, polled.error());
  }
  run_.reset();
  next_beat_ms_ = now_ms + kIdleBeatMs;
}

void Guest::beat() {
  const uint64_t now_ms = machine_.uptime_ms();
  next_beat_ms_ = now_ms + (run_ ? kBusyBeatMs : kIdleBeatMs);
  ++beats_;
  if (port_.unsent() > kMostUnsentForBeats) return;
  Json status;
  if (run_) {
    status = to_json(run_->status());
  } else if (const Result<RunStatus> now = read_status(environment_, module_)) {
    status = to_json(*now);
  }
  send({{"event", "heartbeat"}, {"n", beats_}, {"status", std::move(status)}});
}

void Guest::switch_off() {
  send({{"event", "bye"}});
  over_ = true;
  port_.drain();
  machine_.power_off();
}

void Guest::send(Json event) {
  if (port_.unsent() > kMostUnsent) return;
  event["t_ms"] = machine_.uptime_ms();
  port_.send(line_of(event));
}

void Guest::send_error(const Json& id, const Error& error) {
  send({{"event", "error"}, {"id", id}, {"what", error.what}, {"hint", error.hint}});
}

void Guest::send_loaded() {
  const Result<std::vector<Case>> cases = read_cases(environment_, module_);
  if (!cases) return report(cases.error());
  const Result<ResultFile> result = read_result(environment_, module_);
  if (!result) return report(result.error());
  KernelFacts kernel = result->kernel;
  if (kernel.release.empty()) kernel.release = environment_.release;
  send({{"event", "loaded"},
        {"kernel", to_json(kernel)},
        {"debug_locks", json_of(debug_locks(environment_))},
        {"module_text", module_text(environment_)},
        {"cases", to_json(*cases)}});
}

}  // namespace zlt::ctl
