// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/tests/fake/guest.h"

#include <unistd.h>

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

void Guest::send(Json event) const {
  event["t_ms"] = clock_ms_;
  [[maybe_unused]] const bool written = write_all(control_, event.dump() + "\n");
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
  send({{"event", "hello"}, {"t_ms", 10}, {"proto", 1}, {"release", "6.1.0-fake"}});
  if (boot == "error") {
    send({{"event", "error"}, {"id", nullptr}, {"what", "cannot load /zltorture.ko"}, {"hint", "wrong vermagic"}});
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
  send({{"event", "ready"}, {"t_ms", 20}});
}

void Guest::send_loaded() const {
  Json cases = Json::array();
  for (const auto& [name, each] : script_->cases().items()) {
    cases.push_back({{"case", name},
                     {"form", get_string(each, "form", "bounded")},
                     {"hazard", "-"},
                     {"expected", member(each, "expected")},
                     {"summary", "fake"}});
  }
  send({{"event", "loaded"},
        {"t_ms", 15},
        {"kernel", {{"release", "6.1.0-fake"}, {"rt", false}, {"lockdep", script_->lockdep()}}},
        {"debug_locks", state_ == "torn" && script_->torn() == "lockdep" ? Json(false) : script_->debug_locks()},
        {"cases", cases}});
}

void Guest::take(std::string_view line) {
  const Json command = Json::parse(line, nullptr, false);
  if (!running_ || paused_) {
    return;
  }
  if (get_string(command, "op") == "list") {
    send_loaded();
  } else if (get_string(command, "op") == "run") {
    begin_case(command);
  } else if (get_string(command, "op") == "stop" && heartbeats_) {
    heartbeats_ = false;
    send_result();
  } else if (const Json event = machine_.memory(command); event.is_object()) {
    send(event);
  }
}

void Guest::begin_case(const Json& command) {
  case_ = get_string(command, "case");
  id_ = member(command, "id");
  params_ = member(command, "params");
  const Json& each = member(script_->cases(), case_.c_str());
  if (!each.is_object()) {
    send({{"event", "error"}, {"id", id_}, {"what", "unknown case " + case_}, {"hint", ""}});
    return;
  }
  send({{"event", "started"}, {"id", id_}, {"case", case_}, {"form", member(command, "form")}});
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
  } else if (then == "garbage") {
    [[maybe_unused]] const bool written =
        write_all(control_, "\xff\xfe{]\n{\"event\":7}\n[1]\n{\"event\":\"result\"}\n");
    send({{"event", "result"}, {"id", id_}, {"result", {{"verdict", "clean"}}}});
  } else if (then == "refuse") {
    send({{"event", "error"}, {"id", id_}, {"what", "CPU 1 is not online"}, {"hint", "reader_cpu=0"}});
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
  send({{"event", "result"},
        {"id", id_},
        {"result",
         {{"case", case_},
          {"verdict", member(each, verdict)},
          {"expected", member(each, "expected")},
          {"reason", "as the script says"},
          {"seed", member(params_, "seed")},
          {"run_ns", 5000000},
          {"counters", {{"turns", 10}, {"spins", 1234}}}}},
        {"histogram", Json::array()},
        {"debug_locks", script_->debug_locks()}});
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
      send({{"event", "heartbeat"}, {"n", 0}, {"status", {{"state", "idle"}}}});
    }
    return;
  }
  const bool slow = ticks_left_ > 0;
  turn_ += slow ? 1 : 0;
  send({{"event", "heartbeat"},
        {"n", turn_},
        {"status", {{"state", "running"}, {"turn", turn_}, {"loops", kSlowTicks}}}});
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
