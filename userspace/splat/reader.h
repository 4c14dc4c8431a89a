// SPDX-License-Identifier: GPL-2.0-only
//
// From lines of a log to messages of the kernel: what people, collectors and mailers did to a report is learned from
// the report itself, and undone. Nothing is known, and nothing done, before a line may begin a report; what was learned
// is forgotten with the last open report.
//
// One message is held back, as the next line may go on with it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "userspace/splat/decoder.h"
#include "userspace/splat/line.h"
#include "userspace/splat/marks.h"
#include "userspace/splat/reports.h"
#include "userspace/splat/shape.h"

namespace zlt::splat {

class Reader {
 public:
  explicit Reader(Reports& reports) : reports_(reports) {}

  // Nothing is held back and no report is open: only lines with an anchor need to be shown.
  [[nodiscard]] bool idle() const { return !holding_ && !decoder_.waits() && reports_.idle(); }
  void line(RawLine line);
  // No further line is to be expected soon.
  void flush();

 private:
  struct Message {
    std::string text;
    Source source;
    uint64_t begin = 0;
    uint64_t end = 0;
    uint64_t number = 0;
    uint64_t last_number = 0;
    bool again = false;
    bool anchored = false;
    bool first = true;  // of its line
    bool has_prefix = false;
    bool goes_on = false;  // a further line of a message that had one
    bool behind = false;   // right behind a message that had one, other such lines between
    size_t width = 0;      // of the prefix, in columns
    size_t columns = 0;    // of its line of the log
    uint32_t undone = 0;
    const Kind* kind = nullptr;
    size_t kind_at = 0;
  };

  void text(const RawLine& line, std::string_view text);
  // Cuts the text into messages. False if it learned something that the text has to be read again with.
  [[nodiscard]] bool messages(const RawLine& line, std::string_view text, bool may_learn);
  [[nodiscard]] bool learn(const Message& message, std::string_view text, size_t at);
  [[nodiscard]] bool learn_shape(std::string_view head, bool outer);
  void learn_from_two(Message& second);
  void take_off(Message& message, size_t length) const;
  void look_for_kind(Message& message) const;
  void next(Message& message);
  [[nodiscard]] bool goes_on(Message& message) const;
  [[nodiscard]] bool join(const Message& message);
  [[nodiscard]] bool join_first_line(const Message& message);
  void append(const Message& message, std::string_view glue, bool guess);
  void emit();

  Reports& reports_;
  Decoder decoder_;
  LineSplitter splitter_;
  Marks marks_;
  std::vector<Shape> outer_;  // in front of what prefix.h knows
  std::vector<Shape> inner_;  // behind it
  std::string learned_;       // of the shapes, the last text
  bool prefixed_ = false;     // the report's lines have a prefix
  uint64_t began_ = 0;        // line in which the first report that is open began
  size_t wraps_ = 0;
  size_t longest_ = 0;  // columns of the longest line
  bool holding_ = false;
  Message hold_;
  Message next_;
};

}  // namespace zlt::splat
