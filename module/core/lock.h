// SPDX-License-Identifier: GPL-2.0-only
//
// The kernel's locks: one Lock over a small backend, and guards. A guard is one held lock, taken in one way: the lock
// returns it, it cannot be copied or moved, and it lets go at the end of its scope. Guards of one scope let go in the
// reverse order, so the body of a case shows the nesting that it is about.
//
// The shape is that of rust/kernel/sync/lock.rs in Linux. A backend has `Raw`, `init(raw, class)`, and for each way in
// which its lock can be taken a pair of functions; a way that it lacks does not compile. docs/scenarios.md names the
// ways that nobody has asked for yet.
#pragma once

#include "module/shim/zlt_shim.h"

namespace zlt {

struct Empty {};

// `Way` says how to enter and to leave: `State enter(Raw*)`, `void leave(Raw*, State)`.
template <typename Way>
class [[nodiscard]] Guard {
 public:
  using Raw = typename Way::Raw;

  explicit Guard(Raw* raw = nullptr) : raw_(raw), state_(Way::enter(raw)) {}
  ~Guard() { Way::leave(raw_, state_); }
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;

 private:
  Raw* raw_;
  typename Way::State state_;
};

namespace way {

template <typename Backend>
struct Plain {
  using Raw = typename Backend::Raw;
  using State = Empty;
  static State enter(Raw* raw) {
    Backend::lock(raw);
    return {};
  }
  static void leave(Raw* raw, State) { Backend::unlock(raw); }
};

template <typename Backend>
struct Irqsave {
  using Raw = typename Backend::Raw;
  using State = unsigned long;
  static State enter(Raw* raw) { return Backend::lock_irqsave(raw); }
  static void leave(Raw* raw, State flags) { Backend::unlock_irqrestore(raw, flags); }
};

}  // namespace way

// What a try came to: the lock, or nothing.
template <typename Backend>
class [[nodiscard]] TryGuard {
 public:
  using Raw = typename Backend::Raw;

  explicit TryGuard(Raw* raw) : raw_(Backend::try_lock(raw) ? raw : nullptr) {}
  ~TryGuard() {
    if (raw_ != nullptr) Backend::unlock(raw_);
  }
  TryGuard(const TryGuard&) = delete;
  TryGuard& operator=(const TryGuard&) = delete;

  [[nodiscard]] explicit operator bool() const { return raw_ != nullptr; }

 private:
  Raw* raw_;
};

template <typename Backend>
class Lock {
 public:
  constexpr Lock() = default;  // of static storage, which is not constructed in a module: init() before the first use
  explicit Lock(zlt_class& cls) { init(cls); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  ~Lock() = default;

  void init(zlt_class& cls) { Backend::init(&raw_, &cls); }

  Guard<way::Plain<Backend>> lock() { return Guard<way::Plain<Backend>>(&raw_); }
  Guard<way::Irqsave<Backend>> lock_irqsave() { return Guard<way::Irqsave<Backend>>(&raw_); }
  TryGuard<Backend> try_lock() { return TryGuard<Backend>(&raw_); }

 protected:
  [[nodiscard]] const typename Backend::Raw* raw() const { return &raw_; }

 private:
  typename Backend::Raw raw_ = {};
};

namespace backend {

struct Spin {
  using Raw = zlt_spinlock;
  static void init(Raw* raw, zlt_class* cls) { zlt_spinlock_init(raw, cls); }
  static void lock(Raw* raw) { zlt_spin_lock(raw); }
  static bool try_lock(Raw* raw) { return zlt_spin_trylock(raw); }
  static void unlock(Raw* raw) { zlt_spin_unlock(raw); }
  static unsigned long lock_irqsave(Raw* raw) { return zlt_spin_lock_irqsave(raw); }
  static void unlock_irqrestore(Raw* raw, unsigned long flags) { zlt_spin_unlock_irqrestore(raw, flags); }
};

struct RawSpin {
  using Raw = zlt_raw_spinlock;
  static void init(Raw* raw, zlt_class* cls) { zlt_raw_spinlock_init(raw, cls); }
  static void lock(Raw* raw) { zlt_raw_spin_lock(raw); }
  static void unlock(Raw* raw) { zlt_raw_spin_unlock(raw); }
};

struct Mutex {
  using Raw = zlt_mutex;
  static void init(Raw* raw, zlt_class* cls) { zlt_mutex_init(raw, cls); }
  static void lock(Raw* raw) { zlt_mutex_lock(raw); }
  static void unlock(Raw* raw) { zlt_mutex_unlock(raw); }
};

// The writer's side of a seqlock_t: held, it makes the sequence odd.
struct SeqWriter {
  using Raw = zlt_seqlock;
  static void init(Raw* raw, zlt_class* cls) { zlt_seqlock_init(raw, cls); }
  static void lock(Raw* raw) { zlt_write_seqlock(raw); }
  static void unlock(Raw* raw) { zlt_write_sequnlock(raw); }
  static unsigned long lock_irqsave(Raw* raw) { return zlt_write_seqlock_irqsave(raw); }
  static void unlock_irqrestore(Raw* raw, unsigned long flags) { zlt_write_sequnlock_irqrestore(raw, flags); }
};

}  // namespace backend

using SpinLock = Lock<backend::Spin>;
using RawSpinLock = Lock<backend::RawSpin>;
using Mutex = Lock<backend::Mutex>;

class SeqLock : private Lock<backend::SeqWriter> {
 public:
  explicit SeqLock(zlt_class& cls) : Lock(cls) {}

  auto write() { return lock(); }
  auto write_irqsave() { return lock_irqsave(); }

  [[nodiscard]] unsigned int read_begin() const { return zlt_read_seqbegin(raw()); }
  [[nodiscard]] bool read_retry(unsigned int start) const { return zlt_read_seqretry(raw(), start); }
  [[nodiscard]] unsigned int peek() const { return zlt_seq_peek(raw()); }
  [[nodiscard]] bool odd() const { return (peek() & 1) != 0; }
  void note_read() const { zlt_seq_note_read(raw()); }
};

}  // namespace zlt
