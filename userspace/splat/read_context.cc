// SPDX-License-Identifier: GPL-2.0-only
#include <algorithm>

#include "userspace/splat/analyse.h"
#include "userspace/splat/identity.h"
#include "userspace/splat/text.h"

namespace zlt::splat {
namespace {

void set_once(int& field, int64_t value) {
  if (field == kUnknown) field = static_cast<int>(value);
}

void read_identity(std::string_view text, Record& record) {
  Context& context = record.context;
  Identity identity;
  if (!read_identity_line(text, identity)) return;
  set_once(context.cpu, identity.cpu);
  set_once(context.pid, identity.pid);
  if (context.task.empty()) context.task = identity.task;
  if (!record.release.empty()) return;
  for (const std::string_view head : {"Not tainted", "Tainted: "}) {
    const size_t at = identity.behind.find(head);
    if (at != std::string_view::npos && read_taint(identity.behind.substr(at), record.taint, record.release)) return;
  }
}

// "      Not tainted 6.6.20 #7" under a hung task's first line.
void read_hung_taint(std::string_view text, Record& record) {
  if (!record.release.empty() || text.empty() || text.front() != ' ') return;
  (void)read_taint(trim(text), record.taint, record.release);
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
      record.taint = taint_letters(text.substr(tainted + 10));
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

// "… stuck for 26s! [kworker/2:1:812]": the task's name may hold colons, its number does not.
void read_task_in_brackets(std::string_view text, Context& context) {
  const size_t close = text.rfind(']');
  const size_t open = close == std::string_view::npos ? close : text.rfind('[', close);
  if (open == std::string_view::npos) return;
  const std::string_view who = text.substr(open + 1, close - open - 1);
  const size_t colon = who.rfind(':');
  if (colon == std::string_view::npos || colon + 1 >= who.size() || !is_digit(who[colon + 1])) return;
  context.task = who.substr(0, colon);
  set_once(context.pid, to_number(who.substr(colon + 1)));
}

// "BUG: scheduling while atomic: comm/12/0x00000002", "BUG: using foo() in preemptible [00000000] code: comm/12"
void read_first_line(std::string_view text, Context& context) {
  std::string_view rest;
  if (after(text, "scheduling while atomic: ", rest)) {
    const size_t count = rest.rfind("/0x");
    if (count == std::string_view::npos) return;
    const std::string_view number = rest.substr(count + 3);
    context.preempt_count = static_cast<int64_t>(to_hex(number));
    rest = rest.substr(0, count);
    if (const size_t slash = number.find('/'); slash != std::string_view::npos) {  // up to 2.6: comm/0x00000002/12
      context.task = rest;
      set_once(context.pid, to_number(number.substr(slash + 1)));
      return;
    }
  } else if (after(text, " in preemptible [", rest)) {
    context.preempt_count = static_cast<int64_t>(to_hex(rest));
    if (!after(rest, "code: ", rest)) return;
  } else if (after(text, "INFO: task ", rest)) {
    const size_t colon = rest.substr(0, rest.find(" blocked")).rfind(':');
    if (colon == std::string_view::npos) return;
    context.task = rest.substr(0, colon);
    set_once(context.pid, to_number(rest.substr(colon + 1)));
    return;
  } else if (contains(text, "soft lockup")) {
    set_once(context.cpu, number_after(text, "CPU#", kUnknown));
    read_task_in_brackets(text, context);
    return;
  } else if (contains(text, "SError")) {
    set_once(context.cpu, number_after(text, " on CPU", kUnknown));
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
  return !text.empty() && std::string_view("CKIPRcipw").find(text.front()) != std::string_view::npos;
}

}  // namespace

void read_context(std::span<const std::string_view> lines, Record& record) {
  Context& context = record.context;
  for (size_t i = 0; i < lines.size(); ++i) {
    const std::string_view text = lines[i];
    if (i < 3) read_first_line(text, context);
    if (i < 6) read_ident(text, record);
    if (i < 4 && record.family == "stall") read_hung_taint(text, record);
    if (contains(text, "[HC")) read_irq_state(text, context);
    if (!may_tell(text)) continue;
    read_identity(text, record);
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
