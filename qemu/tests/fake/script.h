// SPDX-License-Identifier: GPL-2.0-only
//
// What a fake QEMU does, read from the JSON file named by FAKE_QEMU. Members and their defaults are here; a test writes
// the file, and every guest that is started follows it.
#pragma once

#include <cstdlib>
#include <string>

#include "qemu/zlt/io/json_get.h"
#include "userspace/base/files.h"

namespace zlt::fake {

using run::get_bool;
using run::get_number;
using run::get_string;
using run::get_strings;
using run::Json;
using run::member;

class Script {
 public:
  Script() {
    const char* path = std::getenv("FAKE_QEMU");
    const Result<std::string> text = read_file(path != nullptr ? path : "");
    json_ = Json::parse(text ? *text : "{}", nullptr, false);
  }

  // "version": of --version and of the greeting.
  [[nodiscard]] std::string version() const { return get_string(json_, "version", "7.2.22"); }
  // "log": a file that gets "start PID" or "restore PID" for every guest.
  [[nodiscard]] std::string log() const { return get_string(json_, "log"); }
  // "boot": what happens instead of a boot: die, silent, panic, reset, error, mute (no ready), splat, say.
  [[nodiscard]] std::string boot() const { return get_string(json_, "boot"); }
  // "lines": what the control port says instead of a boot, where "boot" is say.
  [[nodiscard]] const Json& boot_lines() const { return member(json_, "lines"); }
  // "die_restored": a QEMU that cannot load the state.
  [[nodiscard]] bool die_restored() const { return get_bool(json_, "die_restored"); }
  // "saves": what becomes of saved guests, one word for each save, the last one for all after it; none: all sound.
  // torn: what "torn" says; haunted: it lives, and its cases have the verdict "haunted"; running: as torn, because it
  // was not stopped, which the fake notices by itself.
  [[nodiscard]] std::string saved_as(size_t n) const {
    const Json& saves = member(json_, "saves");
    if (!saves.is_array() || saves.empty()) {
      return "sound";
    }
    return saves[n < saves.size() ? n : saves.size() - 1].get<std::string>();
  }
  // "torn": splat, panic, silent, lockdep.
  [[nodiscard]] std::string torn() const { return get_string(json_, "torn", "splat"); }
  // "status": what query-status says of a machine that runs.
  [[nodiscard]] std::string status() const { return get_string(json_, "status", "running"); }
  // "memory": answers to the monitor's `x`, by the address's text; empty: nothing is there.
  [[nodiscard]] std::string memory_at(const std::string& what) const {
    return get_string(member(json_, "memory"), what.c_str());
  }
  // "migrate": fail, stall.
  [[nodiscard]] std::string migrate() const { return get_string(json_, "migrate"); }
  [[nodiscard]] bool lockdep() const { return get_bool(json_, "lockdep"); }
  // "debug_locks": as the guest says it in `loaded`; null when the member is missing.
  [[nodiscard]] Json debug_locks() const { return member(json_, "debug_locks"); }
  // "registers": answers to `info registers -a`.
  [[nodiscard]] std::string registers() const { return get_string(json_, "registers"); }
  // "cases": an object by name, each {"form", "expected", "verdict", "reason", "then", "splat", "lines"}; then: see
  // guest.cc, and lines: what the control port says where it is "say".
  [[nodiscard]] const Json& cases() const { return member(json_, "cases"); }
  // "hotplug": what goes wrong with memory: see memory.h.
  [[nodiscard]] const Json& hotplug() const { return member(json_, "hotplug"); }

 private:
  Json json_;
};

}  // namespace zlt::fake
