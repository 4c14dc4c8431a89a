// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/guest/boot.h"

#include <fmt/format.h>

#include "qemu/zlt/guest/wait.h"

namespace zlt::run {
namespace {

// A boot has long steps that print nothing: decompression before the first line, loading of the module.
constexpr LivenessLimits kBootLiveness{std::chrono::seconds(20), std::chrono::seconds(12),
                                       std::chrono::milliseconds(100)};

constexpr auto kConsoleWithin = std::chrono::seconds(10);

std::string how_far(const Conversation& talk, Guest& guest) {
  if (talk.loaded()) {
    return "after the module was loaded";
  }
  if (talk.hello()) {
    return "after its init had started";
  }
  return guest.console().bytes() > 0 ? "before its init started; console.log tells more" : "without a word";
}

// An RT kernel prints from a thread of its own, long after user space went on. A console that never gets there is
// judged by what it has said.
void wait_for_console(Guest& guest) {
  [[maybe_unused]] const Pump::Wait waited = guest.pump().run_until(
      [&guest] { return guest.console().seen() || guest.gone() || guest.shutdown(); }, Clock::now() + kConsoleWithin);
}

}  // namespace

Status wait_ready(Guest& guest, Conversation& talk, Duration total) {
  const WaitReport end = wait_until(
      guest, talk, {kBootLiveness, total}, [&talk] { return talk.ready() || talk.error(); }, [] {});
  if (end.end == WaitEnd::kDone && talk.error()) {
    return failure("the guest could not set itself up: " + talk.error()->line);
  }
  const std::string far = how_far(talk, guest);
  switch (end.end) {
    case WaitEnd::kDone:
      wait_for_console(guest);
      return talk.loaded() ? Status() : failure("the guest says it is ready, but never said that the module is loaded");
    case WaitEnd::kStopped:
      return interrupted();
    case WaitEnd::kGone:
      return failure(guest.why_gone());
    case WaitEnd::kPanicked:
      return failure("the kernel panicked while it booted, " + far);
    case WaitEnd::kDown:
      return failure(fmt::format("the guest went down while it booted ({}), {}", *guest.shutdown(), far));
    case WaitEnd::kNonsense:
      return failure(*talk.broken());
    case WaitEnd::kDead:
      return failure(fmt::format("the guest never booted: no progress for {:.0f} s, {}", seconds(end.silent), far));
    case WaitEnd::kTimeout:
      return failure(fmt::format("the guest never booted: not ready after {:.0f} s, {}", seconds(total), far),
                     "--timeout allows more");
  }
  return failure("the guest never booted");
}

std::string unsound_boot(Guest& guest, const Loaded& loaded) {
  guest.console().splats().finish();  // a report that nothing has followed yet counts as well
  const auto& splats = guest.console().splats().splats();
  if (!splats.empty()) {
    return "the kernel reported while it booted: " + splats.front().title;
  }
  if (loaded.kernel.lockdep && loaded.debug_locks == false) {
    return "lockdep was off already after the boot";
  }
  return {};
}

}  // namespace zlt::run
