// SPDX-License-Identifier: GPL-2.0-only
//
// fuzz-TARGET SECONDS SEED FILE|FOLDER…: runs a fuzz target over the files, mutated, for a while, or `300r` rounds. No
// coverage feedback; that is what scripts/fuzz is for. An input that fails is written to the working folder.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

std::string current;       // the input under test
std::string current_file;  // where it goes if it fails

// Not safe in a signal handler, but abort() is called from the program's own code, outside of the allocator.
void keep_input(int /*signal*/) {
  std::ofstream(current_file, std::ios::binary) << current;
  std::fprintf(stderr, "fuzz: the input that failed is in %s\n", current_file.c_str());
}

void add(const std::filesystem::path& path, std::vector<std::string>& corpus) {
  if (std::filesystem::is_directory(path)) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());  // the seed alone decides
    for (const auto& file : files) add(file, corpus);
    return;
  }
  std::ifstream in(path, std::ios::binary);
  corpus.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
}

void mutate(std::string& text, const std::vector<std::string>& corpus, std::mt19937& random) {
  static const std::vector<std::string> pieces = {"null",    "-1",       "1e99", "18446744073709551616",
                                                  "[]",      "{}",       "\"\"", "[[[[",
                                                  "\xff",    "\xc2\x9b", "\n",   "\"",
                                                  ",",       "}",        "=",    "[[step]]\n",
                                                  "\\u0000", "true",     "0.5",  "x",
                                                  "'",       "../..",    " ",    "4294967297"};
  if (text.empty()) return;
  const auto at = [&](const std::string& in) { return in.empty() ? 0 : random() % in.size(); };
  switch (random() % 8) {
    case 0:
      text[at(text)] = static_cast<char>(random());
      break;
    case 1:
      text.erase(at(text), random() % 200);
      break;
    case 2:
      text.insert(at(text), std::string(random() % 4, '\n'));
      break;
    case 3: {
      const std::string& other = corpus[random() % corpus.size()];
      const size_t from = at(other);
      text.insert(at(text), other.substr(from, random() % 2000));
      break;
    }
    case 4:
      text.resize(at(text));
      break;
    case 5:
      text.insert(at(text), pieces[random() % pieces.size()]);
      break;
    case 6:
      text.erase(at(text), 1 + random() % 4);
      break;
    default: {
      const size_t from = at(text);
      text.insert(at(text), text.substr(from, random() % 500));
      break;
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string bound = argc > 1 ? argv[1] : "60";
  const long most = std::strtol(bound.c_str(), nullptr, 10);
  const bool rounds = bound.ends_with('r');
  const unsigned seed = argc > 2 ? static_cast<unsigned>(std::strtoul(argv[2], nullptr, 10)) : 1U;
  std::mt19937 random(seed);
  std::vector<std::string> corpus;
  for (int n = 3; n < argc; ++n) add(argv[n], corpus);
  if (corpus.empty()) {
    std::fputs("fuzz: there is nothing to begin with\n", stderr);
    return 2;
  }
  std::signal(SIGABRT, keep_input);
  const auto begin = std::chrono::steady_clock::now();
  const auto seconds = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(); };
  long tried = 0;
  for (; rounds ? tried < most : seconds() < static_cast<double>(most); ++tried) {
    current = corpus[random() % corpus.size()];
    for (unsigned n = random() % 8; n > 0; --n) mutate(current, corpus, random);
    current_file = "fuzz-" + std::to_string(seed) + "-" + std::to_string(tried) + ".input";
    LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(current.data()), current.size());
  }
  std::printf("%ld inputs in %.0f s from seed %u, nothing found\n", tried, seconds(), seed);
  return 0;
}
