// SPDX-License-Identifier: GPL-2.0-only
//
// The CPU refused: arch/x86/kernel/traps.c, arch/x86/mm/fault.c, arch/arm*/mm/fault.c, arch/powerpc/mm/fault.c; and
// BUG(). Whatever else an architecture's die() was called with is an "oops", named after that text.
#include <array>
#include <string>

#include "userspace/splat/kinds.h"
#include "userspace/splat/text.h"
#include "userspace/splat/title.h"

namespace zlt::splat {
namespace {

constexpr std::array kTraceSteps{Step::kTrace, Step::kStack};
constexpr std::array kRipTraceSteps{Step::kRip, Step::kTrace, Step::kStack};
constexpr std::array kRipSteps{Step::kRip};

constexpr std::array<Skip, 2> kUsercopySkip{"usercopy", "__check"};
constexpr Blame kUsercopy{kTraceSteps, {}, kUsercopySkip};
constexpr std::array<Skip, 1> kSkbSkip{"^skb_"};
constexpr Blame kBug{kRipTraceSteps, kTraceSteps, kSkbSkip};
constexpr Blame kGuard{kRipTraceSteps, kTraceSteps, {}, Pick::kStall};

// "Oops: WHAT, sig: 11 [#1]", "Oops - WHAT [#1]", "WHAT: 0000 [#1]", "WHAT: 0001 ilc:2 [#1]", "WHAT[#1]:"
std::string oops_title(const Kind& /*kind*/, const Subject& subject) {
  std::string_view what = subject.first.substr(0, subject.first.find("[#"));
  what = trim(what.substr(0, what.find(", sig:")));
  if (const size_t code = what.rfind(": 0"); code != std::string_view::npos) what = what.substr(0, code);
  for (const std::string_view head : {"Oops: ", "Oops - ", "Oops"}) {
    if (what.starts_with(head)) {
      what.remove_prefix(head.size());
      break;
    }
  }
  what = trim(what);
  const bool code = what.find_first_not_of("0123456789abcdefx:") == std::string_view::npos;
  return with_function(code ? "Oops" : what, subject.blamed);
}

constexpr Where kAny = Where::kAnywhere;
constexpr Ending kMk = Ending::kMark;
constexpr std::string_view kPaging = "BUG: unable to handle kernel paging request in {f}";
constexpr std::string_view kNull = "BUG: unable to handle kernel NULL pointer dereference in {f}";

constexpr std::array<Kind, 38> kKinds{{
    {"page-fault", "oops", "BUG: unable to handle kernel paging request", "", kAny, kMk, kPaging, "", &kBlameRipTrace},
    {"page-fault", "oops", "BUG: unable to handle page fault for address", "", kAny, kMk, kPaging, "", &kBlameRipTrace},
    {"page-fault", "oops", "BUG: Unable to handle kernel data access", "", kAny, kMk, kPaging, "", &kBlameRipTrace},
    {"page-fault", "oops", "BUG: Unable to handle kernel instruction fetch", "", kAny, kMk, kPaging, "",
     &kBlameRipTrace},
    {"null-deref", "oops", "BUG: unable to handle kernel NULL pointer dereference", "", kAny, kMk, kNull, "",
     &kBlameRipTrace},
    {"null-deref", "oops", "BUG: kernel NULL pointer dereference", "", kAny, kMk, kNull, "", &kBlameRipTrace},
    {"null-deref", "oops", "BUG: Kernel NULL pointer dereference", "", kAny, kMk, kNull, "", &kBlameRipTrace},
    {"page-fault", "oops", "BUG: unable to handle kernel", "", kAny, kMk, "BUG: unable to handle kernel", "",
     &kBlameRipTrace},
    {"page-fault", "oops", "BUG: Unable to handle kernel", "", kAny, kMk, "BUG: unable to handle kernel", "",
     &kBlameRipTrace},
    {"stack-guard", "oops", "BUG: ", "stack guard page was hit at", kAny, kMk, "BUG: stack guard page was hit in {f}",
     "", &kGuard},
    {"page-fault", "oops", "Unable to handle kernel paging request", "", kAny, kMk, kPaging, "", &kBlameRipTrace},
    {"null-deref", "oops", "Unable to handle kernel NULL pointer dereference", "", kAny, kMk, kNull, "",
     &kBlameRipTrace},
    {"page-fault", "oops", "Unable to handle kernel access to user memory", "", kAny, kMk,
     "BUG: unable to handle kernel access to user memory in {f}", "", &kBlameRipTrace},
    {"page-fault", "oops", "Unable to handle kernel ", " at virtual address", kAny, kMk,
     "BUG: unable to handle kernel {1} in {f}", " at virtual address", &kBlameRipTrace},
    {"page-fault", "oops", "Unable to handle kernel pointer dereference", "", kAny, kMk,
     "BUG: unable to handle kernel pointer dereference in {f}", "", &kBlameRipTrace},
    {"general-protection", "oops", "general protection fault", ":*[#", kAny, kMk, "general protection fault in {f}", "",
     &kBlameRipTrace},
    {"general-protection", "oops", "general protection fault: ", "", Where::kStart, kMk,
     "general protection fault in {f}", "", &kBlameRipTrace},
    {"general-protection", "oops", "general protection fault, probably for ", ":", kAny, kMk,
     "general protection fault in {f}", "", &kBlameRipTrace},
    {"stack-segment", "oops", "stack segment: ", "", kAny, kMk, "stack segment fault in {f}", "", &kBlameRipTrace},
    {"double-fault", "oops", "PANIC: double fault", "", kAny, kMk, "PANIC: double fault in {f}", "", &kBlameRip},
    {"double-fault", "oops", "double fault: ", "[#", Where::kStart, kMk, "PANIC: double fault in {f}", "", &kBlameRip},
    {"divide-error", "oops", "divide error: ", "", kAny, kMk, "divide error in {f}", "", &kBlameRip},
    {"divide-error", "oops", "divide_error: ", "", kAny, kMk, "divide error in {f}", "", &kBlameRip},
    {"usercopy", "oops", "kernel BUG at mm/usercopy.c", "", kAny, kMk, "BUG: bad usercopy in {f}", "", &kUsercopy},
    {"list-corruption", "memory", "kernel BUG at lib/list_debug.c", "", kAny, kMk, "BUG: corrupted list in {f}", "",
     &kBlameList},
    {"bug", "oops", "kernel BUG at ", "", kAny, kMk, "kernel BUG in {f}", "", &kBug},
    {"bug", "oops", "Kernel BUG ", "", Where::kStart, kMk, "kernel BUG {1}", "", &kBug},
    {"invalid-opcode", "oops", "invalid opcode: ", "", kAny, kMk, "invalid opcode in {f}", "", &kBlameRip},
    {"internal-error", "oops", "Internal error: ", "", kAny, kMk, "Internal error in {f}", "", &kBlameRipTrace},
    {"unhandled-fault", "oops", "Unhandled fault: ", "", kAny, kMk, "Unhandled fault in {f}", "", &kBlameRipTrace},
    {"alignment-trap", "oops", "Alignment trap: ", "", kAny, kMk, "Alignment trap in {f}", "", &kBlameRipTrace},
    {"serror", "oops", "SError Interrupt on CPU", "", kAny, Ending::kBlock, "SError Interrupt in {f}", "",
     &kBlameRipTrace},
    {"serror", "oops", "Bad mode in ", " -- SError", kAny, Ending::kBlock, "SError Interrupt in {f}", "",
     &kBlameRipTrace},
    {"bug", "oops", "Kernel bug detected[#", "", kAny, kMk, "kernel BUG in {f}", "", &kBug},
    {"oops", "oops", "Oops", "[#", kAny, kMk, "", "", &kBlameRipTrace, oops_title},
    {"oops", "oops", "Kernel ", "[#", Where::kStart, kMk, "", "", &kBlameRipTrace, oops_title},
    {"oops", "oops", " ilc:", " [#", kAny, kMk, "", "", &kBlameRipTrace, oops_title},
    {"oops", "oops", ": 0000 [#", "", kAny, kMk, "", "", &kBlameRipTrace, oops_title},
}};

}  // namespace

constexpr Blame kTraceBlame{kTraceSteps, {}, {}};
const Blame kBlameTrace = kTraceBlame;
const Blame kBlameRipTrace{kRipTraceSteps, kTraceSteps, {}};
const Blame kBlameRip{kRipSteps, kTraceSteps, {}};

std::span<const Kind> fault_kinds() {
  return kKinds;
}

}  // namespace zlt::splat
