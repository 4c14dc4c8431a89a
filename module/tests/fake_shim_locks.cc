// SPDX-License-Identifier: GPL-2.0-only
//
// seqlock_t, spinlock_t, mutex and the interrupt flag of the fake kernel. On RT a spinlock blocks, and masks nothing.
#include <atomic>
#include <new>
#include <utility>

#include "module/tests/fake_shim.h"
#include "module/tests/fake_shim_context.h"

namespace zlt::fake {
namespace {

struct Lock {
  std::atomic<const Context*> owner{nullptr};

  bool try_take() {
    const Context* nobody = nullptr;
    return owner.compare_exchange_strong(nobody, &context());
  }
  void wait_and_take() {
    if (owner.load() == &context()) die("deadlock: a lock is taken by the thread that holds it");
    while (!try_take()) relax();
  }
  void let_go() {
    if (FakeKernel::current().config().trylock_tells && owner.load() != &context())
      FakeKernel::current().violation("a lock is released by a thread that does not hold it");
    owner.store(nullptr);
  }
};

struct Seqlock {
  std::atomic<unsigned int> sequence{0};
  Lock lock;
};

bool rt() {
  return FakeKernel::current().config().rt;
}

void might_sleep() {
  if (!preemptible()) FakeKernel::current().splat(abi::Outcome::kSplatSleepingAtomic);
}

void take_sleeping(Lock& lock) {
  might_sleep();
  if (lock.try_take()) return;
  if (!preemptible()) FakeKernel::current().violation("scheduling while atomic: a contended lock");
  lock.wait_and_take();
}

// spin_lock: `irqs_off` is the caller's business, as far as it has any on this kernel.
void take_spinning(Lock& lock) {
  if (rt()) {
    take_sleeping(lock);
    ++context().migration_off;
    ++context().rcu_readers;
    return;
  }
  ++context().preempt_off;
  lock.wait_and_take();
}

void let_go_spinning(Lock& lock) {
  lock.let_go();
  if (rt()) --context().rcu_readers;
  --(rt() ? context().migration_off : context().preempt_off);
}

unsigned long take_irqsave(Lock& lock) {
  const bool were_off = !rt() && mask_irqs();
  take_spinning(lock);
  return were_off ? 1 : 0;
}

void let_go_irqrestore(Lock& lock, unsigned long flags) {
  let_go_spinning(lock);
  if (!rt()) restore_irqs(flags != 0);
}

template <typename T, typename Raw>
void build(Raw* raw) {
  static_assert(sizeof(T) <= sizeof(raw->opaque));
  new (raw->opaque) T;
}

// read_seqbegin() takes a const seqlock and, on RT, its lock all the same.
Seqlock& seqlock(const zlt_seqlock* raw) {
  return *std::launder(reinterpret_cast<Seqlock*>(const_cast<unsigned long*>(raw->opaque)));
}

Lock& spinlock(zlt_spinlock* raw) {
  return *std::launder(reinterpret_cast<Lock*>(raw->opaque));
}

Lock& raw_spinlock(zlt_raw_spinlock* raw) {
  return *std::launder(reinterpret_cast<Lock*>(raw->opaque));
}

Lock& mutex(zlt_mutex* raw) {
  return *std::launder(reinterpret_cast<Lock*>(raw->opaque));
}

}  // namespace
}  // namespace zlt::fake

using namespace zlt::fake;
using zlt::FakeKernel;

extern "C" {

void zlt_seqlock_init(zlt_seqlock* lock, zlt_class*) {
  build<Seqlock>(lock);
}

void zlt_write_seqlock(zlt_seqlock* lock) {
  take_spinning(seqlock(lock).lock);
  ++seqlock(lock).sequence;
}

void zlt_write_sequnlock(zlt_seqlock* lock) {
  ++seqlock(lock).sequence;
  let_go_spinning(seqlock(lock).lock);
  deliver_interrupts();
}

unsigned long zlt_write_seqlock_irqsave(zlt_seqlock* lock) {
  const unsigned long flags = take_irqsave(seqlock(lock).lock);
  ++seqlock(lock).sequence;
  return flags;
}

void zlt_write_sequnlock_irqrestore(zlt_seqlock* lock, unsigned long flags) {
  ++seqlock(lock).sequence;
  let_go_irqrestore(seqlock(lock).lock, flags);
}

unsigned int zlt_read_seqbegin(const zlt_seqlock* lock) {
  Seqlock& seq = seqlock(lock);
  for (;;) {
    unsigned int start = seq.sequence.load();
    if ((start & 1) != 0 && rt()) {
      take_spinning(seq.lock);
      let_go_spinning(seq.lock);
      start = seq.sequence.load();
    }
    if ((start & 1) == 0) return start;
    relax();
  }
}

bool zlt_read_seqretry(const zlt_seqlock* lock, unsigned int start) {
  return seqlock(lock).sequence.load() != start;
}

unsigned int zlt_seq_peek(const zlt_seqlock* lock) {
  return seqlock(lock).sequence.load();
}

void zlt_seq_note_read(const zlt_seqlock*) {}

void zlt_spinlock_init(zlt_spinlock* lock, zlt_class*) {
  build<Lock>(lock);
}

void zlt_spin_lock(zlt_spinlock* lock) {
  take_spinning(spinlock(lock));
}

bool zlt_spin_trylock(zlt_spinlock* lock) {
  if (!spinlock(lock).try_take() && FakeKernel::current().config().trylock_tells) return false;
  if (rt()) ++context().rcu_readers;
  ++(rt() ? context().migration_off : context().preempt_off);
  return true;
}

void zlt_spin_unlock(zlt_spinlock* lock) {
  let_go_spinning(spinlock(lock));
  deliver_interrupts();
}

unsigned long zlt_spin_lock_irqsave(zlt_spinlock* lock) {
  return take_irqsave(spinlock(lock));
}

void zlt_spin_unlock_irqrestore(zlt_spinlock* lock, unsigned long flags) {
  let_go_irqrestore(spinlock(lock), flags);
}

void zlt_raw_spinlock_init(zlt_raw_spinlock* lock, zlt_class*) {
  build<Lock>(lock);
}

void zlt_raw_spin_lock(zlt_raw_spinlock* lock) {
  ++context().preempt_off;
  raw_spinlock(lock).wait_and_take();
}

void zlt_raw_spin_unlock(zlt_raw_spinlock* lock) {
  raw_spinlock(lock).let_go();
  --context().preempt_off;
  deliver_interrupts();
}

void zlt_mutex_init(zlt_mutex* lock, zlt_class*) {
  build<Lock>(lock);
}

void zlt_mutex_lock(zlt_mutex* lock) {
  take_sleeping(mutex(lock));
}

void zlt_mutex_unlock(zlt_mutex* lock) {
  mutex(lock).let_go();
}

unsigned long zlt_irq_save() {
  return mask_irqs() ? 1 : 0;
}

void zlt_irq_restore(unsigned long flags) {
  restore_irqs(flags != 0);
}

void zlt_preempt_disable() {
  ++context().preempt_off;
}

void zlt_preempt_enable() {
  --context().preempt_off;
  deliver_interrupts();
}

void zlt_bh_disable() {
  ++(rt() ? context().rcu_readers : context().preempt_off);
}

void zlt_bh_enable() {
  --(rt() ? context().rcu_readers : context().preempt_off);
  deliver_interrupts();
}

void zlt_rcu_read_lock() {
  ++context().rcu_readers;
}

void zlt_rcu_read_unlock() {
  --context().rcu_readers;
}

void zlt_rcu_callback(void (*function)(void*), void* argument) {
  if (!may_sleep()) FakeKernel::current().violation("an RCU callback is waited for in atomic context");
  const bool before = std::exchange(context().softirq, true);
  function(argument);
  context().softirq = before;
}

void zlt_migrate_disable() {
  ++context().migration_off;
}

void zlt_migrate_enable() {
  --context().migration_off;
}
}
