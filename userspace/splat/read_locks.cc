// SPDX-License-Identifier: GPL-2.0-only
#include <algorithm>

#include "userspace/splat/analyse.h"
#include "userspace/splat/frame.h"
#include "userspace/splat/text.h"

namespace zlt::splat {
namespace {

constexpr size_t kMaxLocks = 256;
constexpr size_t kLongestName = 512;

struct Role {
  std::string_view line;  // stands in the line in front of the lock
  std::string_view role;
};
constexpr Role kRoles[] = {
    {"is trying to acquire", "acquiring"},
    {"is trying to lock:", "acquiring"},
    {"] takes:", "acquiring"},
    {"task is already holding", "holding"},
    {"just changed the state of lock", "changed"},
    {"-irq-safe lock:", "became-safe"},
    {"-irq-unsafe lock:", "became-unsafe"},
    {"safe lock in the past:", "other"},
    {"with a lock still held there!", "freed"},
};

// "ffff… (&a->lock#2/1){+.+.}-{2:2}, at: FUNC+0x1/0x2", the address and everything behind the usage may be missing.
bool parse_lock(std::string_view text, Lock& lock) {
  const size_t brace = text.rfind("){");
  const size_t open = text.find('(');
  if (brace == std::string_view::npos || open == std::string_view::npos || open >= brace) return false;
  lock = {};
  lock.name = text.substr(open + 1, std::min(brace - open - 1, kLongestName));
  std::string_view head = trim(text.substr(0, open));
  if (const size_t space = head.rfind(' '); space != std::string_view::npos) head = head.substr(space + 1);
  if (head.size() >= 8 && is_hex(head[0])) lock.address = head;
  std::string_view rest = text.substr(brace + 2);
  const size_t close = rest.find('}');
  if (close == std::string_view::npos) return false;
  lock.usage = rest.substr(0, close);
  rest.remove_prefix(close + 1);
  if (rest.starts_with("-{"))
    lock.wait = rest.substr(2, rest.find('}') == std::string_view::npos ? 0 : rest.find('}') - 2);
  std::string_view place;
  if (after(rest, "at:", place)) (void)parse_place(place, lock.at);
  return true;
}

// "comm/12": the name may hold slashes itself ("kworker/0:1/12").
void parse_task(std::string_view text, std::string& task, int& pid) {
  const size_t slash = text.rfind('/');
  if (slash == std::string_view::npos || slash + 1 >= text.size() || !is_digit(text[slash + 1])) return;
  task = trim(text.substr(0, slash));
  pid = static_cast<int>(to_number(text.substr(slash + 1)));
}

void read_path(std::string_view text, Record& record) {
  text = trim(text);
  while (!text.empty()) {
    const size_t arrow = text.find(" --> ");
    record.chain_path.emplace_back(trim(text.substr(0, arrow)));
    if (arrow == std::string_view::npos) break;
    text.remove_prefix(arrow + 5);
  }
}

void read_link(std::string_view text, Record& record) {
  ChainLink link;
  link.index = static_cast<int>(to_number(text.substr(4)));
  Lock lock;
  if (parse_lock(text, lock)) {
    link.name = lock.name;
    link.usage = lock.usage;
  }
  for (size_t i = 0; i < record.stacks.size(); ++i) {
    if (record.stacks[i].label == trim(text)) link.stack = static_cast<int>(i);
  }
  record.chain.insert(record.chain.begin(), std::move(link));
}

// "comm/12 is trying to release lock (NAME) at:" and the place in the next line.
void read_release(std::string_view text, std::string_view next, Record& record) {
  Lock lock;
  std::string_view rest;
  if (!after(text, " lock (", rest)) return;
  const size_t close = rest.rfind(") at:");
  lock.name = rest.substr(0, close);
  lock.role = "releasing";
  (void)parse_place(next, lock.at);
  parse_task(text.substr(0, text.find(" is trying")), lock.task, lock.pid);
  record.locks.push_back(std::move(lock));
}

class LockReader {
 public:
  explicit LockReader(Record& record) : record_(record) {}

  void line(std::string_view text, std::string_view next) {
    if (read_list(text, next)) return;
    if (contains(text, "lock") && contains(text, " held by ")) {
      read_holder(text);
      return;
    }
    Lock lock;
    if (contains(text, "){") && parse_lock(text, lock)) {
      take(std::move(lock), trim(text).starts_with("#"));
      return;
    }
    if (!text.ends_with(':') && !text.ends_with('!')) return;
    for (const Role& candidate : kRoles) {
      if (!contains(text, candidate.line)) continue;
      role_ = candidate.role;
      for (const std::string_view verb : {" is trying", " just changed", " is freeing", " ["}) {
        if (const size_t end = text.find(verb); end != std::string_view::npos && !text.starts_with("and this task")) {
          parse_task(text.substr(0, std::min(end, text.find(" [HC"))), task_, pid_);
          break;
        }
      }
      return;
    }
  }

 private:
  // Lines that stand for themselves.
  bool read_list(std::string_view text, std::string_view next) {
    if (text.starts_with("inconsistent {")) {
      record_.usages.emplace_back(between(text, "{", "}"));
      record_.usages.emplace_back(between(text, "-> {", "}"));
    } else if (contains(text, "Chain exists of:")) {
      read_path(next, record_);
    } else if (text.starts_with("-> #")) {
      read_link(text, record_);
    } else if (contains(text, " is trying to release lock (") || contains(text, " is trying to contend lock (")) {
      read_release(text, next, record_);
    } else {
      return false;
    }
    return true;
  }

  // "2 locks held by comm/12:", and since 6.19 "locks held by comm/12: 2, last CPU#1:"
  void read_holder(std::string_view text) {
    std::string_view who;
    (void)after(text, " held by ", who);
    const size_t end = who.find(": ");
    who = end == std::string_view::npos ? who : who.substr(0, end);
    while (who.ends_with(':') || who.ends_with('.')) who.remove_suffix(1);
    parse_task(who, task_, pid_);
    role_ = "held";
  }

  void take(Lock&& lock, bool numbered) {
    if (role_.empty() && !numbered) return;
    lock.role = numbered ? "held" : role_;
    lock.task = task_;
    lock.pid = pid_;
    record_.locks.push_back(std::move(lock));
    if (!numbered) role_ = {};
  }

  Record& record_;
  std::string_view role_;
  std::string task_;
  int pid_ = kUnknown;
};

}  // namespace

void read_locks(std::span<const std::string_view> lines, Record& record) {
  LockReader reader(record);
  for (size_t i = 0; i < lines.size() && record.locks.size() < kMaxLocks; ++i) {
    reader.line(lines[i], i + 1 < lines.size() ? lines[i + 1] : std::string_view{});
  }
}

}  // namespace zlt::splat
