// SPDX-License-Identifier: GPL-2.0-only
//
// WARN_ON and its likes: kernel/panic.c. Where the place that warned belongs to a check that others run into (debug
// objects, refcounts, kobjects, …), the title says which check and who ran into it.
#include <array>

#include "userspace/splat/kinds.h"
#include "userspace/splat/text.h"

namespace zlt::splat {
namespace {

constexpr std::array kSteps{Step::kRipOrTrap, Step::kStack};
constexpr std::array kTraceSteps{Step::kTrace, Step::kStack};
constexpr Blame kPlain{kSteps, kTraceSteps, {}};

constexpr std::array<Skip, 11> kObjectSkip{"debug_", "rcu",   "hrtimer_", "timer_",      "work_",   "percpu_",
                                           "vunmap", "vfree", "__free_",  "debug_check", "kobject_"};
constexpr Blame kObject{kSteps, kTraceSteps, kObjectSkip};
constexpr std::array<Skip, 2> kUsercopySkip{"usercopy", "__check"};
constexpr Blame kUsercopy{kSteps, kTraceSteps, kUsercopySkip};
constexpr std::array<Skip, 1> kKobjectSkip{"kobject_"};
constexpr Blame kKobject{kSteps, kTraceSteps, kKobjectSkip};
constexpr std::array<Skip, 1> kProcSkip{"proc_"};
constexpr Blame kProc{kSteps, kTraceSteps, kProcSkip};
constexpr std::array<Skip, 2> kRefcountSkip{"refcount", "kobject_"};
constexpr Blame kRefcount{kSteps, kTraceSteps, kRefcountSkip};
constexpr std::array<Skip, 2> kSockSkip{"lock_sock", "release_sock"};
constexpr Blame kLocking{kSteps, kTraceSteps, kSockSkip};
constexpr std::array<Skip, 4> kMallocSkip{"kmalloc", "krealloc", "slab", "kmem"};
constexpr Blame kMalloc{kSteps, kTraceSteps, kMallocSkip};
constexpr std::array<Skip, 5> kUrbSkip{"usb_submit_urb", "usb_start_wait_urb", "usb_bulk_msg", "usb_interrupt_msg",
                                       "usb_control_msg"};
constexpr Blame kUrb{kSteps, kTraceSteps, kUrbSkip};

// Where nobody is to blame, the function that warned: behind the place in the first line.
std::string warning_title(const Kind& /*kind*/, const Subject& subject) {
  if (!subject.blamed.empty()) return "WARNING in " + std::string(subject.blamed);
  std::string_view rest;
  if (after(subject.first, ".c:", rest) || after(subject.first, ".h:", rest)) {
    while (!rest.empty() && is_digit(rest.front())) rest.remove_prefix(1);
    if (rest.starts_with(" at ")) rest.remove_prefix(3);
    rest = trim(rest);
    size_t length = 0;
    while (length < rest.size() && is_word(rest[length])) ++length;
    if (length > 0) return "WARNING in " + std::string(rest.substr(0, length));
  }
  return "WARNING";
}

// The warning is usb_submit_urb()'s, the mistake is its caller's.
std::string urb_title(const Kind& /*kind*/, const Subject& subject) {
  const bool caller = !subject.blamed.empty() && subject.blamed != "usb_submit_urb";
  return "WARNING in " + (caller ? std::string(subject.blamed) + "/" : std::string{}) + "usb_submit_urb";
}

constexpr Where kAny = Where::kAnywhere;
constexpr Ending kMk = Ending::kMark;
constexpr std::string_view kWarn = "WARNING: CPU: ";
constexpr std::string_view kShort = "WARNING: ";

constexpr std::array<Kind, 30> kKinds{{
    {"odebug", "warn", kWarn, "lib/debugobjects.c", kAny, kMk, "WARNING: ODEBUG bug in {f}", "", &kObject},
    {"usercopy", "warn", kWarn, "mm/usercopy.c", kAny, kMk, "WARNING: bad usercopy in {f}", "", &kUsercopy},
    {"kobject", "warn", kWarn, "lib/kobject.c", kAny, kMk, "WARNING: kobject bug in {f}", "", &kKobject},
    {"proc-registration", "warn", kWarn, "fs/proc/generic.c", kAny, kMk, "WARNING: proc registration bug in {f}", "",
     &kProc},
    {"refcount", "memory", kWarn, "lib/refcount.c", kAny, kMk, "WARNING: refcount bug in {f}", "", &kRefcount},
    {"locking-bug", "lockdep", kWarn, "kernel/locking/lockdep.c*lock_", kAny, kMk, "WARNING: locking bug in {f}", "",
     &kLocking},
    {"list-corruption", "memory", kWarn, "lib/list_debug.c", kAny, kMk, "", "", &kBlameList, warning_title},
    {"warning", "warn", kWarn, "mm/*.c* kmalloc", kAny, kMk, "WARNING: kmalloc bug in {f}", "", &kMalloc},
    {"warning", "warn", kWarn, "mm/*.c* kvmalloc", kAny, kMk, "WARNING: kmalloc bug in {f}", "", &kMalloc},
    {"warning", "warn", kWarn, "mm/*.c* vmalloc", kAny, kMk, "WARNING: kmalloc bug in {f}", "", &kMalloc},
    {"warning", "warn", kWarn, "mm/vmalloc.c*__vmalloc_node", kAny, kMk, "WARNING: zero-size vmalloc in {f}", "",
     &kPlain},
    {"warning", "warn", kWarn, " usb_submit_urb", kAny, kMk, "", "", &kUrb, urb_title},
    {"warning", "warn", kWarn, " at ", kAny, kMk, "", "", &kPlain, warning_title},
    // "WARNING: FILE:LINE at FUNC+…, CPU#1: comm/12", since 6.19.
    {"odebug", "warn", kShort, "lib/debugobjects.c:*CPU#", kAny, kMk, "WARNING: ODEBUG bug in {f}", "", &kObject},
    {"usercopy", "warn", kShort, "mm/usercopy.c:*CPU#", kAny, kMk, "WARNING: bad usercopy in {f}", "", &kUsercopy},
    {"kobject", "warn", kShort, "lib/kobject.c:*CPU#", kAny, kMk, "WARNING: kobject bug in {f}", "", &kKobject},
    {"proc-registration", "warn", kShort, "fs/proc/generic.c:*CPU#", kAny, kMk, "WARNING: proc registration bug in {f}",
     "", &kProc},
    {"refcount", "memory", kShort, "lib/refcount.c:*CPU#", kAny, kMk, "WARNING: refcount bug in {f}", "", &kRefcount},
    {"locking-bug", "lockdep", kShort, "kernel/locking/lockdep.c:*lock_", kAny, kMk, "WARNING: locking bug in {f}", "",
     &kLocking},
    {"list-corruption", "memory", kShort, "lib/list_debug.c:*CPU#", kAny, kMk, "", "", &kBlameList, warning_title},
    {"warning", "warn", kShort, ":*usb_submit_urb*CPU#", kAny, kMk, "", "", &kUrb, urb_title},
    {"warning", "warn", kShort, ".c:* at *CPU#", kAny, kMk, "", "", &kPlain, warning_title},
    {"warning", "warn", kShort, ".h:* at *CPU#", kAny, kMk, "", "", &kPlain, warning_title},
    {"warning", "warn", kShort, ".rs:* at *CPU#", kAny, kMk, "", "", &kPlain, warning_title},
    // "WARNING: at FILE:LINE FUNC()", before 3.12.
    {"warning", "warn", "WARNING: at ", ".c:", kAny, kMk, "", "", &kPlain, warning_title},
    {"warning", "warn", "WARNING: at ", ".h:", kAny, kMk, "", "", &kPlain, warning_title},
    {"unwinder", "warn", "WARNING: kernel stack regs at ", "has bad 'bp' value", kAny, Ending::kBlock,
     "WARNING: kernel stack regs has bad 'bp' value", ""},
    {"unwinder", "warn", "WARNING: kernel stack regs at ", "has bad 'ip' value", kAny, Ending::kBlock,
     "WARNING: kernel stack regs has bad 'ip' value", ""},
    {"unwinder", "warn", "WARNING: kernel stack regs at ", "has bad ", kAny, Ending::kBlock,
     "WARNING: kernel stack regs has bad value", ""},
    {"unwinder", "warn", "WARNING: kernel stack frame pointer at ", " has bad value", kAny, Ending::kBlock,
     "WARNING: kernel stack frame pointer has bad value", ""},
}};

}  // namespace

std::span<const Kind> warning_kinds() {
  return kKinds;
}

}  // namespace zlt::splat
