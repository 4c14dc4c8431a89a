// SPDX-License-Identifier: GPL-2.0-only
//
// A run of a case that the test makes up, without the session around it.
#pragma once

#include <gmock/gmock.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "module/core/meeting/readers.h"
#include "module/core/run.h"
#include "module/tests/fake_shim_context.h"
#include "module/tests/module_host.h"

namespace zlt::test {
inline zlt_class test_class = {"zlt_test_seq", {}};

// What the one case of this file does; a case is a plain function.
inline std::function<void(zlt::Run&)> body;

inline constexpr Case kCase = {.id = "test/body",
                               .hazard = "-",
                               .summary = "",
                               .needs = kNothing,
                               .measures = kMeetingMeasures,
                               .bounded = [](zlt::Run& run) { body(run); },
                               .faithful = [](zlt::Run& run) { body(run); },
                               .expect = expect_clean,
                               .unsound = nullptr};

class RunTest : public testing::Test {
 protected:
  void boot(const FakeConfig& config) {
    kernel_.reset();  // one at a time
    kernel_ = std::make_unique<FakeKernel>(config);
    zlt_kernel_describe(&described_);
  }
  void execute(std::function<void(zlt::Run&)> what, const Case& test = kCase) {
    if (!kernel_) boot({});
    body = std::move(what);
    run_.prepare(test, settings_, described_);
    const fake::OnCpu on(0);
    run_.execute();
  }
  void TearDown() override { EXPECT_THAT(kernel_->violations(), testing::IsEmpty()); }

  [[nodiscard]] uint64_t counted(Counter counter) const { return run_.counted(counter); }

  Settings settings_ = [] {
    Settings settings = Defaults().settings();
    settings.set(abi::Param::kSeed, 7);
    settings.set(abi::Param::kLoops, 3);
    settings.set(abi::Param::kHoldUs, 50);
    settings.set(abi::Param::kPeriodUs, 50);
    return settings;
  }();
  std::unique_ptr<FakeKernel> kernel_;
  zlt_kernel described_ = {};
  zlt::Run run_;
};

inline void timer_turns(zlt::Run& run) {
  Rendezvous rendezvous(run);
  SeqLock seq(test_class);
  TimerReader<Bounded> reader(rendezvous, seq, ZLT_TIMER_HARD);
  Turn turn = {};
  while (rendezvous.next(turn)) {
    const auto odd = seq.write_irqsave();
    Window window(rendezvous, turn);
    reader.invite(window);
    window.meet();
  }
}

inline void thread_turns(zlt::Run& run) {
  Rendezvous rendezvous(run);
  SeqLock seq(test_class);
  ThreadReader<Bounded> reader(rendezvous, seq);
  Turn turn = {};
  while (rendezvous.next(turn)) {
    reader.get_ready();
    const auto odd = seq.write();
    Window window(rendezvous, turn);
    reader.invite(window);
    window.meet();
  }
}

}  // namespace zlt::test
