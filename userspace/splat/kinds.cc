// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/kinds.h"

#include <array>

#include "userspace/splat/text.h"

namespace zlt::splat {
namespace {

// `pattern`'s parts, parted by *, stand in `text` in this order.
bool has_in_order(std::string_view text, std::string_view pattern) {
  while (!pattern.empty()) {
    const size_t star = pattern.find('*');
    const std::string_view part = pattern.substr(0, star);
    const size_t at = text.find(part);
    if (at == std::string_view::npos) return false;
    text.remove_prefix(at + part.size());
    if (star == std::string_view::npos) return true;
    pattern.remove_prefix(star + 1);
  }
  return true;
}

// Whether a message may begin behind `head`: nothing, "watchdog: ", "[ ", a login or shell prompt.
bool may_precede(std::string_view head) {
  head = trim(head);
  if (head.empty()) return true;
  if (head.size() > 64) return false;
  const char last = head.back();
  if (last == '[' || last == '#' || last == '$' || last == '>') return true;
  if (last != ':') return false;
  for (const char c : head) {
    if (!is_word(c) && std::string_view(" :-./[]()").find(c) == std::string_view::npos) return false;
  }
  return true;
}

// Behind a text that lost its line break: "… user memory accessgeneral protection fault", "]---BUG: …".
bool is_stuck(std::string_view head, std::string_view trigger) {
  if (head.ends_with("memory access") || head.ends_with("]---")) return true;
  const char last = head.empty() ? ' ' : head.back();
  const bool lower = (last >= 'a' && last <= 'z') || is_digit(last);
  return lower && trigger.front() >= 'A' && trigger.front() <= 'Z' && contains(trigger, ": ");
}

bool matches(const Kind& kind, std::string_view message, size_t& at) {
  at = message.find(kind.trigger);
  if (at == std::string_view::npos) return false;
  if (!has_in_order(message.substr(at + kind.trigger.size()), kind.also)) return false;
  // What KASAN of 4.0 to 4.6 printed through SLUB's own form, in the middle of its report.
  if (kind.slug == "slab-corruption" && contains(message, ": kasan: bad access detected")) return false;
  // A user program's: arm tells of those too.
  if (kind.slug == "alignment-trap" && contains(message, " PC=0x") && contains(message, " Instr=0x")) return false;
  const std::string_view head = message.substr(0, at);
  if (head.ends_with("---[ end ")) return false;
  // Here the trigger stands behind what the report says of itself.
  if (kind.trigger.starts_with(" ilc:") || kind.trigger.starts_with(": 0000")) {
    at = 0;
    return !head.empty();
  }
  if (kind.where == Where::kStart) return may_precede(head);
  if (is_stuck(head, kind.trigger)) return true;
  // Quoted, or the end of a longer word ("ODEBUG: …"): someone speaks about a report.
  return at == 0 ||
         (!is_word(message[at - 1]) && std::string_view("\"'`=_-").find(message[at - 1]) == std::string_view::npos);
}

}  // namespace

std::span<const std::span<const Kind>> all_kinds() {
  static const std::array<std::span<const Kind>, 8> all{sanitizer_kinds(), lockdep_kinds(), context_kinds(),
                                                        stall_kinds(),     memory_kinds(),  warning_kinds(),
                                                        fault_kinds(),     other_kinds()};
  return all;
}

bool begins_like_a_kind(std::string_view text) {
  if (text.empty()) return false;
  for (const auto& family : all_kinds()) {
    for (const Kind& kind : family) {
      if (text.front() == kind.trigger.front() && text.starts_with(kind.trigger)) return true;
    }
  }
  return false;
}

const Kind* match_kind(std::string_view message, size_t& at) {
  for (const auto& family : all_kinds()) {
    for (const Kind& kind : family) {
      if (matches(kind, message, at)) return &kind;
    }
  }
  return nullptr;
}

}  // namespace zlt::splat
