// SPDX-License-Identifier: GPL-2.0-only
//
// Panics, reboots that nobody asked for, and the kernel's own "BUG: …" texts that have no family.
#include <array>

#include "userspace/splat/kinds.h"
#include "userspace/splat/text.h"
#include "userspace/splat/title.h"

namespace zlt::splat {
namespace {

constexpr std::array kTraceSteps{Step::kTrace, Step::kStack};
constexpr std::array<Skip, 1> kProtectorSkip{"stack_chk"};
constexpr Blame kProtector{kTraceSteps, {}, kProtectorSkip};
constexpr std::array<Skip, 2> kStackEndSkip{"schedule", "retint_kernel"};
constexpr Blame kStackEnd{kTraceSteps, {}, kStackEndSkip, Pick::kStall};
constexpr std::array<Skip, 1> kOverflowSkip{"bad_stack"};
constexpr Blame kOverflow{kTraceSteps, {}, kOverflowSkip, Pick::kStall};
constexpr std::array<Skip, 1> kRustSkip{"rust_begin_unwind"};
constexpr Blame kRust{kTraceSteps, {}, kRustSkip};

// "stack-protector: Kernel stack is corrupted in: FUNC+…", or an address and the stack has to tell.
std::string protector_title(const Kind& /*kind*/, const Subject& subject) {
  std::string_view place;
  if (after(subject.first, "corrupted in: ", place)) {
    size_t length = 0;
    while (length < place.size() && is_word(place[length])) ++length;
    if (length < place.size() && (place[length] == '+' || place[length] == '.')) {
      return "kernel panic: stack is corrupted in " + std::string(place.substr(0, length));
    }
  }
  return with_function("kernel panic: stack is corrupted", subject.blamed);
}

// "rust_kernel: panicked at FILE:LINE:\nMESSAGE"
std::string rust_title(const Kind& /*kind*/, const Subject& subject) {
  return with_function(subject.lines.size() > 1 ? subject.lines[1] : "rust panic", subject.blamed);
}

constexpr Where kAny = Where::kAnywhere;
constexpr Ending kMk = Ending::kMark;

constexpr std::array<Kind, 10> kKinds{{
    {"stack-corruption", "panic", "Kernel panic - not syncing: stack-protector:", "", kAny, kMk, "", "", &kProtector,
     protector_title},
    {"stack-corruption", "panic", "Kernel panic - not syncing: corrupted stack end", "", kAny, kMk,
     "kernel panic: corrupted stack end in {f}", "", &kStackEnd},
    {"stack-overflow", "panic", "Kernel panic - not syncing: kernel stack overflow", "", kAny, kMk,
     "kernel stack overflow in {f}", "", &kOverflow},
    {"panic", "panic", "Kernel panic - not syncing: Attempted to kill init!", "", kAny, kMk,
     "kernel panic: Attempted to kill init!", "", &kBlameTrace},
    {"panic", "panic", "Kernel panic - not syncing: Couldn't open N_TTY ldisc", "", kAny, kMk,
     "kernel panic: Couldn't open N_TTY ldisc", "", &kBlameTrace},
    {"panic", "panic", "Kernel panic - not syncing: Fatal exception", "", kAny, kMk, "kernel panic: Fatal exception",
     "", &kBlameTrace},
    {"panic", "panic", "Kernel panic - not syncing: panic_on_warn set", "", kAny, kMk,
     "kernel panic: panic_on_warn set", "", &kBlameTrace},
    {"panic", "panic", "Kernel panic - not syncing: ", "", kAny, kMk, "kernel panic: {1}", "", &kBlameTrace},
    {"rust-panic", "panic", "rust_kernel: panicked at ", "", Where::kStart, kMk, "", "", &kRust, rust_title},
    {"kernel-bug-text", "other", "BUG: ", "", Where::kStart, Ending::kBlock, "BUG: {1}", "", &kBlameTrace},
}};

}  // namespace

std::span<const Kind> other_kinds() {
  return kKinds;
}

}  // namespace zlt::splat
