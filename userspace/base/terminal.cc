// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/base/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

namespace zlt {
namespace {

constexpr size_t kUsualWidth = 80;

const char* code_of(Tone tone) {
  switch (tone) {
    case Tone::kPlain:
      return "";
    case Tone::kGood:
      return "\033[32m";
    case Tone::kBad:
      return "\033[1;31m";
    case Tone::kWarning:
      return "\033[1;33m";
    case Tone::kWorking:
      return "\033[36m";
    case Tone::kDim:
      return "\033[2m";
    case Tone::kBold:
      break;
  }
  return "\033[1m";
}

}  // namespace

Terminal Terminal::of(int fd) {
  Terminal out;
  if (::isatty(fd) == 0) return out;
  const char* name = std::getenv("TERM");
  const char* plain = std::getenv("NO_COLOR");
  out.live = name != nullptr && std::string_view(name) != "dumb";
  out.colour = out.live && (plain == nullptr || *plain == '\0');
  winsize size{};
  out.width = ::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kUsualWidth;
  return out;
}

std::string Terminal::toned(std::string_view text, Tone tone) const {
  if (!colour || tone == Tone::kPlain || text.empty()) return std::string(text);
  return code_of(tone) + std::string(text) + "\033[0m";
}

}  // namespace zlt
