// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/tests/fake/guest.h"

#include <unistd.h>

#include <cstdlib>

namespace zlt::fake {
namespace {

constexpr const char* kPanic =
    "[    5.000000] Kernel panic - not syncing: fake\n[    5.000001] CPU: 0 PID: 1 Comm: init Not tainted\n";
constexpr const char* kBootSplat =
    "[    1.000000] BUG: sleeping function called from invalid context at kernel/fake.c:1\n"
    "[    1.000001] in_atomic(): 1, irqs_disabled(): 1, non_block: 0, pid: 1, name: init\n"
    "[    1.000002] CPU: 0 PID: 1 Comm: init Not tainted 6.1.0-fake #1\n"
    "[    1.000003] Call Trace:\n[    1.000004]  <TASK>\n[    1.000005]  dump_stack_lvl+0x34/0x48\n"
    "[    1.000006]  __might_resched.cold+0xaa/0xbe\n[    1.000007]  fake_init+0x1/0x2\n[    1.000008]  </TASK>\n";
constexpr unsigned kTickOfGuestMs = 500;
constexpr unsigned kSlowTicks = 30;                 // 3 s of turns before the answer
constexpr unsigned kPatientLooks = 10;              // more than one judgement takes
constexpr size_t kFloodBytes = size_t{256} * 1024;  // a tick

}  // namespace

void Guest::print(const std::string& text) const {
  [[maybe_unused]] const bool written = write_all(console_, text);
}

void Guest::send(const protocol::Event& event) const {
  Json json = protocol::to_json(event);
  json["t_ms"] = clock_ms_;
  [[maybe_unused]] const bool written = write_all(control_, protocol::line_of(json) + "\n");
}

// "hex:…" stands for bytes that JSON cannot have.
void Guest::say(const Json& lines) const {
  constexpr std::string_view kHex = "hex:";
  for (const Json& each : lines) {
    std::string line = each.get<std::string>();
    if (line.starts_with(kHex)) {
      std::string bytes;
      for (size_t at = kHex.size(); at + 1 < line.size(); at += 2) {
        bytes += static_cast<char>(std::stoi(line.substr(at, 2), nullptr, 16));
      }
      line = bytes;
    }
    [[maybe_unused]] const bool written = write_all(control_, line + "\n");
  }
}

std::optional<bool> Guest::debug_locks() const {
  if (state_ == "torn" && script_->torn() == "lockdep") {
    return false;
  }
  const Json value = script_->debug_locks();
  return value.is_boolean() ? std::optional(value.get<bool>()) : std::nullopt;
}

void Guest::resume(const std::string& state) {
  paused_ = false;
  running_ = true;
  state_ = state;
  if (state != "torn") {
    return;
  }
  const std::string torn = script_->torn();
  running_ = torn != "silent";
  if (torn == "splat") {
    print(kBootSplat);
  } else if (torn == "panic") {
    print(kPanic);
    machine_.shutdown("guest-reset");
  }
}

void Guest::boot() {
  const std::string boot = script_->boot();
  if (boot == "silent") {
    return;
  }
  print("[    0.000000] Linux version 6.1.0-fake (fake@fake) #1\r\n");
  if (boot == "panic") {
    print(kPanic);
    machine_.shutdown("guest-reset");
    return;
  }
  if (boot == "reset") {
    machine_.shutdown("guest-reset");
    return;
  }
  if (boot == "say") {
    say(script_->boot_lines());
    return;
  }
  send(protocol::Hello{protocol::kVersion, "6.1.0-fake"});
  if (boot == "error") {
    send(protocol::Failed{{}, "cannot load /zltorture.ko", "wrong vermagic"});
    return;
  }
  if (boot == "splat") {
    print(kBootSplat);
  }
  print("[    1.000005] zltorture: loaded on 6.1.0-fake; nothing runs until a case is written\r\n");
  if (boot == "mute") {
    return;
  }
  running_ = true;
  send_loaded();
  send(protocol::Ready{debug_locks()});
}

void Guest::send_loaded() const {
  for (const auto& [name, each] : script_->cases().items()) {
    protocol::Case told{name, get_string(each, "form", "bounded"), "-", {}, "fake"};
    told.expected = protocol::outcomes_from(get_strings(each, "expected")).value_or(protocol::Outcomes());
    send(told);
  }
  send(protocol::Loaded{
      {"6.1.0-fake", {{"rt", false}, {"lockdep", script_->lockdep()}}}, debug_locks(), 0, script_->cases().size()});
}

void Guest::take(std::string_view line) {
  if (!running_ || paused_) {
    return;
  }
  const Result<Json> json = protocol::parse_line(line);
  const Result<protocol::Command> command = json ? protocol::command_from(*json) : tl::unexpected(json.error());
  if (!command) {
    send(protocol::Failed{{}, command.error().what, ""});
    return;
  }
  obey(*command);
}

void Guest::obey(const protocol::Command& command) {
  if (std::holds_alternative<protocol::List>(command)) {
    send_loaded();
  } else if (const auto* run = std::get_if<protocol::RunCase>(&command)) {
    begin_case(*run);
  } else if (std::holds_alternative<protocol::Beat>(command)) {
    beat(protocol::id_of(command));
  } else if (std::holds_alternative<protocol::StopRun>(command)) {
    if (heartbeats_) {
      heartbeats_ = false;
      send_result();
    }
  } else if (const auto event = machine_.memory(command)) {
    send(*event);
  }
}

void Guest::begin_case(const protocol::RunCase& command) {
  command_ = command;
  case_ = command.name;
  const Json& each = member(script_->cases(), case_.c_str());
  if (!each.is_object()) {
    send(protocol::Failed{command.id, "unknown case " + case_, ""});
    return;
  }
  send(protocol::Started{command.id, case_, command.form});
  print(get_string(each, "splat"));
  act(get_string(each, "then", "result"));
}

void Guest::act(const std::string& then) {
  if (then == "result") {
    send_result();
  } else if (then == "late-splat") {
    send_result();  // and only then what the console had not yet printed: see tick()
    ticks_left_ = 2;
    heartbeats_ = true;
  } else if (then == "slow") {
    ticks_left_ = kSlowTicks;
    heartbeats_ = true;
  } else if (then == "panic") {
    print(kPanic);
    machine_.shutdown("guest-reset");
  } else if (then == "reset") {
    machine_.shutdown("guest-reset");
  } else if (then == "poweroff") {
    machine_.shutdown("guest-shutdown");
  } else if (then == "die") {
    machine_.die();
  } else if (then == "hang-heartbeats" || then == "patient") {
    heartbeats_ = true;
  } else if (then == "hang-mute") {
    machine_.mute_monitor();
  } else if (then == "flood") {
    print(std::string(64 * kFloodBytes, '#') + "\n");
    send_result();
  } else if (then == "flood-forever") {
    flood_ = true;
  } else if (then == "say") {
    say(member(member(script_->cases(), case_.c_str()), "lines"));
  } else if (then == "refuse") {
    send(protocol::Failed{command_.id, "CPU 1 is not online", "reader_cpu=0"});
  }
  // "hang": nothing at all; "wake": nothing until somebody looks at the registers;
  // "patient": only heartbeats until that happens often
}

void Guest::send_result() const {
  const Json& each = member(script_->cases(), case_.c_str());
  const char* verdict = "verdict";
  for (const char* where : {"haunted", "booted"}) {
    const bool here = std::string_view(where) == "booted" ? state_.empty() : state_ == where;
    verdict = here && each.contains(where) ? where : verdict;
  }
  protocol::Finished event{command_.id, {}};
  protocol::RunResult& result = event.report.result;
  result.name = case_;
  result.form = command_.form;
  result.verdict = protocol::outcomes_from(get_strings(each, verdict)).value_or(protocol::Outcomes());
  result.expected = protocol::outcomes_from(get_strings(each, "expected")).value_or(protocol::Outcomes());
  result.ok = result.verdict == result.expected;
  result.reason = get_string(each, "reason", "as the script says");
  const auto seed = command_.params.find("seed");
  result.seed = seed == command_.params.end() ? 0 : std::strtoull(seed->second.c_str(), nullptr, 10);
  result.plan = "0x8f3c";
  result.run_ns = 5000000;
  result.kernel = {"6.1.0-fake", {{"rt", false}, {"lockdep", script_->lockdep()}}};
  result.counters = {{"turns", 10}, {"spins", 1234}};
  result.params = {{"loops", 10}};
  event.report.histogram = {{"reader_wait", 1024, 2048, 7}};
  event.report.debug_locks = debug_locks();
  send(event);
  if (get_string(each, "then") != "late-splat") {
    print("[    6.000000] zltorture: verdict: case=" + case_ + " ok=1\r\n");
  }
}

void Guest::looked_at() {
  const std::string then = get_string(member(script_->cases(), case_.c_str()), "then");
  ++looks_;
  if (then == "wake" || (then == "patient" && looks_ == kPatientLooks)) {
    send_result();
    case_.clear();
  }
}

void Guest::beat(const protocol::Id& id) {
  const bool busy = heartbeats_;
  protocol::RunStatus status{
      busy ? "running" : "idle", busy ? case_ : "", busy ? command_.form : "", turn_, 0, kSlowTicks, 0};
  send(protocol::Heartbeat{id, ++beats_, status, debug_locks()});
}

void Guest::tick() {
  if (flood_) {
    print(std::string(kFloodBytes, '#') + "\n");
  }
  if (paused_ || !running_) {
    return;
  }
  clock_ms_ += kTickOfGuestMs;
  if (!heartbeats_) {
    if (case_.empty()) {
      beat({});
    }
    return;
  }
  const bool slow = ticks_left_ > 0;
  turn_ += slow ? 1 : 0;
  beat({});
  if (slow && --ticks_left_ == 0) {
    heartbeats_ = false;
    if (get_string(member(script_->cases(), case_.c_str()), "then") == "late-splat") {
      print(kBootSplat);
      print("[    6.000000] zltorture: verdict: case=" + case_ + " ok=1\r\n");
    } else {
      send_result();
    }
  }
}

}  // namespace zlt::fake
