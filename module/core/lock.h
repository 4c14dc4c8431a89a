// SPDX-License-Identifier: GPL-2.0-only
//
// The kernel's locks as lock objects and guards. A guard is one held lock (or one masked thing): it is returned by
// the lock, cannot be copied or moved, and lets go at the end of its scope. Guards of one scope let go in the reverse
// order, so a scenario's body shows the nesting it is about.
#pragma once

#include "module/shim/zlt_shim.h"

namespace zlt {

// A backend says how to enter and leave: `State enter(Lock*)`, `void leave(Lock*, State)`.
template <typename Backend>
class [[nodiscard]] Guard {
 public:
  using Lock = typename Backend::Lock;

  explicit Guard(Lock* lock = nullptr) : lock_(lock), state_(Backend::enter(lock)) {}
  ~Guard() { Backend::leave(lock_, state_); }
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;

 private:
  Lock* lock_;
  typename Backend::State state_;
};

struct Empty {};

namespace backend {

struct WriteSeqlock {
  using Lock = zlt_seqlock;
  using State = Empty;
  static State enter(Lock* lock) {
    zlt_write_seqlock(lock);
    return {};
  }
  static void leave(Lock* lock, State) { zlt_write_sequnlock(lock); }
};

struct WriteSeqlockIrqsave {
  using Lock = zlt_seqlock;
  using State = unsigned long;
  static State enter(Lock* lock) { return zlt_write_seqlock_irqsave(lock); }
  static void leave(Lock* lock, State flags) { zlt_write_sequnlock_irqrestore(lock, flags); }
};

struct SpinLockIrqsave {
  using Lock = zlt_spinlock;
  using State = unsigned long;
  static State enter(Lock* lock) { return zlt_spin_lock_irqsave(lock); }
  static void leave(Lock* lock, State flags) { zlt_spin_unlock_irqrestore(lock, flags); }
};

struct MutexLock {
  using Lock = zlt_mutex;
  using State = Empty;
  static State enter(Lock* lock) {
    zlt_mutex_lock(lock);
    return {};
  }
  static void leave(Lock* lock, State) { zlt_mutex_unlock(lock); }
};

struct IrqsOff {
  using Lock = Empty;
  using State = unsigned long;
  static State enter(Lock*) { return zlt_irq_save(); }
  static void leave(Lock*, State flags) { zlt_irq_restore(flags); }
};

struct PrintkDeferred {
  using Lock = Empty;
  using State = Empty;
  static State enter(Lock*) {
    zlt_printk_deferred_enter();
    return {};
  }
  static void leave(Lock*, State) { zlt_printk_deferred_exit(); }
};

}  // namespace backend

class SeqLock {
 public:
  explicit SeqLock(zlt_class& cls) { zlt_seqlock_init(&raw_, &cls); }
  SeqLock(const SeqLock&) = delete;
  SeqLock& operator=(const SeqLock&) = delete;
  ~SeqLock() = default;

  Guard<backend::WriteSeqlock> write() { return Guard<backend::WriteSeqlock>(&raw_); }
  Guard<backend::WriteSeqlockIrqsave> write_irqsave() { return Guard<backend::WriteSeqlockIrqsave>(&raw_); }

  [[nodiscard]] unsigned int read_begin() const { return zlt_read_seqbegin(&raw_); }
  [[nodiscard]] bool read_retry(unsigned int start) const { return zlt_read_seqretry(&raw_, start); }
  [[nodiscard]] unsigned int peek() const { return zlt_seq_peek(&raw_); }
  [[nodiscard]] bool odd() const { return (peek() & 1) != 0; }
  void note_read() const { zlt_seq_note_read(&raw_); }

 private:
  zlt_seqlock raw_ = {};
};

class SpinLock {
 public:
  explicit SpinLock(zlt_class& cls) { zlt_spinlock_init(&raw_, &cls); }
  SpinLock(const SpinLock&) = delete;
  SpinLock& operator=(const SpinLock&) = delete;
  ~SpinLock() = default;

  Guard<backend::SpinLockIrqsave> lock_irqsave() { return Guard<backend::SpinLockIrqsave>(&raw_); }

 private:
  zlt_spinlock raw_ = {};
};

class Mutex {
 public:
  constexpr Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;
  ~Mutex() = default;

  // Once, before the first lock(): static storage is not constructed in a module.
  void init(zlt_class& cls) { zlt_mutex_init(&raw_, &cls); }
  Guard<backend::MutexLock> lock() { return Guard<backend::MutexLock>(&raw_); }

 private:
  zlt_mutex raw_ = {};
};

// local_irq_save ... local_irq_restore. On RT this is what a spinlock_t must not be taken under.
inline Guard<backend::IrqsOff> irqs_off() {
  return Guard<backend::IrqsOff>();
}

// printk_deferred_enter ... printk_deferred_exit. Precondition: the case needs kPrintkDeferral.
inline Guard<backend::PrintkDeferred> printk_deferred() {
  return Guard<backend::PrintkDeferred>();
}

}  // namespace zlt
