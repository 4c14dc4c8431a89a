// SPDX-License-Identifier: GPL-2.0-only
//
// Most tests here start from this: the module is loaded into a fake kernel, and its files are read as a script would
// read them.
#pragma once

#include <chrono>
#include <map>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

#include "module/core/case.h"
#include "module/tests/fake_shim.h"

namespace zlt::test {

using Pairs = std::map<std::string, std::string>;

// `key=value` lines. A line that is none fails the test.
[[nodiscard]] Pairs parse_pairs(const std::string& text);
[[nodiscard]] std::vector<std::string> split(const std::string& text, char separator);

// Waits for what is bound to come; false after a limit that only a broken machine reaches.
template <typename Condition>
[[nodiscard]] bool await(Condition condition) {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(90);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > limit) return false;
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  return true;
}

// insmod … rmmod. Leaves the parameters of the module as it found them, and fails the test on any violation.
class Module {
 public:
  explicit Module(const FakeConfig& config = {});
  ~Module();
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  [[nodiscard]] FakeKernel& kernel() { return kernel_; }
  [[nodiscard]] int error() const { return error_; }  // of insmod
  void unload();

  [[nodiscard]] int write(const std::string& file, const std::string& text) { return kernel_.write(file, text); }
  [[nodiscard]] std::string read(const std::string& file);
  [[nodiscard]] Pairs status() { return parse_pairs(read("status")); }
  [[nodiscard]] Pairs result() { return parse_pairs(read("result")); }
  [[nodiscard]] uint64_t turns();
  void await_idle();
  // Runs to its end; the result. A refused one fails the test.
  [[nodiscard]] Pairs run(const std::string& words);

 private:
  FakeKernel kernel_;
  int error_;
};

// The kernels that expectations tell apart.
struct NamedKernel {
  const char* name;
  FakeConfig config;
};
[[nodiscard]] const std::vector<NamedKernel>& kernels();
[[nodiscard]] const std::vector<const Case*>& cases();

// A case on a kernel, as the parameter of a test.
struct Pairing {
  const Case* test;
  NamedKernel kernel;

  // Of a run that nobody gave words to.
  [[nodiscard]] Verdict expectation(Form form) const;
  [[nodiscard]] std::string name() const;  // of the test
  // The two that behave differently, as far as they have what the case needs.
  [[nodiscard]] static bool on_plain_or_rt(const Pairing& pairing);
};
[[nodiscard]] std::vector<Pairing> pairings(bool (*wanted)(const Pairing&));
void PrintTo(const Pairing& pairing, std::ostream* out);

// As the module itself sees it. A FakeKernel of this configuration need not live.
[[nodiscard]] zlt_kernel described(const FakeConfig& config);
[[nodiscard]] Settings settings_on(const FakeConfig& config, Form form);
[[nodiscard]] std::string verdict_text(abi::Verdict verdict);

}  // namespace zlt::test
