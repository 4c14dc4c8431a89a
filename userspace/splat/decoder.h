// SPDX-License-Identifier: GPL-2.0-only
//
// From a line of the log to the text that the kernel printed in it: mail's encoding, control characters, HTML and
// typography are undone, as far as the text shows that they were done.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "userspace/splat/undo.h"

namespace zlt::splat {

// A line of the log as it came.
struct RawLine {
  std::string_view text;
  uint64_t number = 0;
  uint64_t last_number = 0;  // of the last line that was joined to it; equal to `number` if none was
  uint64_t begin = 0;
  uint64_t end = 0;
  bool anchored = false;
  bool again = false;
};

class Decoder {
 public:
  // Forgets what was learned of the text.
  void reset();
  // False if `line` goes on in the next one. Else `line.text` is the text, with newlines where HTML breaks the line;
  // it points into what was given or into the decoder.
  [[nodiscard]] bool take(RawLine& line);
  // What still waits for its next line; false if nothing does.
  [[nodiscard]] bool rest(RawLine& line);
  [[nodiscard]] bool waits() const { return waits_; }
  [[nodiscard]] uint32_t undone() const { return undone_; }  // in the line that was taken last
  [[nodiscard]] bool wide() const { return wide_; }          // it has characters of more than a byte
  [[nodiscard]] bool exact() const { return exact_; }        // its offsets are those of the log

 private:
  void undo(RawLine& line);

  QuotedPrintable quoted_printable_;
  std::string partial_;
  RawLine first_;
  bool waits_ = false;
  std::string decoded_;
  std::string clean_;
  std::string html_;
  std::string plain_;
  uint32_t undone_ = 0;
  bool exact_ = true;
  bool wide_ = false;
};

}  // namespace zlt::splat
