// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/reports.h"

#include <algorithm>
#include <utility>

#include "userspace/splat/analyse.h"
#include "userspace/splat/text.h"

namespace zlt::splat {
namespace {

constexpr uint64_t kExpireEvery = 16;
// The line that the reader holds back may begin one more, and some wait for their repetition.
constexpr size_t kMostOpen = kMaxOpen - kMostHeld - 1;
constexpr std::string_view kCutHere = "[ cut here ]";

const Kind kReboot{"reboot", "reboot", "", "", Where::kStart, Ending::kLine, "unexpected kernel reboot", "", nullptr};

// Callers are told apart by the log itself: reports of different callers never mix.
bool has_caller(Source source) {
  return source.origin == Origin::kTask || source.origin == Origin::kCpu;
}

bool says_dropped(std::string_view text) {
  return text.starts_with("** ") && contains(text, "printk messages dropped **");
}

}  // namespace

Reports::Reports(Scanner::Sink sink) : floods_(std::move(sink)) {}

Report* Reports::top(Source source) {
  for (auto it = open_.rbegin(); it != open_.rend(); ++it) {
    if (!(*it)->closed && (*it)->source() == source) return it->get();
  }
  return nullptr;
}

void Reports::line(const Line& line, bool anchored) {
  if (says_dropped(line.text)) {
    for (const Owned& report : open_) report->dropped = report->dropped || !report->ended();
  }
  adopt(line);
  if (anchored && !contains(line.text, "** replaying previous printk message **")) {
    size_t at = line.kind_at;
    if (const Kind* kind = line.matched ? line.kind : match_kind(line.text, at)) {
      if (line.again) {
        route(line);
        return;
      }
      trigger(*kind, line, at);
      expire(line.number);
      return;
    }
    if (contains(line.text, kCutHere)) {
      announce(line);
      return;
    }
  }
  if (open_.empty()) return;
  route(line);
  if (line.number >= last_expired_ + kExpireEvery) expire(line.number);
}

// The first line of a report lost its stamp where somebody selected the text: the next ones, which have theirs, are its
// own all the same.
void Reports::adopt(const Line& line) {
  if (open_.empty() || line.source.origin == Origin::kPlain || line.number > last_routed_ + 1) return;
  Report* plain = top(Source{});
  if (plain == nullptr || plain->size() > 3 || top(line.source) != nullptr) return;
  const Belongs what = belongs(line.text);
  if (what == Belongs::kNo && line.kind == nullptr && !contains(line.text, kCutHere)) return;
  if (line.kind != nullptr && !plain->announced() && !plain->continues_with(*line.kind)) return;
  plain->adopt(line.source);
}

void Reports::trigger(const Kind& kind, const Line& line, size_t at) {
  Report* current = top(line.source);
  if (current != nullptr && current->over(line.number)) {
    close(*current);
    current = top(line.source);
  }
  last_routed_ = line.number;
  last_source_ = line.source;
  if (kind.note && current != nullptr && !current->announced()) {
    current->add(line, line.number);
    return;
  }
  bool inside = false;
  bool mixed = false;
  const bool follows = current != nullptr && current->foreign() == 0;
  if (current != nullptr) {
    if (current->announced()) {
      current->become(&kind, line, at, line.number);
      if (current->mixed) mark_mixed(line.source);
      return;
    }
    if (current->repeats(kind, line.text) || current->is_only_the_place_of(kind)) {
      current->become(&kind, line, at, line.number);
      return;
    }
    if (current->continues_with(kind)) {
      // "list_add corruption" was only the text of the BUG or WARNING that follows.
      if (kind.slug == "list-corruption") {
        current->become(&kind, line, at, line.number);
      } else {
        current->add(line, line.number, true);
      }
      return;
    }
    if (current->complete()) {
      close(*current);
    } else {
      inside = true;
      mixed = !has_caller(line.source);
      current->mixed = current->mixed || mixed;
    }
  }
  open(&kind, line, at, {inside, mixed, follows});
}

void Reports::announce(const Line& line) {
  Report* current = top(line.source);
  last_routed_ = line.number;
  last_source_ = line.source;
  bool again = false;  // announced twice, as by two consoles on one port
  if (current != nullptr && current->announced()) {
    again = current->follows;
    close(*current);
    current = top(line.source);
  }
  if (current != nullptr && current->is_preface()) {
    current->add(line, line.number);
    return;
  }
  bool inside = false;
  bool mixed = false;
  const bool follows = again || (current != nullptr && current->foreign() == 0);
  if (current != nullptr) {
    if (current->complete()) {
      close(*current);
    } else {
      inside = true;
      mixed = !has_caller(line.source);
    }
  }
  open(nullptr, line, 0, {inside, mixed, follows});
}

void Reports::open(const Kind* kind, const Line& line, size_t at, Behind behind) {
  while (open_.size() >= kMostOpen) {
    open_.front()->closed = true;
    hand_out();
  }
  open_.push_back(std::make_unique<Report>(order_++, kind, line, at, line.number));
  last_begin_ = line.begin;
  last_first_line_ = line.number;
  open_.back()->inside = behind.inside;
  open_.back()->mixed = behind.mixed;
  open_.back()->follows = behind.follows;
  if (open_.back()->over(line.number)) close(*open_.back());
}

void Reports::route(const Line& line) {
  Report* report = top(line.source);
  if (report == nullptr && line.source.origin == Origin::kCpu) {
    // Another CPU answers the report's call for its stack.
    for (const Owned& candidate : open_) {
      if (!candidate->closed && candidate->wants_cpus()) report = candidate.get();
    }
  }
  if (report == nullptr && line.source.origin == Origin::kPlain && line.number == last_routed_ + 1) {
    // The second line of a message, as journald prints it.
    const Belongs what = belongs(line.text);
    if (what == Belongs::kYes || what == Belongs::kFrame) report = top(last_source_);
    if (report == nullptr) return;
    last_routed_ = line.number;
    report->add(line, line.number);
    return;
  }
  if (report == nullptr) return;
  report->add(line, line.number);
  last_routed_ = line.number;
  last_source_ = line.source;
  // Behind the end of a report inside another, the other goes on.
  if (report->over(line.number) || (report->inside && report->ended())) close(*report);
}

// Every open report of a source whose callers cannot be told apart.
void Reports::mark_mixed(Source source) {
  for (const Owned& report : open_) {
    if (!report->closed && report->source() == source) report->mixed = true;
  }
}

void Reports::reboot(const Line& last, const Line& banner) {
  finish();
  Line line = last;
  line.text = banner.text;
  if (line.begin < last_begin_) {  // reports without a stamp stand behind the last line with one
    line.begin = last_begin_;
    line.number = last_first_line_;
  }
  open_.push_back(std::make_unique<Report>(order_++, &kReboot, line, 0, line.number));
  open_.back()->end = banner.end;
  open_.back()->last_line = banner.number;
  close(*open_.back());
}

void Reports::expire(uint64_t now) {
  last_expired_ = now;
  bool any = false;
  for (const Owned& report : open_) {
    if (report->closed || !report->over(now)) continue;
    report->closed = true;
    any = true;
  }
  if (any) hand_out();
}

void Reports::close(Report& report) {
  report.closed = true;
  hand_out();
}

// In the order in which they began: a report that ended waits for those that began before it.
void Reports::hand_out() {
  size_t done = 0;
  while (done < open_.size() && open_[done]->closed) {
    const Report& report = *open_[done++];
    if (!report.announced()) floods_.take(analyse(report, blamer_), report.source(), report.follows);
  }
  open_.erase(open_.begin(), open_.begin() + static_cast<std::ptrdiff_t>(done));
}

void Reports::settle() {
  for (const Owned& report : open_) report->closed = report->closed || report->complete();
  hand_out();
  floods_.flush();
}

void Reports::pass(uint64_t line) {
  for (const Owned& report : open_) line = std::min(line, report->first_line);
  floods_.pass(line);
}

void Reports::finish() {
  for (const Owned& report : open_) report->closed = true;
  hand_out();
  floods_.flush();
}

}  // namespace zlt::splat
