// SPDX-License-Identifier: GPL-2.0-only
#include "module/tests/module_host.h"

#include <gmock/gmock.h>

#include <cerrno>
#include <sstream>

#include "module/abi/params.h"
#include "module/core/registry.h"
#include "module/core/verdict_text.h"
#include "module/scenarios/list.h"

namespace zlt::test {

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

Pairs parse_pairs(const std::string& text) {
  Pairs pairs;
  for (const std::string& line : split(text, '\n')) {
    const size_t at = line.find('=');
    EXPECT_NE(at, std::string::npos) << "not key=value: " << line;
    if (at == std::string::npos) continue;
    EXPECT_TRUE(pairs.emplace(line.substr(0, at), line.substr(at + 1)).second) << "twice: " << line;
  }
  return pairs;
}

Module::Module(const FakeConfig& config) : kernel_(config), error_(zlt_core_init()) {}

Module::~Module() {
  if (error_ == 0) unload();
  for (unsigned int i = 0; i < abi::kParamCount; ++i) {
    EXPECT_EQ(zlt_core_param_set(i, std::to_string(abi::kParams[i].fallback).c_str()), 0);
  }
  EXPECT_THAT(kernel_.violations(), testing::IsEmpty());
}

void Module::unload() {
  zlt_core_exit();
  error_ = -1;
}

std::string Module::read(const std::string& file) {
  const auto text = kernel_.read(file);
  EXPECT_TRUE(text.has_value()) << "cannot read " << file;
  return text.value_or("");
}

uint64_t Module::turns() {
  return std::stoull("0" + status()["turn"]);
}

void Module::await_idle() {
  ASSERT_TRUE(await([this] { return status()["state"] == "idle"; })) << read("status");
}

Pairs Module::run(const std::string& words) {
  EXPECT_EQ(write("run", words), 0) << words;
  await_idle();
  return result();
}

const std::vector<NamedKernel>& kernels() {
  static const std::vector<NamedKernel> all = {
      {"plain", {}},
      {"lockdep", {.lockdep = true, .raw_nesting = true, .atomic_sleep = true}},
      {"rt", {.rt = true}},
      {"rt_lockdep", {.rt = true, .lockdep = true, .raw_nesting = true, .atomic_sleep = true}},
      {"up", {.smp = false, .cpus = 1}},
      {"up_bare", {.trylock_tells = false, .smp = false, .cpus = 1}},
      {"one_online", {.smp = true, .cpus = 1}},
      {"no_kprobes", {.kprobes = false}},
  };
  return all;
}

const std::vector<const Case*>& cases() {
  static const std::vector<const Case*> all = [] {
    std::vector<const Case*> found;
    Registry(kScenarios).for_each_case([&](const Case& test) { found.push_back(&test); });
    return found;
  }();
  return all;
}

zlt_kernel described(const FakeConfig& config) {
  return zlt_kernel{.release = config.release,
                    .version = ZLT_VERSION(6, 12),
                    .rt = config.rt,
                    .lockdep = config.lockdep,
                    .raw_nesting = config.raw_nesting,
                    .trylock_tells = config.trylock_tells,
                    .atomic_sleep = config.atomic_sleep,
                    .smp = config.smp,
                    .kprobes = config.kprobes,
                    .hot_remove = config.hot_remove,
                    .printk_deferral = config.kprobes ? config.kprobe_error : -EOPNOTSUPP};
}

Settings settings_on(const FakeConfig& config, Form form) {
  Settings settings = Defaults().settings();
  settings.form = form;
  if (config.cpus < 2) settings.set(abi::Param::kReaderCpu, settings.get(abi::Param::kWriterCpu));
  return settings;
}

Verdict Pairing::expectation(Form form) const {
  return expected(*test, described(kernel.config), settings_on(kernel.config, form));
}

std::string Pairing::name() const {
  std::string name = std::string(test->id) + "_on_" + kernel.name;
  for (char& c : name) {
    if (c == '/' || c == '-') c = '_';
  }
  return name;
}

bool Pairing::on_plain_or_rt(const Pairing& pairing) {
  const bool plain_or_rt = pairing.kernel.name == std::string("plain") || pairing.kernel.name == std::string("rt");
  return plain_or_rt && !pairing.expectation(Form::kBounded).has(abi::Outcome::kUnsupported);
}

std::vector<Pairing> pairings(bool (*wanted)(const Pairing&)) {
  std::vector<Pairing> found;
  for (const Case* test : cases()) {
    for (const NamedKernel& kernel : kernels()) {
      const Pairing pairing = {test, kernel};
      if (wanted(pairing)) found.push_back(pairing);
    }
  }
  return found;
}

void PrintTo(const Pairing& pairing, std::ostream* out) {
  *out << pairing.name();
}

std::string verdict_text(abi::Verdict verdict) {
  VerdictText text;
  append_verdict(text, verdict);
  return text.c_str();
}

}  // namespace zlt::test
