// SPDX-License-Identifier: GPL-2.0-only
//
// What a kind of report is, as data: how it begins, how it ends, what its title says and whom to blame.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace zlt::splat {

// Where in a message the trigger has to stand.
enum class Where : uint8_t {
  kStart,  // at its start, or behind a subsystem's name ("watchdog: "), a login prompt or "[ " of the old lockdep form
  kAnywhere,  // the text is so particular that its place does not matter
};

enum class Ending : uint8_t {
  kLine,   // nothing but its first line
  kBlock,  // a few lines without a stack, up to the first foreign one
  kTrace,  // its stack, and what the kernel prints behind it
  kRule,   // a line of ='s
  kMark,   // "---[ end trace"
};

// How a search for the function to blame goes through the lines of a report, in order. A step that names a function
// adds it; kStack adds every function up to the next stack's head or the next step's line.
enum class Step : uint8_t {
  kSubject,    // "… in FUNC+…" of the first line
  kRip,        // RIP:, EIP:, PC is at, pc : and powerpc's NIP
  kRipOrTrap,  // the same, or powerpc's "--- interrupt: N at FUNC"
  kTrace,      // "Call Trace:", "Backtrace:"
  kBacktrace,  // kmemleak's "backtrace:"
  kAt,         // "at: FUNC+…" of a lock
  kPlace,      // "[<addr>] FUNC+…" of anything
  kBecame,     // "which became … at:"
  kAllocated,  // "page last allocated"
  kTimer,      // the timer interrupt's entry
  kTimerArch,  // the same, arm's and arm64's too
  kOrigin,     // KMSAN's second stack
  kListRip,    // the faulting place, if it is a check of lists
  kListFrame,  // a check of lists on a stack
  kStack,
};

enum class Pick : uint8_t {
  kFirst,
  kStall,  // the function that called into the loop, not where the CPU was met
  kHung,   // the caller of the primitive that blocks
};

// A pattern of functions never to blame: a part of the name; ^ and $ tie it to the start and the end, one * is a gap.
using Skip = std::string_view;

struct Blame {
  std::span<const Step> steps;
  std::span<const Step> otherwise;  // tried when `steps` find nobody
  std::span<const Skip> skip;       // besides those of skip.h
  Pick pick = Pick::kFirst;
  bool rather_nobody = false;  // than one of those that are skipped
};

struct Kind;

// What a title function may look at.
struct Subject {
  std::string_view first;                   // the first line from its trigger on
  std::span<const std::string_view> lines;  // of the report, first line included, doubtful frames left out
  std::string_view blamed;                  // function; empty if nobody
};
using TitleOf = std::string (*)(const Kind& kind, const Subject& subject);

struct Kind {
  std::string_view slug;
  std::string_view family;
  std::string_view trigger;
  std::string_view also;  // has to follow the trigger in the same message; may be empty
  Where where = Where::kStart;
  Ending ending = Ending::kTrace;
  std::string_view title;  // {f}: the function to blame, {1}: see `until`
  std::string_view until;  // {1} is what stands between trigger and `until`, or the line's end
  const Blame* blame = nullptr;
  TitleOf title_of = nullptr;  // for titles that are more than a template
  bool note = false;
};

// The tables, in order of priority: the first kind that matches a message is what it is.
[[nodiscard]] std::span<const Kind> lockdep_kinds();
[[nodiscard]] std::span<const Kind> context_kinds();  // sleeping, scheduling, preemptible, …
[[nodiscard]] std::span<const Kind> stall_kinds();
[[nodiscard]] std::span<const Kind> memory_kinds();
[[nodiscard]] std::span<const Kind> sanitizer_kinds();
[[nodiscard]] std::span<const Kind> warning_kinds();
[[nodiscard]] std::span<const Kind> fault_kinds();
[[nodiscard]] std::span<const Kind> other_kinds();
[[nodiscard]] std::span<const std::span<const Kind>> all_kinds();

// The kind of report that a message begins, and where in it; nullptr if none.
[[nodiscard]] const Kind* match_kind(std::string_view message, size_t& at);

// Whether `text` begins with the trigger of a kind: a cheap look before match_kind().
[[nodiscard]] bool begins_like_a_kind(std::string_view text);

// The blames that several families share.
extern const Blame kBlameTrace;
extern const Blame kBlameRipTrace;
extern const Blame kBlameRip;
extern const Blame kBlameList;

}  // namespace zlt::splat
