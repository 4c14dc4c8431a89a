// SPDX-License-Identifier: GPL-2.0-only
#include "module/core/watch/probes.h"

#include "module/core/atomic.h"
#include "module/core/result.h"

namespace zlt {

namespace {

void set_true(void* flag, const zlt_hit*) {
  static_cast<Atomic<bool>*>(flag)->store(true);
}

}  // namespace

int check_probes_fire(FunctionCode::Reason& reason) {
  Atomic<bool> fired{false};
  ProbeSet<1> probe;
  const int error = probe.plant(zlt_probe_target(), set_true, &fired, reason);
  if (error != 0) return error;
  zlt_probe_target_call();
  probe.remove();
  if (fired.load()) return 0;
  reason.append("kprobes do not fire: see debugfs kprobes/enabled");
  return errc::kNotSupported;
}

}  // namespace zlt
