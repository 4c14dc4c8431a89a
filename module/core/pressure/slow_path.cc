// SPDX-License-Identifier: GPL-2.0-only
#include "module/core/pressure/slow_path.h"

namespace zlt {

int SlowPath::begin(Run& run, FunctionCode::Reason& reason) {
  run_ = &run;
  sees_retries_ = false;
  probes_.forget_missed();
  seqlock_ = find_zonelist_seqlock(reason);
  if (seqlock_ == nullptr) return errc::kNotSupported;
  FunctionCode code;
  int error = code.read("__alloc_pages_slowpath", reason);
  if (error == 0) error = check_probes_fire(reason);
  if (error != 0) return error;
  return plant(code, ReaderMap({code.bytes(), code.size(), code.address(), zlt_seqlock_sequence(seqlock_)}), reason);
}

int SlowPath::plant(const FunctionCode& code, const ReaderMap& map, FunctionCode::Reason& reason) {
  int error = probes_.plant(code.address(), entered, this, reason);
  for (const uint32_t offset : map.looks()) {
    if (error == 0) error = probes_.plant(code.address() + offset, looked, this, reason);
  }
  for (const uint32_t offset : map.retries()) {
    if (error == 0) error = probes_.plant(code.address() + offset, compared, this, reason);
  }
  sees_retries_ = error == 0 && map.retries().count > 0;
  return error;
}

bool SlowPath::is_member() const {
  const uint64_t context = zlt_context();
  for (const auto& member : members_) {
    if (member.load() == context) return true;
  }
  return false;
}

void SlowPath::entered(void* self, const zlt_hit*) {
  auto& path = *static_cast<SlowPath*>(self);
  path.run_->count(path.is_member() ? pressed::kSlowPath : pressed::kSlowPathOthers);
}

void SlowPath::looked(void* self, const zlt_hit*) {
  auto& path = *static_cast<SlowPath*>(self);
  if ((zlt_seq_peek(path.seqlock_) & 1) != 0 && path.is_member()) path.run_->count(pressed::kSpins);
}

void SlowPath::compared(void* self, const zlt_hit* hit) {
  auto& path = *static_cast<SlowPath*>(self);
  if (!hit->zero && path.is_member()) path.run_->count(pressed::kRetries);
}

}  // namespace zlt
