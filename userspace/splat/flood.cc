// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/flood.h"

#include <algorithm>
#include <utility>

#include "userspace/splat/text.h"

namespace zlt::splat {
namespace {

constexpr uint64_t kNear = 8;  // lines from the end of a report to its repetition, those of others included
constexpr size_t kMostStretches = 256;

// Kinds of which one report more is no news. Stalls are reported again on purpose, leaks and races are one each.
bool may_flood(const Record& record) {
  return record.kind == "list-corruption" || record.family == "warn" || record.family == "sched" ||
         record.kind == "kernel-bug-text";
}

// Numbers and addresses left out.
std::string words_of(std::string_view text) {
  std::string words;
  for (size_t i = 0; i < text.size();) {
    size_t end = i;
    while (end < text.size() && is_word(text[end])) ++end;
    const std::string_view word = text.substr(i, end - i);
    const bool number =
        !word.empty() && (is_digit(word[0]) ||
                          (word.size() >= 8 && word.find_first_not_of("0123456789abcdef") == std::string_view::npos));
    if (number) {
      words.push_back('#');
    } else {
      words += word;
    }
    if (end == i) words.push_back(text[end++]);
    i = end;
  }
  return words;
}

// "list_add corruption. next->prev should be prev", which the WARNING or BUG behind it does not say again.
std::string list_text(const Record& record) {
  const std::string_view text = record.text;
  for (const std::string_view what : {"list_add ", "list_del "}) {
    const size_t at = text.find(what);
    if (at == std::string_view::npos) continue;
    const std::string_view line = text.substr(at, text.find('\n', at) - at);
    return words_of(line.substr(0, line.find(" (")));
  }
  return {};
}

bool same_list(const Record& one, const Record& other) {
  const std::string a = list_text(one);
  const std::string b = list_text(other);
  return a == b || a.empty() || b.empty();
}

bool repeats(const Record& one, const Record& other) {
  if (one.kind != other.kind || !may_flood(one)) return false;
  const bool list = one.kind == "list-corruption";
  if (list ? !same_list(one, other) : one.detail != other.detail) return false;
  // Cut reports of a flood do not name anybody.
  const std::string& a = one.guilty.function;
  const std::string& b = other.guilty.function;
  return a == b || (list && (a.empty() || b.empty() || !one.whole || !other.whole));
}

// Which of two says more.
bool is_better(const Record& one, const Record& other) {
  const auto worth = [](const Record& record) {
    return (record.guilty.function.empty() ? 0 : 4) + (record.whole ? 2 : 0) + (record.unreliable.empty() ? 1 : 0);
  };
  return worth(one) > worth(other);
}

void merge(Record& held, Record&& record) {
  if (is_better(record, held)) {
    std::swap(held, record);
    held.inside = record.inside;
  }
  held.count += record.count;
  held.begin = std::min(held.begin, record.begin);
  held.first_line = std::min(held.first_line, record.first_line);
  held.end = std::max(held.end, record.end);
  held.last_line = std::max(held.last_line, record.last_line);
  held.lines.insert(held.lines.end(), record.lines.begin(), record.lines.end());
  std::sort(held.lines.begin(), held.lines.end());
  if (held.lines.size() > kMostStretches) held.lines.resize(kMostStretches);
}

}  // namespace

void Floods::take(Record&& record, Source source, bool follows) {
  pass(record.first_line);
  for (auto held = held_.rbegin(); follows && held != held_.rend(); ++held) {
    if (record.first_line > held->record.last_line + kNear || !repeats(held->record, record)) continue;
    if (!(held->source == source) && record.kind != "list-corruption") continue;
    merge(held->record, std::move(record));
    return;
  }
  held_.push_back({std::move(record), source});
  if (held_.size() > kMostHeld) hand_out();
}

void Floods::pass(uint64_t line) {
  while (!held_.empty()) {
    const Record& first = held_.front().record;
    if (may_flood(first) && line <= first.last_line + kNear) break;
    hand_out();
  }
}

void Floods::flush() {
  while (!held_.empty()) hand_out();
}

void Floods::hand_out() {
  Record record = std::move(held_.front().record);
  held_.pop_front();
  sink_(std::move(record));
}

}  // namespace zlt::splat
