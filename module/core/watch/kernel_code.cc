// SPDX-License-Identifier: GPL-2.0-only
#include "module/core/watch/kernel_code.h"

#include "module/core/result.h"

namespace zlt {

namespace {

constexpr uint32_t kCodeLimit = 16384;
constexpr const char* kSuffixes[] = {"", ".constprop.0", ".isra.0", ".part.0"};

}  // namespace

Location::Location(uint64_t address) {
  zlt_symbol_location(address, text_, sizeof(text_));
  View rest(text_);
  View part;
  if (!rest.take_until('+', name_) || !rest.take_until('/', part)) return;
  known_ = part.to_number(offset_) && rest.take_word().to_number(size_);
}

int FunctionCode::read(const char* name, Reason& reason) {
  unsigned long address = 0;
  for (const char* suffix : kSuffixes) {
    Text<80> full;
    full.append("%s%s", name, suffix);
    if (zlt_symbol_address(full.c_str(), &address) == 0) break;
  }
  if (address == 0) {
    reason.append("no function %s to be found here", name);
    return errc::kNotSupported;
  }
  const Location location(address);
  if (!location.at_start() || location.size() == 0 || location.size() > kCodeLimit) {
    reason.append("cannot tell the size of %s", location.c_str());
    return errc::kNotSupported;
  }
  address_ = address - location.offset();
  size_ = static_cast<uint32_t>(location.size());
  bytes_ = static_cast<uint8_t*>(zlt_alloc_atomic(size_));
  const int error = bytes_ == nullptr ? errc::kNoMemory : zlt_kernel_read(bytes_, address_, size_);
  if (error != 0) reason.append("cannot read the code of %s (error %d)", name, error);
  return error;
}

const zlt_seqlock* find_zonelist_seqlock(FunctionCode::Reason& reason) {
  unsigned long address = 0;
  if (zlt_symbol_address("zonelist_update_seq", &address) == 0) return zlt_seqlock_at(address);
  reason.append("no symbol zonelist_update_seq to be found: no such seqlock, or no CONFIG_KALLSYMS_ALL");
  return nullptr;
}

}  // namespace zlt
