// SPDX-License-Identifier: GPL-2.0-only
//
// zlt-flavour FOLDER [NAME]: the names of all flavours, one a line, or one of them as assignments of the shell. What
// the scripts ask. It needs little of the tree, so that it is there in seconds, and kernels are on their way while zlt
// compiles.
#include <fmt/format.h>

#include <cstdio>

#include "qemu/zlt/kernel/flavour.h"
#include "qemu/zlt/kernel/flavour_shell.h"
#include "userspace/base/program.h"
#include "userspace/base/version.h"

namespace {

int complain(const std::string& text) {
  fmt::print(stderr, "{}\n", text);
  return static_cast<int>(zlt::Exit::kFailure);
}

int flavour_main(int argc, char** argv) {
  using namespace zlt::run;
  if (argc == 2 && std::string_view(argv[1]) == "--version") {
    fmt::print("zlt-flavour {}\n", zlt::version());
    return 0;
  }
  if (argc != 2 && argc != 3) {
    return complain("usage: zlt-flavour FOLDER [NAME]");
  }
  const auto flavours = load_flavours(argv[1]);
  if (!flavours) {
    return complain(flavours.error().line());
  }
  if (argc == 2) {
    for (const auto& [name, flavour] : *flavours) {
      fmt::print("{}\n", name);
    }
    return 0;
  }
  const auto flavour = find_flavour(*flavours, argv[2]);
  if (!flavour) {
    return complain(flavour.error().line());
  }
  fmt::print("{}", shell_assignments(*flavour));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return zlt::run_program("zlt-flavour", flavour_main, argc, argv);
}
