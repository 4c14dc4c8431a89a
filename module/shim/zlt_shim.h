/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The whole kernel, as the C++ core sees it: flat functions over opaque storage.
 *
 * Contract: each function does what the kernel primitive named beside it does, in the caller's
 * context, and nothing else; policy belongs to core/. Errors are negative errno values. Times are
 * nanoseconds of CLOCK_MONOTONIC. Opaque types never move and are initialised before use; their
 * sizes are checked against the kernel's own types where they are implemented. module/tests/ has a
 * second implementation, on threads, for the host.
 */
#ifndef ZLT_SHIM_H
#define ZLT_SHIM_H

#ifdef __cplusplus
#include <stddef.h>
#include <stdint.h>
extern "C" {
#elif defined(__KERNEL__)
#include <linux/stdarg.h>
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

/* ---- the running kernel ---- */

struct zlt_kernel {
	const char *release; /* uname -r */
	uint32_t version;    /* KERNEL_VERSION() the module was built against */
	bool rt;	     /* CONFIG_PREEMPT_RT */
	bool lockdep;	     /* CONFIG_PROVE_LOCKING */
	bool raw_nesting;    /* CONFIG_PROVE_RAW_LOCK_NESTING */
	bool trylock_tells;  /* spin_trylock() of a held lock fails: not so on UP without
				DEBUG_SPINLOCK */
	bool atomic_sleep;   /* CONFIG_DEBUG_ATOMIC_SLEEP */
	bool smp;	     /* CONFIG_SMP */
	bool kprobes;	     /* CONFIG_KPROBES */
	bool hot_remove; /* CONFIG_MEMORY_HOTREMOVE: without it nobody reads zonelist_update_seq */
	int printk_deferral; /* of zlt_printk_deferred_find() */
};

/* Task context; looks for functions through kprobes. */
void zlt_kernel_describe(struct zlt_kernel *kernel);

#define ZLT_VERSION(a, b) (((uint32_t)(a) << 16) + ((uint32_t)(b) << 8))

/* ---- log: pr_info and friends, prefixed "zltorture: " ---- */

enum zlt_level { ZLT_ERR, ZLT_WARN, ZLT_INFO };
void zlt_log(enum zlt_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* vscnprintf: returns the characters written, without the NUL; needs size > 0. */
int zlt_format(char *buffer, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* ---- time, context, CPUs ---- */

uint64_t zlt_now_ns(void);	    /* ktime_get_ns */
void zlt_relax(void);		    /* cpu_relax */
void zlt_sleep_us(unsigned int us); /* usleep_range; task context, may sleep */
bool zlt_irqs_disabled(void);	    /* irqs_disabled */
bool zlt_in_hardirq(void);	    /* in_hardirq */
bool zlt_preemptible(void);	    /* preemptible; without CONFIG_PREEMPT_COUNT always false */
unsigned int zlt_cpu(void);	    /* raw_smp_processor_id */
/*
 * Names the calling context: two that can interrupt each other differ, and a probe's handler has
 * that of the code it interrupts.
 */
uint64_t zlt_context(void);
bool zlt_cpu_online(unsigned int cpu);
unsigned int zlt_cpus_online(void);
uint64_t zlt_random(void);     /* get_random_u64 */
bool zlt_highres_timers(void); /* hrtimer_resolution says that some CPU left the periodic tick */

/* ---- memory ---- */

void *
zlt_alloc_atomic(size_t size); /* kmalloc(GFP_ATOMIC | __GFP_NOWARN); NULL when there is none */
void zlt_free(void *memory);   /* kfree */

/* ---- locks ---- */

/*
 * A lock class with its name, in static storage: lockdep keys on the address. A seqlock needs two
 * keys, one for the sequence and one for the lock inside; both go by the one name, as with the
 * kernel's DEFINE_SEQLOCK.
 */
struct zlt_class {
	const char *name;
	unsigned long key[4];
};

struct zlt_seqlock {
	unsigned long opaque[48];
};
struct zlt_spinlock {
	unsigned long opaque[32];
};
struct zlt_raw_spinlock {
	unsigned long opaque[32];
};
struct zlt_mutex {
	unsigned long opaque[40];
};

void zlt_seqlock_init(struct zlt_seqlock *lock, struct zlt_class *cls);
void zlt_write_seqlock(struct zlt_seqlock *lock);
void zlt_write_sequnlock(struct zlt_seqlock *lock);
unsigned long zlt_write_seqlock_irqsave(struct zlt_seqlock *lock);
void zlt_write_sequnlock_irqrestore(struct zlt_seqlock *lock, unsigned long flags);
unsigned int zlt_read_seqbegin(const struct zlt_seqlock *lock); /* spins or blocks while odd */
bool zlt_read_seqretry(const struct zlt_seqlock *lock, unsigned int start);
unsigned int
zlt_seq_peek(const struct zlt_seqlock *lock); /* the raw sequence, acquire; no lockdep */
void zlt_seq_note_read(
	const struct zlt_seqlock *lock); /* what read_seqbegin tells lockdep, nothing else */

/* Of a seqlock that is not ours, by its address: use zlt_seq_peek() on it, and nothing else. */
const struct zlt_seqlock *zlt_seqlock_at(unsigned long address);
unsigned long zlt_seqlock_lock(const struct zlt_seqlock *lock); /* address of the lock inside */
unsigned long
zlt_seqlock_sequence(const struct zlt_seqlock *lock); /* address of the counter inside */

void zlt_spinlock_init(struct zlt_spinlock *lock, struct zlt_class *cls);
void zlt_spin_lock(struct zlt_spinlock *lock);
bool zlt_spin_trylock(struct zlt_spinlock *lock);
void zlt_spin_unlock(struct zlt_spinlock *lock);
unsigned long zlt_spin_lock_irqsave(struct zlt_spinlock *lock);
void zlt_spin_unlock_irqrestore(struct zlt_spinlock *lock, unsigned long flags);

void zlt_raw_spinlock_init(struct zlt_raw_spinlock *lock, struct zlt_class *cls);
void zlt_raw_spin_lock(struct zlt_raw_spinlock *lock); /* spins on RT too */
void zlt_raw_spin_unlock(struct zlt_raw_spinlock *lock);

void zlt_mutex_init(struct zlt_mutex *lock, struct zlt_class *cls);
void zlt_mutex_lock(struct zlt_mutex *lock);
void zlt_mutex_unlock(struct zlt_mutex *lock);

unsigned long zlt_irq_save(void); /* local_irq_save */
void zlt_irq_restore(unsigned long flags);
void zlt_preempt_disable(void);
void zlt_preempt_enable(void);
void zlt_bh_disable(void); /* local_bh_disable */
void zlt_bh_enable(void);
void zlt_migrate_disable(void);
void zlt_migrate_enable(void);

/* ---- hrtimers: one-shot, pinned to the CPU that starts them ---- */

struct zlt_timer {
	unsigned long opaque[40];
	void (*function)(void *argument);
	void *argument;
};
enum zlt_timer_mode {
	ZLT_TIMER_HARD, /* hard interrupt context, on RT too; without RT it may take a spinlock_t */
	ZLT_TIMER_SOFT, /* softirq context; on RT a thread */
};

/* The storage may be on the stack. */
void zlt_timer_init(struct zlt_timer *timer, enum zlt_timer_mode mode, void (*function)(void *),
		    void *argument);
void zlt_timer_start(struct zlt_timer *timer, enum zlt_timer_mode mode, uint64_t at_ns);
void zlt_timer_destroy(struct zlt_timer *timer); /* cancels, waits for a running callback */

/* ---- RCU ---- */

void zlt_rcu_read_lock(void);
void zlt_rcu_read_unlock(void);
/* Has call_rcu() call `function(argument)`, and returns when that is done. Task context. */
void zlt_rcu_callback(void (*function)(void *), void *argument);

/* ---- threads ---- */

struct zlt_thread; /* a kthread, bound to one CPU */

/* Starts `function(argument)`; *thread is valid until joined. The function returns by itself. */
int zlt_thread_start(struct zlt_thread **thread, const char *name, unsigned int cpu,
		     void (*function)(void *), void *argument);
void zlt_thread_join(struct zlt_thread *thread);

/* ---- printk and consoles ---- */

void zlt_printk_crit(
	const char *message); /* printk(KERN_CRIT): passes the usual console log levels */

/*
 * printk_deferred_enter/exit of this kernel, __printk_safe_* before 6.7, found by a kprobe that is
 * registered by name and removed again: they are not exported. 0 or the error of register_kprobe().
 * Find before use.
 */
int zlt_printk_deferred_find(void);
void zlt_printk_deferred_enter(void);
void zlt_printk_deferred_exit(void);

struct zlt_console;

/* register_console() of a console that hands each write to `write(argument)`; it prints nothing
 * itself. */
int zlt_console_register(struct zlt_console **console, const char *name, void (*write)(void *),
			 void *argument);
void zlt_console_unregister(struct zlt_console *console); /* waits for a write that is going on */
void zlt_console_settle(void); /* console_lock + console_unlock: whatever was printed is out */

/* ---- probes ---- */

/*
 * The address of a kernel symbol, exported or not, function or data, as kprobes resolve its name:
 * of a function that starts with ENDBR, the address behind that. Nothing is probed. 0 or a negative
 * errno.
 */
int zlt_symbol_address(const char *name, unsigned long *address);
/* Where an address lies, as printk's %pS has it: NAME+0xOFFSET/0xSIZE. */
void zlt_symbol_location(unsigned long address, char *text, size_t size);
int zlt_kernel_read(void *to, unsigned long from, size_t size); /* copy_from_kernel_nofault */

struct zlt_hit {
	const void *task;	/* current, to compare */
	unsigned long argument; /* the first integer argument's register; meaningful at a call */
	bool irqs_off; /* in the probed code; the handler always runs with preemption off */
	bool zero;     /* its zero flag, for a probe at a conditional jump */
};

struct zlt_probe {
	unsigned long opaque[24];
	void (*function)(void *argument, const struct zlt_hit *hit);
	void *argument;
};

/*
 * register_kprobe() at an address. -EILSEQ: not the start of an instruction; -EOPNOTSUPP: no
 * kprobes here.
 */
int zlt_probe_register(struct zlt_probe *probe, unsigned long address,
		       void (*function)(void *, const struct zlt_hit *), void *argument);
/* unregister_kprobes(), once for all; waits for handlers that are running. */
void zlt_probes_unregister(struct zlt_probe *const *probes, size_t count);
/* Hits whose handler was not called, because it interrupted another kprobe's. */
unsigned long zlt_probe_missed(const struct zlt_probe *probe);
/*
 * A function of the kernel without effects, and a call of it: to find out whether probes fire. None
 * of the module's own: register_kprobe() holds a module while it arms a probe in it (6.1 and 6.12),
 * and rmmod fails at that moment.
 */
unsigned long zlt_probe_target(void);
void zlt_probe_target_call(void);

struct zlt_task {
	int pid;
	char comm[16];
};
void zlt_task_describe(struct zlt_task *task); /* of the caller; any context */
/* sched_clock: the fastest there is; good for differences on one CPU. */
uint64_t zlt_clock_ns(void);

/* ---- debugfs ---- */

struct zlt_out; /* a seq_file */
void zlt_out_printf(struct zlt_out *out, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

struct zlt_file {
	const char *name;
	void (*show)(struct zlt_out *out); /* NULL: not readable */
	int (*write)(
		char *text,
		size_t length); /* NULL: not writable; text is NUL-terminated, may be changed */
};

int zlt_debugfs_create(const char *directory, const struct zlt_file *files, size_t count);
void zlt_debugfs_remove(void); /* waits for readers and writers that are inside */

#include "zlt_memory.h"

/* ---- what the core provides to the shim ---- */

int zlt_core_init(void);
void zlt_core_exit(void);
int zlt_core_param_set(unsigned int index, const char *text); /* index into module/abi/params.def */
uint64_t zlt_core_param_get(unsigned int index);

#ifdef __cplusplus
}
#endif

#endif
