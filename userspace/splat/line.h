// SPDX-License-Identifier: GPL-2.0-only
//
// From bytes of a console to messages of the kernel: what stands in front of a message is taken off, who printed it is
// kept.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace zlt::splat {

struct Kind;

// What was done to a log on its way here, and was undone.
enum Undone : uint32_t {
  kUndidPrefix = 1U << 0U,  // a prefix that was learned from the report itself
  kUndidQuote = 1U << 1U,   // "> ", "| ", backticks, an indent
  kUndidWrap = 1U << 2U,    // lines that were wrapped
  kUndidGuess = 1U << 3U,   // the same, and how they belong together had to be guessed
  kUndidQuotedPrintable = 1U << 4U,
  kUndidHtml = 1U << 5U,        // entities and tags
  kUndidTypography = 1U << 6U,  // dashes, quotes, blanks that do not break
  kUndidStamp = 1U << 7U,       // the stamp of the first line is missing
};

// Who printed a line, as far as the log says.
enum class Origin : uint8_t {
  kPlain,    // no kernel timestamp: user space, or a log without timestamps
  kConsole,  // timestamp, no caller
  kTask,     // [   T123]
  kCpu,      // [     C0]
};

struct Source {
  Origin origin = Origin::kPlain;
  uint32_t id = 0;
  friend bool operator==(const Source& a, const Source& b) { return a.origin == b.origin && a.id == b.id; }
};

struct Line {
  std::string_view text;  // the message
  Source source;
  uint64_t begin = 0;          // byte offset in the log; a line merged with another begins at its own timestamp
  uint64_t end = 0;            // behind its last byte, newline included
  uint64_t number = 0;         // 1-based number of the line in the log
  bool again = false;          // the line in front is the same to the microsecond: two consoles on one port
  uint64_t last_number = 0;    // where it was wrapped, the line that its end stands in; else 0
  uint32_t undone = 0;         // what had to be undone to read it: bits of Undone
  std::string_view prefix;     // that was learned and taken off
  const Kind* kind = nullptr;  // of the report that it begins, if it does and was looked at
  size_t kind_at = 0;          // where that begins in `text`
  bool matched = false;        // `kind` says the truth
};

// Takes one line of the log (no newline in it) and yields its messages in order: more than one when lines were merged.
// What next() returns points into `raw` or into the splitter, and is good until the following next() or reset().
class LineSplitter {
 public:
  void reset(std::string_view raw);
  // The same for a line without control characters and without its carriage return.
  void reset_clean(std::string_view line);
  // False when there is no further message. `at` becomes the message's offset in the line, 0 for the first.
  bool next(std::string_view& text, Source& source, size_t& at);
  // Of the message that next() yielded last: what was taken off in front of it.
  [[nodiscard]] std::string_view prefix() const { return prefix_; }

 private:
  void begin_with(std::string_view line);

  std::string_view rest_;
  std::string_view further_;  // lines of the message that next() yielded the first of
  Source source_;             // theirs
  std::string_view prefix_;
  std::string clean_;
  size_t taken_ = 0;
  bool more_ = false;
  bool cleaned_ = false;
};

// Length of a "[   12.345678]" at the start of `text`, 0 if there is none. `strict` wants six digits behind the point.
[[nodiscard]] size_t stamp_length(std::string_view text, bool strict);

}  // namespace zlt::splat
