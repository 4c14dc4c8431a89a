// SPDX-License-Identifier: GPL-2.0-only
//
// From bytes of a console to messages of the kernel: what stands in front of a message is taken off, who printed it is
// kept.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace zlt::splat {

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
  uint64_t begin = 0;   // byte offset in the log; a line merged with another begins at its own timestamp
  uint64_t end = 0;     // behind its last byte, newline included
  uint64_t number = 0;  // 1-based number of the line in the log
  bool again = false;   // the line in front is the same to the microsecond: two consoles on one port
};

// Takes one line of the log (no newline in it) and yields its messages in order: more than one when lines were merged.
// What next() returns points into `raw` or into the splitter, and is good until the following next() or reset().
class LineSplitter {
 public:
  void reset(std::string_view raw);
  // False when there is no further message. `at` becomes the message's offset in the line, 0 for the first.
  bool next(std::string_view& text, Source& source, size_t& at);

 private:
  std::string_view rest_;
  std::string clean_;
  size_t taken_ = 0;
  bool more_ = false;
  bool cleaned_ = false;
};

// Length of a "[   12.345678]" at the start of `text`, 0 if there is none. `strict` wants six digits behind the point.
[[nodiscard]] size_t stamp_length(std::string_view text, bool strict);

}  // namespace zlt::splat
