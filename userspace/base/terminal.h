// SPDX-License-Identifier: GPL-2.0-only
//
// Text for people: colours and width where the output is a terminal, plain everywhere else.
#pragma once

#include <string>
#include <string_view>

namespace zlt {

enum class Tone { kPlain, kGood, kBad, kWarning, kWorking, kDim, kBold };

struct Terminal {
  bool colour = false;
  size_t width = 0;   // columns; 0: no limit
  bool live = false;  // what was written can be taken back and written anew

  // That of a file descriptor. NO_COLOR and TERM=dumb are heeded.
  [[nodiscard]] static Terminal of(int fd);
  [[nodiscard]] std::string toned(std::string_view text, Tone tone) const;
};

}  // namespace zlt
