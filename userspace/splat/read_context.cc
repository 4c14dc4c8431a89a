// SPDX-License-Identifier: GPL-2.0-only
#include <algorithm>

#include "userspace/splat/analyse.h"
#include "userspace/splat/text.h"

namespace zlt::splat {
namespace {

void set_once(int& field, int64_t value) {
  if (field == kUnknown) field = static_cast<int>(value);
}

// "CPU: 0 UID: 0 PID: 12 Comm: foo Tainted: G        W          6.12.1 #1 …"
void read_identity(std::string_view text, Record& record) {
  Context& context = record.context;
  set_once(context.cpu, number_after(text, "CPU: ", kUnknown));
  set_once(context.pid, number_after(text, "PID: ", kUnknown));
  std::string_view rest;
  if (!after(text, "Comm: ", rest)) return;
  if (context.task.empty()) {
    // The name may hold blanks; what follows it does not vary.
    size_t name = rest.size();
    for (const std::string_view behind : {" Not tainted", " Tainted: ", " Kdump: "})
      name = std::min(name, rest.find(behind));
    context.task = trim(rest.substr(0, name));
  }
  if (!record.release.empty()) return;
  size_t end = rest.find(" Not tainted");
  std::string_view tail;
  if (end != std::string_view::npos) {
    record.taint = "not tainted";
    tail = rest.substr(end + 12);
  } else {
    end = rest.find(" Tainted: ");
    if (end == std::string_view::npos) return;
    tail = rest.substr(end + 10);
    // The letters stand in fixed columns; the release follows and begins with a digit.
    size_t at = 0;
    while (at < tail.size() && !is_digit(tail[at])) {
      if (tail[at] != ' ') record.taint.push_back(tail[at]);
      ++at;
    }
    tail.remove_prefix(at);
  }
  tail = trim(tail);
  record.release = tail.substr(0, tail.find(' '));
}

// "6.12.117 #1 Not tainted" under a lockdep header, "4.9.0-rc4+ #47 Tainted: G        W"
void read_ident(std::string_view text, Record& record) {
  if (!record.release.empty() || text.empty() || !is_digit(text[0])) return;
  const size_t space = text.find(' ');
  const std::string_view release = text.substr(0, space);
  if (release.find('.') == std::string_view::npos || space == std::string_view::npos) return;
  const size_t tainted = text.find(" Tainted: ");
  if (contains(text, "Not tainted") || tainted != std::string_view::npos) {
    record.release = release;
    if (tainted == std::string_view::npos) {
      record.taint = "not tainted";
    } else {
      for (const char c : text.substr(tainted + 10)) {
        if (c != ' ') record.taint.push_back(c);
      }
    }
  }
}

// "comm/12 [HC1[1]:SC0[0]:HE0:SE1] takes:"
void read_irq_state(std::string_view text, Context& context) {
  const size_t at = text.find("[HC");
  if (at == std::string_view::npos) return;
  set_once(context.hardirq, number_after(text, "[HC", kUnknown));
  set_once(context.softirq, number_after(text, ":SC", kUnknown));
  set_once(context.hardirqs_enabled, number_after(text, ":HE", kUnknown));
  set_once(context.softirqs_enabled, number_after(text, ":SE", kUnknown));
  const std::string_view who = trim(text.substr(0, at));
  if (const size_t slash = who.rfind('/'); slash != std::string_view::npos && context.task.empty()) {
    context.task = who.substr(0, slash);
    set_once(context.pid, to_number(who.substr(slash + 1)));
  }
}

void read_atomic_state(std::string_view text, Context& context) {
  set_once(context.in_atomic, number_after(text, "in_atomic(): ", kUnknown));
  set_once(context.irqs_disabled, number_after(text, "irqs_disabled(): ", kUnknown));
  set_once(context.non_block, number_after(text, "non_block: ", kUnknown));
  set_once(context.migration_disabled, number_after(text, "migration_disabled() ", kUnknown));
  set_once(context.pid, number_after(text, "pid: ", kUnknown));
  std::string_view name;
  if (context.task.empty() && after(text, "name: ", name)) context.task = trim(name);
}

// "BUG: scheduling while atomic: comm/12/0x00000002", "BUG: using foo() in preemptible [00000000] code: comm/12"
void read_first_line(std::string_view text, Context& context) {
  std::string_view rest;
  if (after(text, "scheduling while atomic: ", rest)) {
    const size_t count = rest.rfind("/0x");
    if (count == std::string_view::npos) return;
    context.preempt_count = static_cast<int64_t>(to_hex(rest.substr(count + 3)));
    rest = rest.substr(0, count);
  } else if (after(text, " in preemptible [", rest)) {
    context.preempt_count = static_cast<int64_t>(to_hex(rest));
    if (!after(rest, "code: ", rest)) return;
  } else if (after(text, "INFO: task ", rest)) {
    const size_t colon = rest.substr(0, rest.find(" blocked")).rfind(':');
    if (colon == std::string_view::npos) return;
    context.task = rest.substr(0, colon);
    set_once(context.pid, to_number(rest.substr(colon + 1)));
    return;
  } else if (contains(text, "soft lockup - CPU#")) {
    set_once(context.cpu, number_after(text, "CPU#", kUnknown));
    return;
  } else {
    return;
  }
  if (const size_t slash = rest.rfind('/'); slash != std::string_view::npos) {
    context.task = rest.substr(0, slash);
    set_once(context.pid, to_number(rest.substr(slash + 1)));
  }
}

// Whether `text` begins like one of the lines below: nearly all others are passed over at the price of one look.
bool may_tell(std::string_view text) {
  return !text.empty() && std::string_view("CKIRcipw").find(text.front()) != std::string_view::npos;
}

}  // namespace

void read_context(std::span<const std::string_view> lines, Record& record) {
  Context& context = record.context;
  for (size_t i = 0; i < lines.size(); ++i) {
    const std::string_view text = lines[i];
    if (i < 3) read_first_line(text, context);
    if (i < 6) read_ident(text, record);
    if (contains(text, "[HC")) read_irq_state(text, context);
    if (!may_tell(text)) continue;
    if (contains(text, "CPU: ") && contains(text, "PID: ")) read_identity(text, record);
    if (contains(text, "in_atomic(): ")) read_atomic_state(text, context);
    std::string_view rest;
    if (context.preempt_count == kUnknown && after(text, "preempt_count: ", rest)) {
      context.preempt_count = static_cast<int64_t>(to_hex(rest));
      if (after(rest, "expected: ", rest)) context.preempt_expected = static_cast<int64_t>(to_hex(rest));
    }
    set_once(context.rcu_depth, number_after(text, "RCU nest depth: ", kUnknown));
    if (text.starts_with("context-{")) context.wait_context = between(text, "{", "}");
    if (contains(text, "INFO: lockdep is turned off")) record.lockdep_off = true;
    if (record.panic.empty() && after(text, "Kernel panic - not syncing: ", rest) && i > 0) record.panic = trim(rest);
  }
}

}  // namespace zlt::splat
