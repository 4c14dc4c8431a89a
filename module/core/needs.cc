// SPDX-License-Identifier: GPL-2.0-only
#include "module/core/needs.h"

namespace zlt {

using abi::Param;

namespace {

struct Row {
  Needs need;
  bool (*met)(const Kernel&, const Settings&);
  int (*error)(const Kernel&);  // nullptr: there is none to tell
  const char* sentence;
};

bool has_two_cpus(const Kernel&, const Settings& settings) {
  return settings.get(Param::kWriterCpu) != settings.get(Param::kReaderCpu);
}

bool has_zonelist_readers(const Kernel& kernel, const Settings&) {
  return kernel.hot_remove && kernel.kprobes;
}

bool has_printk_deferral(const Kernel& kernel, const Settings&) {
  return kernel.printk_deferral == 0;
}

int printk_deferral_error(const Kernel& kernel) {
  return kernel.printk_deferral;
}

constexpr Row kRows[] = {
    {.need = kTwoCpus,
     .met = has_two_cpus,
     .error = nullptr,
     .sentence = "needs reader_cpu and writer_cpu to be two online CPUs"},
    {.need = kZonelistReaders,
     .met = has_zonelist_readers,
     .error = nullptr,
     .sentence = "needs CONFIG_MEMORY_HOTREMOVE, for readers of zonelist_update_seq, and CONFIG_KPROBES"},
    {.need = kPrintkDeferral,
     .met = has_printk_deferral,
     .error = printk_deferral_error,
     .sentence = "a kprobe cannot find printk_deferred_enter"},
};

}  // namespace

Lack find_lack(uint8_t needs, const Kernel& kernel, const Settings& settings) {
  for (const Row& row : kRows) {
    if ((needs & row.need) == 0 || row.met(kernel, settings)) continue;
    return Lack{row.sentence, row.error != nullptr ? row.error(kernel) : 0};
  }
  return {};
}

}  // namespace zlt
