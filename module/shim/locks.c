// SPDX-License-Identifier: GPL-2.0-only
/* seqlock_t, spinlock_t, raw_spinlock_t, mutex, the CPU's interrupt flag and its preempt count. */
#include <linux/bottom_half.h>
#include <linux/irqflags.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/seqlock.h>
#include <linux/spinlock.h>

#include "zlt_shim.h"

static_assert(sizeof(seqlock_t) <= sizeof(struct zlt_seqlock));
static_assert(sizeof(spinlock_t) <= sizeof(struct zlt_spinlock));
static_assert(sizeof(raw_spinlock_t) <= sizeof(struct zlt_raw_spinlock));
static_assert(sizeof(struct mutex) <= sizeof(struct zlt_mutex));
static_assert(2 * sizeof(struct lock_class_key) <= sizeof_field(struct zlt_class, key));

static inline seqlock_t *seqlock(struct zlt_seqlock *lock)
{
	return (seqlock_t *)lock->opaque;
}

static inline const seqlock_t *const_seqlock(const struct zlt_seqlock *lock)
{
	return (const seqlock_t *)lock->opaque;
}

static inline spinlock_t *spinlock(struct zlt_spinlock *lock)
{
	return (spinlock_t *)lock->opaque;
}

static inline raw_spinlock_t *raw_spinlock(struct zlt_raw_spinlock *lock)
{
	return (raw_spinlock_t *)lock->opaque;
}

static inline struct mutex *mutex(struct zlt_mutex *lock)
{
	return (struct mutex *)lock->opaque;
}

static inline struct lock_class_key *class_key(struct zlt_class *cls)
{
	return (struct lock_class_key *)cls->key;
}

/* seqlock_init() alone would give every seqlock of the module the classes of this line. */
void zlt_seqlock_init(struct zlt_seqlock *lock, struct zlt_class *cls)
{
	seqlock_t *sl = seqlock(lock);

	seqlock_init(sl);
	lockdep_set_class_and_name(&sl->lock, class_key(cls) + 1, cls->name);
#ifdef CONFIG_DEBUG_LOCK_ALLOC
	lockdep_init_map(&sl->seqcount.seqcount.dep_map, cls->name, class_key(cls), 0);
#endif
}

void zlt_write_seqlock(struct zlt_seqlock *lock)
{
	write_seqlock(seqlock(lock));
}

void zlt_write_sequnlock(struct zlt_seqlock *lock)
{
	write_sequnlock(seqlock(lock));
}

unsigned long zlt_write_seqlock_irqsave(struct zlt_seqlock *lock)
{
	unsigned long flags;

	write_seqlock_irqsave(seqlock(lock), flags);
	return flags;
}

void zlt_write_sequnlock_irqrestore(struct zlt_seqlock *lock, unsigned long flags)
{
	write_sequnlock_irqrestore(seqlock(lock), flags);
}

unsigned int zlt_read_seqbegin(const struct zlt_seqlock *lock)
{
	return read_seqbegin(const_seqlock(lock));
}

bool zlt_read_seqretry(const struct zlt_seqlock *lock, unsigned int start)
{
	return read_seqretry(const_seqlock(lock), start);
}

unsigned int zlt_seq_peek(const struct zlt_seqlock *lock)
{
	return smp_load_acquire(&const_seqlock(lock)->seqcount.seqcount.sequence);
}

void zlt_seq_note_read(const struct zlt_seqlock *lock)
{
	seqcount_lockdep_reader_access(&const_seqlock(lock)->seqcount.seqcount);
}

const struct zlt_seqlock *zlt_seqlock_at(unsigned long address)
{
	return (const struct zlt_seqlock *)address;
}

unsigned long zlt_seqlock_lock(const struct zlt_seqlock *lock)
{
	return (unsigned long)&const_seqlock(lock)->lock;
}

unsigned long zlt_seqlock_sequence(const struct zlt_seqlock *lock)
{
	return (unsigned long)&const_seqlock(lock)->seqcount.seqcount.sequence;
}

void zlt_spinlock_init(struct zlt_spinlock *lock, struct zlt_class *cls)
{
	spin_lock_init(spinlock(lock));
	lockdep_set_class_and_name(spinlock(lock), class_key(cls), cls->name);
}

void zlt_spin_lock(struct zlt_spinlock *lock)
{
	spin_lock(spinlock(lock));
}

bool zlt_spin_trylock(struct zlt_spinlock *lock)
{
	return spin_trylock(spinlock(lock));
}

void zlt_spin_unlock(struct zlt_spinlock *lock)
{
	spin_unlock(spinlock(lock));
}

unsigned long zlt_spin_lock_irqsave(struct zlt_spinlock *lock)
{
	unsigned long flags;

	spin_lock_irqsave(spinlock(lock), flags);
	return flags;
}

void zlt_spin_unlock_irqrestore(struct zlt_spinlock *lock, unsigned long flags)
{
	spin_unlock_irqrestore(spinlock(lock), flags);
}

void zlt_raw_spinlock_init(struct zlt_raw_spinlock *lock, struct zlt_class *cls)
{
	raw_spin_lock_init(raw_spinlock(lock));
	lockdep_set_class_and_name(raw_spinlock(lock), class_key(cls), cls->name);
}

void zlt_raw_spin_lock(struct zlt_raw_spinlock *lock)
{
	raw_spin_lock(raw_spinlock(lock));
}

void zlt_raw_spin_unlock(struct zlt_raw_spinlock *lock)
{
	raw_spin_unlock(raw_spinlock(lock));
}

void zlt_mutex_init(struct zlt_mutex *lock, struct zlt_class *cls)
{
	__mutex_init(mutex(lock), cls->name, class_key(cls));
}

void zlt_mutex_lock(struct zlt_mutex *lock)
{
	mutex_lock(mutex(lock));
}

void zlt_mutex_unlock(struct zlt_mutex *lock)
{
	mutex_unlock(mutex(lock));
}

unsigned long zlt_irq_save(void)
{
	unsigned long flags;

	local_irq_save(flags);
	return flags;
}

void zlt_irq_restore(unsigned long flags)
{
	local_irq_restore(flags);
}

void zlt_preempt_disable(void)
{
	preempt_disable();
}

void zlt_preempt_enable(void)
{
	preempt_enable();
}

void zlt_bh_disable(void)
{
	local_bh_disable();
}

void zlt_bh_enable(void)
{
	local_bh_enable();
}

void zlt_migrate_disable(void)
{
	migrate_disable();
}

void zlt_migrate_enable(void)
{
	migrate_enable();
}
