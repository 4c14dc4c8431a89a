// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/report.h"

#include <algorithm>

#include "userspace/splat/frame.h"
#include "userspace/splat/scanner.h"
#include "userspace/splat/text.h"

namespace zlt::splat {
namespace {

// How many lines that do not belong a report bears before it counts as over, and for how many lines of the whole log it
// waits for its next own line. More while it still owes something.
struct Patience {
  size_t foreign;
  uint64_t lines;
};
constexpr Patience kAnnounced{12, 128};
constexpr Patience kEnded{6, 64};
constexpr Patience kBlock{4, 64};
constexpr Patience kComplete{8, 256};
constexpr Patience kOwing{64, 2048};

uint64_t last_of(const Line& line) {
  return std::max(line.number, line.last_number);
}

bool ends_panic(std::string_view text) {
  return text.starts_with("Rebooting in ") || text.starts_with("---[ end Kernel panic");
}

}  // namespace

Report::Report(uint64_t order, const Kind* kind, const Line& line, size_t at, uint64_t now)
    : begin(line.begin),
      first_line(line.number),
      end(line.end),
      last_line(last_of(line)),
      order_(order),
      kind_(kind),
      source_(line.source),
      trigger_at_(at) {
  add(line, now, true);
}

bool Report::add(const Line& line, uint64_t now, bool own) {
  Belongs what = belongs(line.text);
  // A first line that was merged into a dump or a stack is no part of that.
  if (own && (what == Belongs::kDump || what == Belongs::kFrame)) what = Belongs::kYes;
  if (what != Belongs::kFrame && contains(line.text, "** replaying previous printk message **")) {
    replay_ = true;  // what stands in front of the mark is a first, truncated copy
    return false;
  }
  if (replay_ && entries_.size() > 1 && line.text.starts_with(this->line(entries_.size() - 1))) {
    text_.resize(entries_.back().offset);
    entries_.pop_back();
    if (kept_ > entries_.size()) kept_ = entries_.size();
  }
  replay_ = false;
  last_now_ = now;
  if (line.undone != 0 && (own || what != Belongs::kNo)) {
    undone |= line.undone;
    wraps += (line.undone & kUndidWrap) != 0 ? last_of(line) - line.number : 0;
    if (!line.prefix.empty()) prefix = line.prefix;
  }
  // Two consoles on one port print each line twice. Frames stay: recursion looks the same.
  if (!own && (what == Belongs::kYes || (line.again && what != Belongs::kFrame)) && !entries_.empty() &&
      entries_.back().source == line.source && line.text == this->line(entries_.size() - 1)) {
    if (kept_ == entries_.size()) {
      end = line.end;
      last_line = last_of(line);
    } else if (what == Belongs::kNo) {
      ++foreign_;
    }
    return true;
  }
  const bool kept = keep(line, what, own);
  // A rule is the end of a report that has one, and else the beginning of the next.
  const bool rule = kind_ != nullptr && kind_->ending == Ending::kRule && !ended_;
  if (own || (what == Belongs::kRule ? rule : what != Belongs::kNo && what != Belongs::kBlank)) {
    kept_ = entries_.size();
    end = line.end;
    last_line = last_of(line);
    foreign_ = 0;
  } else if (what != Belongs::kBlank) {
    ++foreign_;
  }
  // arm prints "(FUNC) from [<…>] (CALLER+0x1/0x2)", since 5.18 "FUNC from CALLER+0x1/0x2", often without a head.
  if (what == Belongs::kFrame && (backtrace_ || contains(line.text, " from "))) ++frames_;
  if (what == Belongs::kYes && contains(line.text, "TASK>")) {
    tasks_ += contains(line.text, "</TASK>") ? (tasks_ > 0 ? -1 : 0) : 1;
  }
  if (what == Belongs::kEnd || ends_panic(line.text)) ended_ = true;
  if (what == Belongs::kRule && rule && entries_.size() > 3) ended_ = true;
  if (what != Belongs::kDump) look_at(line.text, what);
  return kept;
}

bool Report::keep(const Line& line, Belongs what, bool own) {
  if (entries_.size() >= kMaxReportLines || text_.size() + line.text.size() > kMaxReportText) {
    truncated = true;
    return false;
  }
  if (!own && what != Belongs::kDump && is_piece(line.text)) {
    text_.append(line.text);
    entries_.back().size += static_cast<uint32_t>(line.text.size());
    entries_.back().what = Belongs::kYes;
    entries_.back().last_number = last_of(line);
    return true;
  }
  entries_.push_back({static_cast<uint32_t>(text_.size()), static_cast<uint32_t>(line.text.size()), line.source, what,
                      line.number, last_of(line)});
  text_.append(line.text);
  return true;
}

bool Report::is_piece(std::string_view text) const {
  if (entries_.empty() || !(entries_.back().source == source_)) return false;
  const std::string_view last = line(entries_.size() - 1);
  const std::string_view next = trim(text);
  if (next.empty() || last.empty()) return false;
  if (last.ends_with("(") && trim(last) != "------------[ cut here ]------------") return true;
  if (last.ends_with(", at: ") || last.ends_with(", at:")) return next.starts_with("[<");
  if (next.starts_with("){") || next.starts_with(", at:")) return true;
  // " #0: " and then " ("
  const std::string_view head = trim(last);
  return head.starts_with("#") && head.ends_with(":") && head.size() < 6 && next.starts_with("(");
}

void Report::look_at(std::string_view text, Belongs what) {
  if (what == Belongs::kFrame) {
    if (contains(text, "should_fail") && frame_function(text).starts_with("should_fail")) injected = true;
    return;
  }
  if (is_call_trace(text) || (contains(text, "backtrace") && !contains(text, "stack backtrace"))) backtrace_ = true;
  if (contains(text, "Sending NMI") || contains(text, "Showing backtraces")) cpus_ = true;
  if (contains(text, "FAULT_INJECTION: forcing a failure") || contains(text, "allocation failure:")) injected = true;
}

void Report::become(const Kind* kind, const Line& line, size_t at, uint64_t now) {
  kind_ = kind;
  if (!add(line, now, true)) return;  // no room for it: the line that was its trigger stays that
  trigger_line_ = entries_.size() - 1;
  trigger_at_ = at;
}

void Report::adopt(Source source) {
  for (Entry& entry : entries_) {
    if (entry.source == source_) entry.source = source;
  }
  source_ = source;
  undone |= kUndidStamp;
}

bool Report::complete() const {
  if (kind_ == nullptr || tasks_ > 0) return false;
  switch (kind_->ending) {
    case Ending::kLine:
    case Ending::kBlock:
      return true;
    case Ending::kTrace:
      return frames_ > 0 || ended_;
    case Ending::kRule:
    case Ending::kMark:
      return ended_;
  }
  return true;
}

bool Report::repeats(const Kind& kind, std::string_view text) const {
  if (&kind != kind_ || trigger_line_ + 1 != entries_.size() || kind.ending == Ending::kBlock) return false;
  return contains(line(trigger_line_), "[inline]") || line(trigger_line_) == text;
}

bool Report::is_only_the_place_of(const Kind& kind) const {
  return kind.slug == "hard-lockup" && kind_ != nullptr && kind_->family == "warn" && frames_ == 0 &&
         trigger_line_ + 1 == entries_.size();
}

bool Report::is_preface() const {
  // WARN(1, "BUG: …") prints its text first, and so does what checks lists.
  if (kind_ == nullptr || frames_ > 0 || entries_.size() > 4) return false;
  return kind_->slug == "list-corruption" || kind_->slug == "dentry-in-use" || kind_->slug == "kernel-bug-text" ||
         kind_->slug == "rust-panic";
}

bool Report::over(uint64_t now) const {
  if (kind_ != nullptr && kind_->ending == Ending::kLine) return true;
  Patience patience = kOwing;
  if (announced()) {
    patience = kAnnounced;
  } else if (ended_) {
    patience = kEnded;
  } else if (kind_->ending == Ending::kBlock) {
    patience = kBlock;
  } else if (frames_ > 0) {
    patience = kComplete;
  }
  return foreign_ >= patience.foreign || now - last_now_ > patience.lines;
}

bool Report::continues_with(const Kind& kind) const {
  if (kind_ == nullptr) return false;
  if (kind.slug == "panic") return true;
  if (kind.slug == "bug" && kind_->slug == "rust-panic") return !ended_;
  if (kind.slug == "unhandled-fault") return kind_->slug == "alignment-trap" && !ended_;
  if (kind.slug == "invalid-opcode") return !ended_ && kind_->family != "lockdep";
  // die() prints its line behind what led to it, but in front of the stack.
  if (kind.slug == "internal-error" || kind.slug == "oops" || kind.trigger == "Kernel BUG ") {
    return !ended_ && frames_ == 0 && kind_->family != "lockdep" && kind_->family != "stall";
  }
  if (kind.slug == "hard-lockup") return kind_->slug == "hard-lockup" && frames_ == 0;
  if (kind.slug == "double-fault") return kind_->slug == "double-fault" || kind_->slug == "stack-guard";
  if (kind.slug == "list-corruption" && kind_->slug == "list-corruption") return is_preface();
  if (kind.slug == "kmemleak" && kind_->slug == "kmemleak") {
    return frames_ == 0 && kind.trigger.find("unreferenced") != std::string_view::npos && entries_.size() < 3;
  }
  if (kind.family == "warn" && is_preface()) return kind_->slug == "dentry-in-use" || kind_->slug == "kernel-bug-text";
  return kind.slug == kind_->slug && kind.slug == "workqueue-lockup" && frames_ == 0;
}

}  // namespace zlt::splat
