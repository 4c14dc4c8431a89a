// SPDX-License-Identifier: GPL-2.0-only
//
// Every message at least once, with members that are hard to carry.
#pragma once

#include <vector>

#include "userspace/protocol/command.h"
#include "userspace/protocol/event.h"

namespace zlt::protocol::test {

inline RunReport a_report() {
  RunReport out;
  out.result.name = "irqs-on/hardirq-reader";
  out.result.form = "faithful";
  out.result.verdict = {"livelock", "splat:inconsistent-state"};
  out.result.ok = true;
  out.result.stopped = true;
  out.result.reason = "gave \"up\"\n\x1b[31m";
  out.result.seed = UINT64_MAX;
  out.result.plan = "0x8f3c000000000001";
  out.result.run_ns = 213'000'000;
  out.result.kernel = {"6.1.0-56-amd64", {{"rt", false}, {"lockdep", true}, {"smp", true}}};
  out.result.counters = {{"turns", 10}, {"spins", UINT64_MAX}};
  out.result.facts = {{"preemptible", 1}};
  out.result.params = {{"loops", 10}, {"seed", UINT64_MAX}};
  out.histogram = {{"reader_wait", 1024, 2048, 7}, {"writer_section", 131072, 262144, 10}};
  out.debug_locks = false;
  return out;
}

inline WatchReport a_watch() {
  WatchReport out;
  out.state = "on";
  out.lock = "_raw_spin_lock_irqsave";
  out.deferral = "__printk_deferred_enter";
  out.bounds = "increments";
  out.probes = "locking@0xa";
  out.ordering = "irqsave-then-deferred";
  out.rebuilds = 2;
  out.by_ordering = {{"unknown", 0}, {"irqsave-then-deferred", 2}};
  out.odd_ns_max = 612598;
  out.last = {{1, {{"cpu", "0"}, {"comm", "12"}, {"irqs", "on"}}}, {2, {{"at_ns", "18446744073709551615"}}}};
  return out;
}

inline MemoryState a_memory() {
  MemoryState out;
  out.policy = "online_movable";
  out.block_bytes = 134217728;
  out.free_kb = 1;
  out.virtio_mem = true;
  out.nodes = {{0, true, true, true, 240000, 200000, {{"DMA", 3998}, {"DMA32", 61000}}},
               {1, false, false, false, 0, 0, {}}};
  return out;
}

inline std::vector<Event> every_event() {
  return {Hello{kVersion, "6.1.0"},
          Case{"a/b", "bounded", "-", {}, "tab\tand µ"},
          Case{"a/c", "faithful", "some-hazard", {"panic", "livelock"}, ""},
          Loaded{{"6.1.0", {{"rt", true}, {"lockdep", false}}}, true, 0xffffffffc0000000, 100},
          Loaded{{"6.1.0", {{"rt", true}, {"lockdep", false}}}, std::nullopt, 0, 0},
          Ready{true},
          Ready{},
          Started{7, "a/b", "faithful"},
          Heartbeat{{}, 3, std::nullopt, std::nullopt},
          Heartbeat{UINT64_MAX, 3, RunStatus{"running", "a/b", "bounded", 3, 1, 10, 2}, false},
          Heartbeat{{}, 4, RunStatus{"idle", "", "", 0, 0, 0, 2}, true},
          Finished{1, a_report()},
          Nodes{2, a_memory()},
          MemoryDone{3, {33, 32}, {{34, "Device or resource busy"}}},
          Watched{4, a_watch()},
          Rebuilds{5, 2, {{2, 1}}},
          Marked{Id("a text")},
          Failed{{}, "cannot load", "load it"},
          Failed{1, "unknown case", ""},
          Bye{}};
}

inline std::vector<Command> every_command() {
  return {RunCase{1, "a/b", "bounded", {}},
          RunCase{Id("x"), "a/b", "faithful", {{"loops", "10"}, {"seed", "18446744073709551615"}}},
          StopRun{},
          StopRun{1},
          List{2},
          Beat{3},
          Watch{4, "on", std::nullopt},
          Watch{5, "", 7},
          AskNodes{6},
          SetMemory{7, "online_movable", std::nullopt, "", std::nullopt},
          SetMemory{8, "", 1, "offline", std::vector<unsigned>{33, 32}},
          SetMemory{9, "", 0, "online", std::nullopt},
          Mark{10, "look 1."},
          PowerOff{}};
}

}  // namespace zlt::protocol::test
