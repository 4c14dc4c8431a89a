// SPDX-License-Identifier: GPL-2.0-only
//
// Writes the golden records of every log of the corpus. Look at the difference before you commit it.
#include <cstdio>
#include <exception>
#include <fstream>

#include "userspace/tests/splat_corpus.h"

int main() {
  try {
    for (const auto& name : zlt::splat::corpus_names()) {
      std::ofstream file(zlt::splat::corpus_folder() + "/" + name + ".json", std::ios::binary);
      file << zlt::splat::golden(zlt::splat::corpus_log(name));
      if (!file.flush()) throw std::runtime_error("cannot write the golden of " + name);
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "zlt-splat-goldens: %s\n", error.what());
    return 2;
  }
  return 0;
}
