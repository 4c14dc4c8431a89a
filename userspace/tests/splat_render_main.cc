// SPDX-License-Identifier: GPL-2.0-only
//
// zlt-splat-render FORM < LOG: the log in that form; without FORM the names of all forms.
#include <cstdio>
#include <iostream>
#include <iterator>
#include <string>

#include "userspace/tests/splat_render.h"

int main(int argc, char** argv) {
  using zlt::splat::LogForm;
  for (const auto& forms : {zlt::splat::log_forms(), zlt::splat::wrapped_forms()}) {
    for (const LogForm& form : forms) {
      if (argc < 2) {
        std::cout << form.name << "\n";
      } else if (argv[1] == std::string(form.name)) {
        const std::string log{std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
        std::cout << form.render(zlt::splat::messages_of(log));
        return 0;
      }
    }
  }
  return argc < 2 ? 0 : 2;
}
