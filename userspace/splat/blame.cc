// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/blame.h"

#include <array>
#include <vector>

#include "userspace/splat/frame.h"
#include "userspace/splat/skip.h"
#include "userspace/splat/text.h"

namespace zlt::splat {
namespace {

constexpr size_t kMaxHelpers = 4096;

// "at: FUNC+…", "at: [<addr>] FUNC+…"
std::string_view place_behind(std::string_view text, std::string_view key) {
  for (size_t at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
    std::string_view rest = text.substr(at + key.size());
    while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
    const std::string_view function = rest.starts_with("[") ? frame_function(rest) : leading_function(rest);
    if (!function.empty()) return function;
  }
  return {};
}

// "[<addr>] FUNC+…" anywhere in the line.
std::string_view bracketed_place(std::string_view text) {
  for (size_t at = text.find('['); at != std::string_view::npos; at = text.find('[', at + 1)) {
    const std::string_view function = frame_function(text.substr(at));
    if (!function.empty()) return function;
  }
  return {};
}

bool is_list_check(std::string_view function) {
  return function.starts_with("__list_add") || function.starts_with("__list_del") || function == "list_add" ||
         function == "list_del";
}

// Whether `text` is the line that `step` looks for, and the function it names.
bool step_matches(Step step, std::string_view text, std::string_view& function) {
  function = {};
  std::string_view place;
  switch (step) {
    case Step::kSubject:
      function = place_behind(text, " in ");
      return true;  // the first line, whatever it names
    case Step::kRip:
    case Step::kRipOrTrap:
      if (is_instruction_pointer(text, place)) {
        function = leading_function(place);
        return true;
      }
      if (step == Step::kRipOrTrap && contains(text, "--- interrupt: ")) {
        function = place_behind(text, " at ");
        return !function.empty();
      }
      return false;
    case Step::kTrace:
      return is_call_trace(text);
    case Step::kBacktrace:
      return contains(text, "backtrace:") || contains(text, "backtrace (crc ");
    case Step::kAt:
      function = place_behind(text, "at:");
      return !function.empty();
    case Step::kPlace:
      function = bracketed_place(text);
      return !function.empty();
    case Step::kBecame:
      return contains(text, "which became ") && contains(text, " at:");
    case Step::kAllocated:
      return contains(text, "page last allocated");
    case Step::kTimer:
      return contains(text, "apic_timer_interrupt");
    case Step::kTimerArch:
      return contains(text, "apic_timer_interrupt") || contains(text, "Exception stack") ||
             contains(text, "el1h_64_irq");
    case Step::kOrigin:
      return contains(text, "Uninit was created at:") ||
             (contains(text, "Local variable ") && contains(text, " created at:"));
    case Step::kListRip:
      return is_instruction_pointer(text, place) && is_list_check(leading_function(place));
    case Step::kListFrame:
      return is_list_check(frame_function(text));
    case Step::kStack:
      return false;
  }
  return false;
}

// A stall is named after what called into the loop: the function below the first dispatcher.
std::string_view pick_stall(std::span<const std::string_view> functions) {
  std::string_view previous = functions.front();
  for (const std::string_view function : functions) {
    if (is_stall_anchor(function)) {
      return contains(function, "smp_call_function") ? std::string_view("smp_call_function") : previous;
    }
    previous = function;
  }
  return {};
}

// A hung task is a victim: waits for RCU and for the RTNL lock are one bug each, whoever waits.
std::string_view pick_hung(std::span<const std::string_view> functions) {
  constexpr std::array<std::string_view, 4> kGracePeriods{"synchronize_rcu", "synchronize_srcu", "synchronize_net",
                                                          "synchronize_sched"};
  for (const std::string_view function : functions) {
    if (contains(function, "rtnl_lock")) return function;
    for (const auto& grace : kGracePeriods) {
      if (contains(function, grace)) return kGracePeriods[0];
    }
  }
  for (const std::string_view function : functions) {
    if (!is_waiting(function)) return function;
  }
  return {};
}

std::string_view pick(Pick how, std::span<const std::string_view> functions) {
  if (functions.empty()) return {};
  switch (how) {
    case Pick::kStall:
      return pick_stall(functions);
    case Pick::kHung:
      return pick_hung(functions);
    case Pick::kFirst:
      break;
  }
  return functions.front();
}

// A fault injected on purpose prints its own stack into the middle of a report.
bool is_injected(std::string_view text) {
  const std::string_view function = frame_function(text);
  return function == "should_fail" || function == "should_failslab";
}

}  // namespace

bool Blamer::helper(std::string_view function) {
  if (const auto known = helpers_.find(std::string(function)); known != helpers_.end()) return known->second;
  if (helpers_.size() >= kMaxHelpers) helpers_.clear();
  const bool is = is_helper(function);
  helpers_.emplace(function, is);
  return is;
}

bool Blamer::skipped(std::string_view function, const Blame& blame) {
  if (helper(function)) return true;
  for (const Skip& pattern : blame.skip) {
    if (skip_matches(function, pattern)) return true;
  }
  return false;
}

std::string_view Blamer::walk(std::span<const Step> steps, const Blame& blame,
                              std::span<const std::string_view> lines) {
  std::vector<std::string_view> functions;
  bool done = false;  // nothing that follows could change the answer
  const auto add = [&](std::string_view function) {
    if (function.empty()) return;
    if (!skipped(function, blame)) {
      functions.push_back(strip_syscall(function));
      done = blame.pick == Pick::kFirst;
    } else if (!is_reporting(function)) {
      passed_over_ = function;
    }
  };
  size_t line = 0;
  std::string_view function;
  for (size_t step = 0; step < steps.size() && !done; ++step) {
    if (steps[step] != Step::kStack) {
      while (line < lines.size() && !step_matches(steps[step], lines[line++], function)) {
      }
      add(function);
      continue;
    }
    while (line < lines.size() && !done) {
      const std::string_view text = lines[line++];
      if (is_injected(text) || is_stack_head(text)) break;
      if (step + 1 < steps.size() && step_matches(steps[step + 1], text, function)) {
        add(function);
        ++step;
        break;
      }
      add(frame_function(text));
    }
  }
  return pick(blame.pick, functions);
}

std::string_view Blamer::find(const Blame& blame, std::span<const std::string_view> lines) {
  constexpr std::array kRipStack{Step::kRip, Step::kStack};
  constexpr std::array kTraceStack{Step::kTrace, Step::kStack};
  constexpr std::array kAnyStack{Step::kStack};
  const std::array<std::span<const Step>, 5> attempts{blame.steps, blame.otherwise, kRipStack, kTraceStack, kAnyStack};
  std::string_view helper;
  for (const auto& steps : attempts) {
    if (steps.empty()) continue;
    passed_over_ = {};
    const std::string_view function = walk(steps, blame, lines);
    if (!function.empty()) return function;
    if (helper.empty()) helper = passed_over_;
  }
  // No anchor, everybody a waiter: then who is on top.
  if (blame.pick != Pick::kFirst) {
    const Blame plain{blame.steps, blame.otherwise, blame.skip};
    return find(plain, lines);
  }
  if (blame.rather_nobody) return {};
  return helper;  // helpers only: then the outermost of them
}

}  // namespace zlt::splat
