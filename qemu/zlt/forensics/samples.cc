// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/forensics/samples.h"

#include <algorithm>
#include <map>

#include "qemu/zlt/guest/sched_stat.h"
#include "qemu/zlt/io/narrow.h"

namespace zlt::run {
namespace {

constexpr unsigned kSamples = 8;
constexpr auto kBetween = std::chrono::milliseconds(20);  // on a CPU, by each vCPU that is not idle
constexpr auto kBetweenAtMost = std::chrono::seconds(2);
constexpr auto kLookLimit = std::chrono::seconds(15);

// Host threads by vCPU; empty when QEMU does not tell.
std::map<unsigned, pid_t> vcpu_threads(Guest& guest) {
  std::map<unsigned, pid_t> out;
  const Result<Json> cpus = guest.qmp().execute("query-cpus-fast", Json::object(), kLookLimit);
  if (cpus && cpus->is_array()) {
    for (const Json& cpu : *cpus) {
      const auto index = narrow<unsigned>(get_number(cpu, "cpu-index"));
      const auto thread = narrow<pid_t>(get_number(cpu, "thread-id"));
      if (index && thread) {
        out[*index] = *thread;
      }
    }
  }
  return out;
}

bool all_had_their_turn(const std::vector<VcpuPosition>& sample, const std::map<unsigned, pid_t>& threads,
                        const ThreadTimes& before, const ThreadTimes& now) {
  return std::all_of(sample.begin(), sample.end(), [&](const VcpuPosition& vcpu) {
    const auto thread = threads.find(vcpu.cpu);
    if (vcpu.halted || thread == threads.end()) {
      return true;
    }
    const auto then = before.find(thread->second);
    const auto present = now.find(thread->second);
    return then == before.end() || present == now.end() || present->second.ran - then->second.ran >= kBetween;
  });
}

}  // namespace

Result<Samples> take_samples(Guest& guest) {
  const std::map<unsigned, pid_t> threads = vcpu_threads(guest);
  Samples out;
  for (;;) {
    const Result<std::string> text = guest.qmp().human("info registers -a", kLookLimit);
    if (!text) {
      return tl::unexpected(text.error());
    }
    out.positions.push_back(parse_registers(*text));
    out.text += *text;
    if (out.positions.size() == kSamples) {
      return out;
    }
    const ThreadTimes before = read_thread_times(guest.pid());
    const TimePoint latest = Clock::now() + kBetweenAtMost;
    do {
      if (guest.pump().run_for(kBetween) == Pump::Wait::kStopped) {
        return interrupted();
      }
    } while (Clock::now() < latest &&
             !all_had_their_turn(out.positions.back(), threads, before, read_thread_times(guest.pid())));
  }
}

}  // namespace zlt::run
