// SPDX-License-Identifier: GPL-2.0-only
//
// The members of every type that crosses the control port, each said once. `Io` is a Reader, which fills the value, or
// a Writer, which takes it as it is.
#pragma once

#include <algorithm>
#include <concepts>
#include <set>

#include "module/abi/debugfs.h"
#include "module/abi/params.h"
#include "module/abi/watch.h"
#include "userspace/protocol/command.h"
#include "userspace/protocol/event.h"
#include "userspace/protocol/reader.h"
#include "userspace/protocol/values.h"
#include "userspace/protocol/words.h"

namespace zlt::protocol {

// T, const or not.
template <typename Value, typename T>
concept Is = std::same_as<std::remove_const_t<Value>, T>;

inline constexpr TextRule kCaseName{"a case's name, scenario/variant", is_case_name};
inline constexpr TextRule kCaseNameOrNone{"a case's name or nothing",
                                          [](std::string_view text) { return text.empty() || is_case_name(text); }};
inline constexpr TextRule kFormWord{"bounded or faithful", is_form};
inline constexpr TextRule kFormOrNone{"bounded, faithful or nothing",
                                      [](std::string_view text) { return text.empty() || is_form(text); }};
inline constexpr TextRule kKey{"a name", is_key};
inline constexpr TextRule kDigest{"a digest, \"0x…\"", [](std::string_view text) {
                                    return text.size() > 2 && text.size() <= 18 && text.starts_with("0x") &&
                                           text.substr(2).find_first_not_of("0123456789abcdef") ==
                                               std::string_view::npos;
                                  }};

// --- values

template <typename Io, Is<Case> Value>
void describe(Io& io, Value& value) {
  io.rule("case", value.name, kCaseName);
  io.rule("form", value.form, kFormWord);
  io.text("hazard", value.hazard);
  io.outcomes("expected", value.expected);
  io.text("summary", value.summary);
}

template <typename Io, Is<RunStatus> Value>
void describe(Io& io, Value& value) {
  io.constant("abi", abi::kVersion);
  io.word("state", value.state, {abi::kStateIdle, abi::kStateRunning, abi::kStateStopping});
  io.rule("case", value.name, kCaseNameOrNone);
  io.rule("form", value.form, kFormOrNone);
  io.number("turn", value.turn);
  io.number("steps", value.steps);
  io.number("loops", value.loops);
  io.number("runs", value.runs);
}

template <typename Io, Is<KernelFacts> Value>
void describe(Io& io, Value& value) {
  io.text("release", value.release);
  io.flags(value.flags, {"rt", "lockdep"});
}

template <typename Io, Is<Bucket> Value>
void describe(Io& io, Value& value) {
  io.rule("name", value.name, kKey);
  io.number("from_ns", value.from_ns);
  io.number("to_ns", value.to_ns);
  io.number("count", value.count);
}

template <typename Io, Is<RunResult> Value>
void describe(Io& io, Value& value) {
  io.rule("case", value.name, kCaseName);
  io.rule("form", value.form, kFormWord);
  io.outcomes("verdict", value.verdict);
  io.outcomes("expected", value.expected);
  io.flag("ok", value.ok);
  io.flag("stopped", value.stopped);
  io.text("reason", value.reason);
  io.seed("seed", value.seed);
  io.rule("plan", value.plan, kDigest);
  io.number("run_ns", value.run_ns);
  io.object("kernel", value.kernel);
  io.numbers("counters", value.counters);
  io.numbers("facts", value.facts);
  io.numbers("params", value.params);
}

template <typename Io, Is<RunReport> Value>
void describe(Io& io, Value& value) {
  io.object("result", value.result);
  io.list("histogram", value.histogram);
  io.maybe_flag("debug_locks", value.debug_locks);
}

template <typename Io, Is<NumaNode> Value>
void describe(Io& io, Value& value) {
  io.number("node", value.number);
  io.flag("online", value.online);
  io.flag("has_memory", value.has_memory);
  io.flag("has_cpu", value.has_cpu);
  io.number("total_kb", value.total_kb);
  io.number("free_kb", value.free_kb);
  io.numbers("zones", value.zones);
}

inline bool each_once(const std::vector<NumaNode>& nodes) {
  std::set<unsigned> numbers;
  return std::all_of(nodes.begin(), nodes.end(),
                     [&numbers](const NumaNode& node) { return numbers.insert(node.number).second; });
}

template <typename Io, Is<MemoryState> Value>
void describe(Io& io, Value& value) {
  io.text("policy", value.policy);
  io.number("block_bytes", value.block_bytes);
  io.number("free_kb", value.free_kb);
  io.number("slab_kb", value.slab_kb);
  io.flag("virtio_mem", value.virtio_mem);
  io.list("nodes", value.nodes);
  io.demand(each_once(value.nodes), "a node is told of twice");
}

template <typename Io, Is<WatchedRebuild> Value>
void describe(Io& io, Value& value) {
  io.number("number", value.number);
  io.facts(value.facts, "number");
}

template <typename Io, Is<WatchReport> Value>
void describe(Io& io, Value& value) {
  io.word("state", value.state, {abi::kWatchOn, abi::kWatchOff, abi::kWatchUnsupported});
  io.text("reason", value.reason);
  io.text("lock", value.lock);
  io.text("deferral", value.deferral);
  io.text("bounds", value.bounds);
  io.text("probes", value.probes);
  io.word("ordering", value.ordering, Words(std::begin(abi::kOrderingNames), std::end(abi::kOrderingNames)));
  io.number("rebuilds", value.rebuilds);
  io.number("incomplete", value.incomplete);
  io.number("missed_hits", value.missed_hits);
  io.numbers("by_ordering", value.by_ordering);
  io.number("odd_ns_min", value.odd_ns_min);
  io.number("odd_ns_max", value.odd_ns_max);
  io.number("odd_ns_total", value.odd_ns_total);
  io.list("last", value.last);
}

// --- events

template <typename Io, Is<Hello> Value>
void describe(Io& io, Value& value) {
  io.number("proto", value.proto);
  io.text("release", value.release);
}

template <typename Io, Is<Loaded> Value>
void describe(Io& io, Value& value) {
  io.object("kernel", value.kernel);
  io.maybe_flag("debug_locks", value.debug_locks);
  io.address("module_text", value.module_text);
  io.number("cases", value.cases);
  io.demand(value.cases <= kMostCases, "`cases` are more than 4096");
}

template <typename Io, Is<Ready> Value>
void describe(Io& io, Value& value) {
  io.maybe_flag("debug_locks", value.debug_locks);
}

template <typename Io, Is<Started> Value>
void describe(Io& io, Value& value) {
  io.id(value.id);
  io.rule("case", value.name, kCaseName);
  io.rule("form", value.form, kFormWord);
}

template <typename Io, Is<Heartbeat> Value>
void describe(Io& io, Value& value) {
  io.id(value.id);
  io.number("n", value.n);
  io.maybe_object("status", value.status);
  io.maybe_flag("debug_locks", value.debug_locks);
}

template <typename Io, Is<Finished> Value>
void describe(Io& io, Value& value) {
  io.id(value.id);
  io.inlined(value.report);
}

template <typename Io, Is<Nodes> Value>
void describe(Io& io, Value& value) {
  io.id(value.id);
  io.object("memory", value.memory);
}

template <typename Io, Is<RefusedBlock> Value>
void describe(Io& io, Value& value) {
  io.number("block", value.block);
  io.text("error", value.error);
}

template <typename Io, Is<MemoryDone> Value>
void describe(Io& io, Value& value) {
  io.id(value.id);
  io.number_list("done", value.done);
  io.list("refused", value.refused);
}

template <typename Io, Is<Watched> Value>
void describe(Io& io, Value& value) {
  io.id(value.id);
  io.object("watch", value.watch);
}

template <typename Io, Is<NewRebuild> Value>
void describe(Io& io, Value& value) {
  io.number("number", value.number);
  io.number("zonelists", value.zonelists);
}

template <typename Io, Is<Rebuilds> Value>
void describe(Io& io, Value& value) {
  io.id(value.id);
  io.number("rebuilds", value.rebuilds);
  io.list("last", value.last);
}

template <typename Io, Is<Marked> Value>
void describe(Io& io, Value& value) {
  io.id(value.id);
}

template <typename Io, Is<Failed> Value>
void describe(Io& io, Value& value) {
  io.id(value.id);
  io.text("what", value.what);
  io.text("hint", value.hint);
}

template <typename Io, Is<Bye> Value>
void describe(Io& /*io*/, Value& /*value*/) {}

// --- commands

template <typename Io, Is<RunCase> Value>
void describe(Io& io, Value& value) {
  io.id(value.id);
  io.rule("case", value.name, kCaseName);
  io.maybe_word("form", value.form, {abi::kFormBounded, abi::kFormFaithful});
  io.words("params", value.params);
}

template <typename Io, typename Value>
requires Is<Value, StopRun> || Is<Value, List> || Is<Value, Beat> || Is<Value, AskNodes> || Is<Value, PowerOff>
void describe(Io& io, Value& value) {
  io.id(value.id);
}

template <typename Io, Is<Watch> Value>
void describe(Io& io, Value& value) {
  io.id(value.id);
  io.maybe_word("set", value.set, {abi::kWatchOn, abi::kWatchOff});
  io.maybe_number("after", value.after);
}

template <typename Io, Is<SetMemory> Value>
void describe(Io& io, Value& value) {
  static const Words online = {"offline", "online", "online_kernel", "online_movable"};
  io.id(value.id);
  io.maybe_word("policy", value.policy, online);
  io.maybe_number("node", value.node);
  io.maybe_word("state", value.state, online);
  io.maybe_number_list("blocks", value.blocks);
  io.demand(value.policy.empty() != (!value.node && value.state.empty() && !value.blocks),
            "`memory` wants `policy`, or `node` and `state`, not both");
  io.demand(!value.policy.empty() || (value.node && !value.state.empty()), "`memory` names no node, or no state");
}

template <typename Io, Is<Mark> Value>
void describe(Io& io, Value& value) {
  io.id(value.id);
  io.text("text", value.text);
}

}  // namespace zlt::protocol
