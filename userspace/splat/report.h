// SPDX-License-Identifier: GPL-2.0-only
//
// A report that is being read: its lines so far, and when it is over.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "userspace/splat/belongs.h"
#include "userspace/splat/kinds.h"
#include "userspace/splat/line.h"

namespace zlt::splat {

class Report {
 public:
  // `at` is where the kind's trigger stands in the line; `opens` says that the line only announces a report whose kind
  // a later line will give ("[ cut here ]").
  Report(uint64_t order, const Kind* kind, const Line& line, size_t at, uint64_t now);

  struct Entry {
    uint32_t offset;
    uint32_t size;
    Source source;
    Belongs what;
    uint64_t number;  // of its line in the log
    uint64_t last_number;
  };

  // `own`: it belongs, whatever it looks like, and is a line of its own. False if its text was not kept.
  bool add(const Line& line, uint64_t now, bool own = false);
  // The line that says what an announced report is.
  void become(const Kind* kind, const Line& line, size_t at, uint64_t now);

  // Whether `line`, of the report's own source, still belongs to it or could; false: it is over, and the line is not
  // its own.
  [[nodiscard]] bool over(uint64_t now) const;
  [[nodiscard]] bool announced() const { return kind_ == nullptr; }
  // Everything that its kind prints has been seen.
  [[nodiscard]] bool complete() const;
  [[nodiscard]] bool ended() const { return ended_; }
  [[nodiscard]] bool wants_cpus() const { return cpus_; }
  // What another trigger in the same source means: part of this report ("Oops:" behind "BUG: unable to …").
  [[nodiscard]] bool continues_with(const Kind& kind) const;
  // `kind` is its own again, in the next line: a symbolised log repeats the first line for each inlined function, a
  // collector that reads two sources repeats it as it is.
  [[nodiscard]] bool repeats(const Kind& kind, std::string_view text) const;
  // It is the WARNING that `kind`, in the next line, was printed with: the watchdog's, before 4.9.
  [[nodiscard]] bool is_only_the_place_of(const Kind& kind) const;
  // It is only the text of a BUG or WARNING that has yet to be printed.
  [[nodiscard]] bool is_preface() const;

  // Lines of its source since the last of its own.
  [[nodiscard]] size_t foreign() const { return foreign_; }
  // It is this source's, and what it has so far too.
  void adopt(Source source);

  [[nodiscard]] const Kind* kind() const { return kind_; }
  [[nodiscard]] Source source() const { return source_; }
  [[nodiscard]] uint64_t order() const { return order_; }
  // The lines from the first to the last that belongs to it.
  [[nodiscard]] size_t size() const { return kept_; }
  [[nodiscard]] std::string_view line(size_t i) const { return {text_.data() + entries_[i].offset, entries_[i].size}; }
  [[nodiscard]] const Entry& entry(size_t i) const { return entries_[i]; }
  [[nodiscard]] size_t trigger_line() const { return trigger_line_; }
  [[nodiscard]] size_t trigger_at() const { return trigger_at_; }

  uint64_t begin = 0;
  uint64_t first_line = 0;
  uint64_t end = 0;
  uint64_t last_line = 0;
  bool inside = false;
  bool follows = false;    // nothing but user space printed anything between the report in front and it
  bool dropped = false;    // messages were lost while it was open
  bool mixed = false;      // another report began in the middle of it, and nothing tells their lines apart
  bool injected = false;   // a stack of another message stands in it
  bool truncated = false;  // its text went beyond the bound
  uint32_t undone = 0;     // in its lines: bits of Undone
  size_t wraps = 0;        // lines that were joined
  std::string prefix;      // that was learned from it
  bool closed = false;     // waits for its turn to be handed out

 private:
  bool keep(const Line& line, Belongs what, bool own);
  void look_at(std::string_view text, Belongs what);
  // Whether `text` goes on with the last line, which a kernel of 4.9 to 4.14 printed in pieces.
  [[nodiscard]] bool is_piece(std::string_view text) const;

  uint64_t order_;
  const Kind* kind_;
  Source source_;
  std::string text_;
  std::vector<Entry> entries_;
  size_t kept_ = 0;
  size_t trigger_line_ = 0;
  size_t trigger_at_ = 0;
  size_t foreign_ = 0;     // lines since the last that belongs
  uint64_t last_now_ = 0;  // log line of its last own line
  size_t frames_ = 0;
  int tasks_ = 0;           // "<TASK>" without its "</TASK>"
  bool backtrace_ = false;  // the head of a stack was seen
  bool ended_ = false;      // the text that ends its kind was seen
  bool cpus_ = false;       // other CPUs were asked to print their stacks
  bool replay_ = false;     // the next line replaces the last
};

}  // namespace zlt::splat
