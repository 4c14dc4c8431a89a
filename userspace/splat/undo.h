// SPDX-License-Identifier: GPL-2.0-only
//
// What web pages, word processors and mail do to the text of a log, undone. Each function says whether the text shows
// that it was done; where it does not, nothing is changed.
#pragma once

#include <string>
#include <string_view>

namespace zlt::splat {

// Entities and tags of HTML. `out` is the text, with a newline for each tag that breaks the line.
[[nodiscard]] bool undo_html(std::string_view line, std::string& out);

// Dashes, quotes, dots and blanks of typographers, and characters that nobody sees.
[[nodiscard]] bool undo_typography(std::string_view line, std::string& out);

// Quoted-printable of mail. Whether a text is encoded shows over many lines: every = in it has to be part of the
// encoding, and one at least has to be of those that nothing else explains.
class QuotedPrintable {
 public:
  void reset() { state_ = State::kOpen; }
  // Takes `line` into account. True if it is encoded.
  [[nodiscard]] bool is_encoded(std::string_view line);
  // Appends what `line` says. True if the text goes on in the next line.
  [[nodiscard]] static bool decode(std::string_view line, std::string& out);

 private:
  enum class State { kOpen, kEncoded, kPlain };
  State state_ = State::kOpen;
};

}  // namespace zlt::splat
