// SPDX-License-Identifier: GPL-2.0-only
//
// Counts what certain readers do in the page allocator's slow path, where the allocator reads zonelist_update_seq.
// It sees them through probes on __alloc_pages_slowpath(): a reader enters when the function's entry is hit, spins
// when it looks at the sequence while that is odd, and retries when it compares the sequence and finds it changed.
// The kernel's vmstat events cannot tell this: allocstall counts direct reclaim, which GFP_ATOMIC never does, and
// nothing counts retries.
#pragma once

#include "module/core/atomic.h"
#include "module/core/pressure/measures.h"
#include "module/core/run.h"
#include "module/core/watch/probes.h"
#include "module/core/watch/reader_code.h"

namespace zlt {

class SlowPath {
 public:
  constexpr SlowPath() = default;
  SlowPath(const SlowPath&) = delete;
  SlowPath& operator=(const SlowPath&) = delete;
  ~SlowPath() = default;

  // Counts into `run` from here to finish(). Returns 0, or a negative errno with the reason; finish() has to be called
  // in either case.
  [[nodiscard]] int begin(Run& run, FunctionCode::Reason& reason);
  void finish() { probes_.remove(); }
  // False: kRetries stays 0 and means nothing.
  [[nodiscard]] bool sees_retries() const { return sees_retries_; }
  [[nodiscard]] uint64_t missed() const { return probes_.missed(); }

  // While a Member lives, what its context does is counted. At most kMembers live at once, each with a number of its
  // own.
  class Member {
   public:
    Member(SlowPath& path, size_t number) : slot_(path.members_[number]) { slot_.store(zlt_context()); }
    ~Member() { slot_.store(0); }
    Member(const Member&) = delete;
    Member& operator=(const Member&) = delete;

   private:
    Atomic<uint64_t>& slot_;
  };
  static constexpr size_t kMembers = 8;

 private:
  static void entered(void* self, const zlt_hit* hit);
  static void looked(void* self, const zlt_hit* hit);
  static void compared(void* self, const zlt_hit* hit);
  [[nodiscard]] bool is_member() const;
  [[nodiscard]] int plant(const FunctionCode& code, const ReaderMap& map, FunctionCode::Reason& reason);

  Run* run_ = nullptr;
  const zlt_seqlock* seqlock_ = nullptr;
  bool sees_retries_ = false;
  Atomic<uint64_t> members_[kMembers] = {};
  ProbeSet<1 + 2 * ReaderMap::kPlaces> probes_;
};

}  // namespace zlt
