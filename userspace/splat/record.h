// SPDX-License-Identifier: GPL-2.0-only
//
// One kernel report as the engine hands it out: a value, owning everything it names.
//
// Numbers that the log did not give are kUnknown; texts that it did not give are empty. Text is as in the log except
// that bytes below 0x20 are dropped; it may hold bytes that are not UTF-8 (to_json replaces them).
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace zlt::splat {

inline constexpr int kUnknown = -1;

// One line of a stack, or a place named in a report ("at: FUNC+0x1/0x2").
struct Frame {
  std::string function;  // without .isra.0, .cold and the like; empty where the log has only an address
  std::string module;    // "ext4"; empty for the kernel image
  std::string source;    // "mm/slab.c:12" where the log was symbolised
  uint64_t offset = 0;   // bytes into the function
  uint64_t size = 0;     // of the function
  uint64_t address = 0;  // 0 where the log does not say
  bool reliable = true;  // false for "? frame"
};

struct Stack {
  std::string label;       // the line that announced it: "Call Trace:", "-> #1 (&a->lock){+.+.}-{2:2}:"
  int cpu = kUnknown;      // where the log says which CPU
  int pid = kUnknown;      // where the log says which task
  std::string task;        // its name
  bool exception = false;  // the frame that faulted stands first (RIP, PC)
  std::vector<Frame> frames;
};

struct Lock {
  std::string name;     // class name with version and subclass: "&q->lock#2/1"
  std::string usage;    // "+.+." as printed, empty where not printed
  std::string wait;     // "2:2" as printed
  std::string address;  // of the instance, as printed
  std::string role;  // acquiring, holding, held, releasing, changed, became-safe, became-unsafe, class, not-held, freed
  std::string task;  // who holds or takes it
  int pid = kUnknown;
  Frame at;  // where taken
};

// One link of "the existing dependency chain", link 0 being the lock that is wanted.
struct ChainLink {
  int index = kUnknown;
  std::string name;
  std::string usage;
  int stack = kUnknown;  // index into Record::stacks
};

// Where and in what state the CPU was. Counters as the report printed them.
struct Context {
  int cpu = kUnknown;
  int pid = kUnknown;
  std::string task;
  int hardirq = kUnknown;           // [HC…]: in hard interrupt context
  int softirq = kUnknown;           // [SC…]
  int hardirqs_enabled = kUnknown;  // [HE…]
  int softirqs_enabled = kUnknown;  // [SE…]
  int in_atomic = kUnknown;
  int irqs_disabled = kUnknown;
  int non_block = kUnknown;
  int migration_disabled = kUnknown;
  int rcu_depth = kUnknown;
  int64_t preempt_count = kUnknown;
  int64_t preempt_expected = kUnknown;
  std::string wait_context;  // "4:4" of "context-{4:4}"
};

struct Record {
  std::string kind;    // slug: circular, sleeping-atomic, kasan, …: `zlt splat --kinds` lists them
  std::string family;  // lockdep, rcu, sched, stall, memory, race, undefined, warn, oops, panic, reboot, other
  std::string title;   // "possible deadlock in foo"
  std::string detail;  // what the kind's own first line adds: KASAN's class, the panic's message, a usage transition
  Frame guilty;        // the frame to look at first; function empty where there is none
  Context context;
  std::vector<Lock> locks;
  std::vector<ChainLink> chain;         // index ascending: wanted lock first
  std::vector<std::string> chain_path;  // "Chain exists of: A --> B --> C"
  std::vector<std::string> usages;      // "{HARDIRQ-ON-W} -> {IN-HARDIRQ-R}" as its two states
  std::vector<Stack> stacks;
  std::string taint;         // "G W OE" letters, "not tainted", or empty
  std::string release;       // "6.12.117"
  std::string panic;         // message of the panic that this report led to
  bool lockdep_off = false;  // the report says that lockdep is turned off
  bool note = false;         // no report but a fact worth knowing ("INFO: lockdep is turned off."): only on request

  uint64_t begin = 0;       // byte offset of the first line that belongs to it
  uint64_t end = 0;         // byte offset behind the last
  uint64_t first_line = 0;  // 1-based
  uint64_t last_line = 0;
  bool whole = true;                    // false: cut (end of log, dropped messages, no stack where the kind has one)
  std::vector<std::string> unreliable;  // why it may mix texts of several reports; empty: nothing points to that
  bool inside = false;                  // began before another report had ended
  std::vector<std::string> undone;      // what was done to the log on its way, and was undone to read it
  std::vector<std::pair<uint64_t, uint64_t>> lines;  // of the log that belong to it, first and last of each stretch
  std::string why;                                   // what made it this kind: the line, and the text in it
  uint64_t count = 1;                                // how often it was printed, where one flood is one record
  std::string fingerprint;                           // 16 hex digits, equal across boots and builds
  std::string text;                                  // its own lines, prefixes removed, each ended by '\n'; bounded
};

}  // namespace zlt::splat
