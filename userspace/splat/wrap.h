// SPDX-License-Identifier: GPL-2.0-only
//
// Tells a message that a mailer, a terminal or a form wrapped from two messages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace zlt::splat {

enum class Join : uint8_t {
  kNo,
  kBlank,  // wrapped between words: the blank went
  kGlue,   // cut inside a word, or the blank is still there
  kGuess,  // cut inside a word, most likely
};

struct Wrapped {
  std::string_view first;   // the message so far
  size_t columns = 0;       // of the line of the log that it ends in, prefix included
  std::string_view second;  // what the next line says
  bool piece = false;       // both have a stamp of their own: it may only be what the kernel printed in pieces
  bool bare = false;        // the next line lacks the prefix that the message had: no message of its own
};

// How the next line goes on with the message; kNo if it does not, or if nothing shows it.
[[nodiscard]] Join how_joined(const Wrapped& lines);

// The narrowest margin that is met: as text, and where nothing else speaks for a wrapped line.
inline constexpr size_t kNarrowest = 60;
inline constexpr size_t kNarrow = 64;

// Whether a line of `columns` could have been wrapped in front of `next` by who allows `narrowest` columns or more.
[[nodiscard]] bool fits_a_margin(size_t columns, std::string_view next, size_t narrowest = kNarrowest);

// "systemd[1]: …": a message of its own, not the rest of another.
[[nodiscard]] bool names_its_speaker(std::string_view text);

[[nodiscard]] size_t columns_of(std::string_view text);

}  // namespace zlt::splat
