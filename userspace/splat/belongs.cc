// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/belongs.h"

#include <array>
#include <vector>

#include "userspace/splat/frame.h"
#include "userspace/splat/text.h"

namespace zlt::splat {
namespace {

// Beginnings of lines, leading blanks aside, that the kernel prints inside reports.
constexpr auto kBeginnings = std::to_array<std::string_view>(
    {// dump_stack(), show_regs(), die()
     "CPU:", "CPU#", "CPU ", "Comm:", "Tainted:", "Hardware name:", "Workqueue:", "Stopper:", "Sched_ext:",
     "Call Trace", "Call trace", "Backtrace:", "Modules linked in:", "Unloaded tainted modules:", "Last unloaded",
     "[last unloaded", "Stack:", "Code:", "RIP", "RSP:", "RAX:", "RDX:", "RBP:", "R10:", "R13:", "FS:", "CS:", "CR2:",
     "DR0:", "DR3:", "PKRU:", "EIP:", "EAX:", "ESI:", "DS:", "CR0:", "DR6:", "IP:", "PGD ", "PUD ", "PMD ", "P4D ",
     "#PF:", "Oops", "*pde", "*pdpt", "task:", "task ", "Process ", "Thread overran", "pc :", "lr :", "sp :", "pstate:",
     "x29:", "x28:", "x27:", "x26:", "x25:", "x24:", "x23:", "x22:", "x21:", "x20:", "x19:", "x18:", "x17:", "x16:",
     "x15:", "x14:", "x13:", "x12:", "x11:", "x10:", "x9", "x8", "x7", "x6", "x5", "x4", "x3", "x2", "x1", "x0",
     "PC is at", "LR is at", "sp :", "r10:", "r7 :", "r3 :", "Flags:", "Control:", "pgd =", "[00", "NIP", "LR ",
     "MSR:", "GPR", "CFAR:", "DAR", "REGS:", "Instruction dump:", "XER", "IRQMASK", "SOFTE", "Krnl", "epc",
     "era:", "ra :", "gp :", "TPC:", "TSTATE:", "IAOQ", "PC: ", "status:", "Mem abort info:", "ESR =", "EC =", "SET =",
     "EA =", "FSC =", "ISV =", "CM =", "GCS =", "Data abort info:", "Exception stack",
     "user pgtable:", "swapper pgtable:", "Internal error:", "<TASK>", "</TASK>", "<IRQ>", "</IRQ>", "<EOI>", "<NMI>",
     "</NMI>", "<SOFTIRQ>", "</SOFTIRQ>", "<#DF>", "</#DF>", "<ENTRY_TRAMPOLINE>", "<UNK>", "ret_from_fork",
     "Kernel Offset:", "Rebooting in ", "Dumping ftrace", "(ftrace buffer", "note: ", "Fixing recursive fault",
     "Kernel panic - not syncing", "Shutting down cpus", "Disabling lock debugging", "exception RIP",
     "invalid opcode:", "kasan: ", "KASAN: ", "Insufficient stack space", "Memory Limit",
     // lockdep
     "#", "->", "lock(", "rlock(", "(", "other info that", "stack backtrace:", "irq event stamp", "hardirqs last",
     "softirqs last", "Preemption disabled at", "Chain exists of", "Possible unsafe", "Possible interrupt unsafe",
     "----", "*** DEADLOCK", "May be due to", "but task is already", "and this task is", "which lock already",
     "the existing dependency", "which would create", "but this new", "... which became", "which became", "to a ",
     "the dependencies between", "and ", "no locks held", "1 lock", "2 locks", "3 locks", "4 locks", "5 locks",
     "6 locks", "7 locks", "8 locks", "9 locks", "context-{", "{", "}", "... key", "... acquired", "local_irq_disable",
     "<Interrupt>", "INITIAL USE", "IN-", "HARDIRQ-ON", "SOFTIRQ-ON", "but there are", "but this lock",
     "rcu_scheduler_active", "debug_locks", "SError", "R:", "RCU used illegally", "Possible false positive",
     "inconsistent {", "turning off the locking", "the code is fine", "The code is fine", "you didn't init",
     "Showing all locks", "depth:", "Please attach", "the shortest dependencies", "INFO: lockdep is turned off", "CPU0",
     "sync(",
     // context, stalls
     "in_atomic", "preempt_count", "RCU nest depth", "caller is", "check_preemption_disabled",
     "last function:", "rcu: ", "(detected by", "(t=", "rcu_", "Sending NMI", "NMI backtrace", "Task dump for CPU",
     "Not tainted", "\"echo 0", "Tasks blocked", "blocking rcu_node", "number:", "cputime:", "hardirqs   softirqs",
     "Unless ", "RCU grace-period", "Stack dump where", "Showing busy workqueues", "Showing backtraces", "workqueue ",
     "pwq ", "pending:", "in-flight:", "delayed:", "inactive:", "pool ", "Future hung task", "Watchdog CPU",
     "Sched Debug", "Pid: ", "EIP is at", "PC is at", "EFLAGS", ".magic", "lock: ", "lock-classes",
     "Exception: ", "Call", "INFO: task", "Utilization every", "Detect HardIRQ",
     // memory
     "Read of size", "Write of size", "Read at addr", "Write at addr", "Allocated", "Freed", "The buggy address",
     "which belongs", "The buggy", "Memory state", "page:", "page ", "page_type", "flags:", "raw:", "head:", ">ff", "^",
     "located ", "allocated by", "freed by", "kfence-#", "Last potentially related", "Second to last", "object ",
     "Pointer tag", "Memory tag", "Uninit was", "Local variable", "Bytes ", "Memory access of size", "Data copied",
     "write to 0x", "read to 0x", "read-write to 0x", "race at unknown", "write (marked) to", "read (marked) to",
     "read-write (marked) to", "value changed:", "Reported by Kernel Concurrency", "1 lock held", "comm \"", "hex dump",
     "backtrace", "unreferenced object", "index ", "shift exponent", "signed integer", "unsigned integer", "load of",
     "member access", "store to", "addr:", "aops:", "file:", "bad because", "anon flags", "process ", "mapcount",
     "Object ", "Redzone", "Padding", "INFO: Slab", "INFO: Object", "INFO: Redzone", "INFO: Padding", "INFO: 0x",
     "INFO: Allocated", "INFO: Freed", "Slab 0x", "FIX ", "next.", "prev", "list_",
     "refcount_t:", "ODEBUG:", "kobject:", "Trying to ", "wild-memory", "GPF could", "maybe for address",
     "probably for", "This frame has", "this frame has", "addr ffff", "Corrupted", "Bad value", "irq event",
     "WARNING: stack", "Last ", "Padding", "Tracked", "Usercopy:", "usercopy:", "clocksource", "kernel BUG at"});

// Beginnings of lines that only dump: registers and instructions of any architecture.
constexpr auto kDumps = std::to_array<std::string_view>(
    {"RSP:", "RAX:", "RDX:", "RBP:", "R10:", "R13:", "FS:",  "CS:",  "CR0:", "CR2:", "DR0:", "DR3:", "PKRU:", "Code:",
     "EAX:", "ESI:", "x29:", "x27:", "x26:", "x24:", "x23:", "x21:", "x20:", "x18:", "x17:", "x15:", "x14:",  "x12:",
     "x11:", "x9 :", "x8 :", "x6 :", "x5 :", "x3 :", "x2 :", "x0 :", "r10:", "r7 :", "r3 :", "GPR0", "GPR1",  "GPR2"});

struct Beginning {
  std::string_view text;
  Belongs what;
};

std::vector<std::vector<Beginning>> by_first_byte() {
  std::vector<std::vector<Beginning>> table(256);
  const auto add = [&](std::string_view text, Belongs what) {
    table[static_cast<unsigned char>(text.front())].push_back({text, what});
  };
  for (const auto& beginning : kDumps) add(beginning, Belongs::kDump);
  for (const auto& beginning : kBeginnings) add(beginning, Belongs::kYes);
  return table;
}

bool is_rule(std::string_view text) {
  return text.size() >= 20 && text.find_first_not_of('=') == std::string_view::npos;
}

bool is_memory_dump(std::string_view text) {
  // " ffff8880abcd: fb fb fb", "00000000: 6b 6b"
  size_t digits = 0;
  while (digits < text.size() && is_hex(text[digits])) ++digits;
  return digits >= 2 && digits <= 16 && digits < text.size() &&
         (text[digits] == ':' || (digits == 2 && text[digits] == ' '));
}

// "r7:df2a18a3 r6:df2a1af3": what arm prints between the frames of a stack that it follows by frame pointers.
bool is_registers(std::string_view text) {
  size_t at = 1;
  while (at < text.size() && at < 3 && is_digit(text[at])) ++at;
  if (at == 1 || !text.substr(at).starts_with(":") || text.size() < at + 9) return false;
  for (const char c : text.substr(at + 1, 8)) {
    if (!is_hex(c)) return false;
  }
  return true;
}

}  // namespace

Belongs belongs(std::string_view text) {
  static const std::vector<std::vector<Beginning>> table = by_first_byte();
  const std::string_view trimmed = trim(text);
  if (trimmed.empty()) return Belongs::kBlank;
  if (!frame_function(trimmed).empty()) return Belongs::kFrame;
  if (trimmed.front() == '=' && is_rule(trimmed)) return Belongs::kRule;
  if (trimmed.starts_with("---[ end ")) return Belongs::kEnd;
  if (trimmed.front() == 'r' && is_registers(trimmed)) return Belongs::kDump;
  for (const auto& beginning : table[static_cast<unsigned char>(trimmed.front())]) {
    if (trimmed.starts_with(beginning.text)) return beginning.what;
  }
  if (contains(trimmed, "+0x")) return Belongs::kYes;
  return is_memory_dump(trimmed) ? Belongs::kDump : Belongs::kNo;
}

}  // namespace zlt::splat
