// SPDX-License-Identifier: GPL-2.0-only
//
// zlt-splat-fuzz ROUNDS [SEED]: runs the fuzz target over the corpus, mutated. No coverage feedback; that is what
// scripts/fuzz-splat is for. An input that fails is written to splat-fuzz-SEED-ROUND.log in the working folder.
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "userspace/tests/splat_corpus.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

std::string current;       // the input under test
std::string current_file;  // where it goes if it fails

// Not safe in a signal handler, but abort() is called from the program's own code, outside of the allocator.
void keep_input(int /*signal*/) {
  std::ofstream(current_file, std::ios::binary) << current;
  std::fprintf(stderr, "zlt-splat-fuzz: the input that failed is in %s\n", current_file.c_str());
}

void mutate(std::string& log, const std::vector<std::string>& corpus, std::mt19937& random) {
  if (log.empty()) return;
  const auto at = [&](const std::string& text) { return text.empty() ? 0 : random() % text.size(); };
  switch (random() % 6) {
    case 0:
      log[at(log)] = static_cast<char>(random());
      break;
    case 1:
      log.erase(at(log), random() % 200);
      break;
    case 2:
      log.insert(at(log), std::string(random() % 4, '\n'));
      break;
    case 3: {
      const std::string& other = corpus[random() % corpus.size()];
      const size_t from = at(other);
      log.insert(at(log), other.substr(from, random() % 2000));
      break;
    }
    case 4:
      log.resize(at(log));
      break;
    default: {
      const size_t from = at(log);
      log.insert(at(log), log.substr(from, random() % 500));
      break;
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  const long rounds = argc > 1 ? std::strtol(argv[1], nullptr, 10) : 1000;
  const unsigned seed = argc > 2 ? static_cast<unsigned>(std::strtoul(argv[2], nullptr, 10)) : 1U;
  std::mt19937 random(seed);
  std::vector<std::string> corpus;
  for (const auto& name : zlt::splat::corpus_names()) corpus.push_back(zlt::splat::corpus_log(name));
  if (corpus.empty()) {
    std::fputs("zlt-splat-fuzz: the corpus is empty\n", stderr);
    return 2;
  }
  std::signal(SIGABRT, keep_input);
  for (long i = 0; i < rounds; ++i) {
    current = corpus[random() % corpus.size()];
    for (unsigned n = 1 + random() % 8; n > 0; --n) mutate(current, corpus, random);
    current_file = "splat-fuzz-" + std::to_string(seed) + "-" + std::to_string(i) + ".log";
    LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(current.data()), current.size());
  }
  std::printf("%ld inputs from seed %u, nothing found\n", rounds, seed);
  return 0;
}
