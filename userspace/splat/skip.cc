// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/skip.h"

#include <array>

#include "userspace/splat/text.h"

namespace zlt::splat {
namespace {

// One list per reason. A part of the name is enough unless tied by ^ or $.
constexpr auto kReporting = std::to_array<Skip>(
    {"panic", "__warn", "warn_slowpath", "warn_alloc", "warn_bogus", "report_bug", "fixup_bug", "print_report",
     "print_usage_bug", "^valid_state$", "print_address_description", "print_unlock", "imbalance_bug", "print_tainted",
     "^get_taint$", "show_stack", "dump_stack", "walk_stack", "dump_backtrace", "unwind_backtrace", "invalid_op",
     "do_error", "_trap$", "do_trap", "assertfail", "__fortify_report", "program_check_exception",
     "program_check_common", "do_kernel_fault", "do_translation_fault", "do_mem_abort", "el1_abort", "el1h_64_sync",
     "stack_trace_consume_entry", "arch_stack_walk", "stack_trace_save", "printk", "va_format", "hex_dump_to_buffer",
     "print_hex_dump", "dev_info", "dev_notice", "dev_warn", "dev_err", "dev_alert", "dev_crit", "dev_emerg",
     "perf_trace",
     // arm64's way to an SError's panic
     "do_serror", "serror_panic", "el1h_64_error", "el1_error", "el0_error", "el0t_64_error", "^bad_mode$",
     // lockdep's own
     "print_circular_bug", "print_deadlock_bug", "print_irq_inversion_bug", "print_bad_irq_dependency",
     "print_lock_invalid_wait_context", "print_freed_lock_bug", "print_lock_nested_lock_not_held", "print_collision",
     "print_kernel_ident"});
constexpr auto kSanitizers = std::to_array<Skip>(
    {"__sanitizer", "__asan", "kasan", "hwasan", "__msan", "kmsan", "kcsan_setup_watchpoint", "check_memory_region",
     "check_heap_object", "check_object", "read_word_at_a_time", "read_once_*nocheck", "write_once_*nocheck",
     "debug_object", "timer_is_static_object", "work_is_static_object", "ref_tracker"});
constexpr auto kLocks = std::to_array<Skip>(
    {"lockdep", "lock_acquire", "lock_release", "lock_class", "mark_lock", "reacquire_held_locks", "mark_held_locks",
     "bh_enable", "bh_disable", "raw_spin_rq", "spin_lock", "spin_trylock", "spin_unlock", "read_lock", "read_trylock",
     "read_unlock", "write_lock", "write_trylock", "write_unlock", "^down$", "down_read", "down_write", "down_trylock",
     "up_read", "up_write", "^mutex_", "^__mutex_", "rt_mutex_", "^rt_spin_", "^rt_read_", "^rt_write_", "rtlock",
     "rwbase_", "owner_on_cpu", "osq_lock", "osq_unlock", "seqprop_assert", "trace_hardirq", "trace_softirq",
     "lockdep_hardirq", "lockdep_softirq", "^lock_page", "^unlock_page", "lock_timer_base", "__might_fault",
     "might_fault", "might_sleep", "__might_resched",
     // lockdep's way to what it found
     "validate_chain", "^check_prev_add", "^check_prevs_add", "check_noncircular", "^check_deadlock$", "^check_usage",
     "^check_irq_usage$", "^mark_usage$", "^check_wait_context$", "^check_chain_key", "^__bfs", "^add_chain_cache",
     "^lookup_chain_cache", "^find_usage_", "^register_lock_class$", "^look_up_lock_class$", "^lock_is_held",
     "^lock_pin_lock$", "^lock_set_class$", "^lock_downgrade$"});
constexpr auto kAtomics = std::to_array<Skip>(
    {"atomic_dec",       "atomic_inc",   "atomic_read",  "atomic_set",    "atomic_or",      "atomic_xor",
     "atomic_and",       "atomic_add",   "atomic_sub",   "atomic_fetch",  "atomic_xchg",    "atomic_cmpxchg",
     "atomic_try",       "atomic64_dec", "atomic64_inc", "atomic64_read", "atomic64_set",   "atomic64_or",
     "atomic64_xor",     "atomic64_and", "atomic64_add", "atomic64_sub",  "atomic64_fetch", "atomic64_xchg",
     "atomic64_cmpxchg", "atomic64_try", "set_bit",      "clear_bit",     "change_bit",     "test_bit",
     "^refcount_",       "^kref_"});
constexpr auto kMemory = std::to_array<Skip>({"alloc_page",
                                              "malloc",
                                              "zalloc",
                                              "calloc",
                                              "krealloc",
                                              "kmem_cache",
                                              "allocate_slab",
                                              "__alloc_frozen_pages_noprof",
                                              "folio_alloc",
                                              "folio_unlock",
                                              "filemap_alloc_folio",
                                              "__filemap_get_folio",
                                              "find_or_create_page",
                                              "do_read_cache_folio",
                                              "read_cache_page",
                                              "pagecache_get_page",
                                              "grab_cache_page_write_begin",
                                              "slab_",
                                              "^kfree$",
                                              "^kvfree$",
                                              "^vfree$",
                                              "^__vfree$",
                                              "^__vunmap$",
                                              "kfree_skb",
                                              "xas_start",
                                              "xas_load",
                                              "xas_find",
                                              "find_lock_entries",
                                              "truncate_inode_pages_range",
                                              "truncate_cleanup_folio",
                                              "^ifs_free$",
                                              "__phys_addr",
                                              "extract_user_to_sg",
                                              "extract_iter_to_sg",
                                              "rhashtable_lookup",
                                              "ida_free"});
constexpr auto kStrings = std::to_array<Skip>({"memcpy",
                                               "memcmp",
                                               "memset",
                                               "memchr",
                                               "memmove",
                                               "memdup",
                                               "strcmp",
                                               "strncmp",
                                               "strcpy",
                                               "strlcpy",
                                               "strncpy",
                                               "strscpy",
                                               "strlen",
                                               "strstr",
                                               "strnstr",
                                               "strnlen",
                                               "strchr",
                                               "strdup",
                                               "strndup",
                                               "string",
                                               "pointer",
                                               "snprintf",
                                               "scnprintf",
                                               "kasprintf",
                                               "kvasprintf",
                                               "copy_to_user",
                                               "copy_from_user",
                                               "copy_to_iter",
                                               "copy_from_iter",
                                               "copy_page_to_iter",
                                               "copy_page_from_iter",
                                               "copy_folio_to_iter",
                                               "^copyin$",
                                               "^copyout$",
                                               "put_user",
                                               "get_user",
                                               "readb$",
                                               "readw$",
                                               "readl$",
                                               "readq$",
                                               "writeb$",
                                               "writew$",
                                               "writel$",
                                               "writeq$",
                                               "logic_in",
                                               "logic_out",
                                               "crc_itu_t",
                                               "_indirect_thunk_",
                                               "list_add",
                                               "list_del",
                                               "list_replace",
                                               "list_move",
                                               "list_splice",
                                               "^rb_",
                                               "^__rb_",
                                               "^klist_"});
constexpr auto kWorkAndWait = std::to_array<Skip>({"__wake_up",
                                                   "finish_wait",
                                                   "^complete$",
                                                   "wait_for_completion",
                                                   "del_timer",
                                                   "__mod_timer",
                                                   "__timer_delete_sync",
                                                   "^timer_delete",
                                                   "^timer_shutdown",
                                                   "^__timer_delete",
                                                   "^try_to_del_timer_sync$",
                                                   "^hrtimer_cancel$",
                                                   "^hrtimer_try_to_cancel$",
                                                   "^hrtimer_cancel_wait_running$",
                                                   "^cancel_delayed_work",
                                                   "^cancel_work$",
                                                   "^__cancel_work",
                                                   "^disable_work",
                                                   "^disable_delayed_work",
                                                   "^__disable_work",
                                                   "sk_stop_timer_sync",
                                                   "flush_work",
                                                   "__cancel_work_timer",
                                                   "cancel_work_sync",
                                                   "try_to_grab_pending",
                                                   "drain_workqueue",
                                                   "destroy_workqueue",
                                                   "queue_work",
                                                   "insert_work",
                                                   "queue_delayed_work_on",
                                                   "__queue_delayed_work",
                                                   "kthread_stop",
                                                   "cleanup_srcu_struct"});
constexpr auto kObjects = std::to_array<Skip>({"kobject_",
                                               "add_uevent_var",
                                               "get_device_parent",
                                               "device_add",
                                               "device_del",
                                               "device_unregister",
                                               "device_destroy",
                                               "device_release",
                                               "device_for_each_child",
                                               "device_remove_file",
                                               "devres_release_all",
                                               "^put_device$",
                                               "sysfs_remove",
                                               "hwrng_unregister",
                                               "i2c_del_adapter",
                                               "__unregister_client",
                                               "rollback_registered",
                                               "unregister_netdev",
                                               "tty_unregister_device",
                                               "dummy_urb_enqueue",
                                               "usb_kill_urb",
                                               "usb_kill_anchored_urbs",
                                               "usb_control_msg",
                                               "usb_hcd_submit_urb",
                                               "usb_submit_urb",
                                               "^iput$",
                                               "^iput_final$",
                                               "^ihold$",
                                               "drop_nlink",
                                               "fast_dput",
                                               "dput"});

constexpr auto kAnchors = std::to_array<Skip>(
    {// What dispatches work and interrupts.
     "process_one_work", "do_softirq", "call_timer_fn", "_run_timers", "run_timer_softirq", "hrtimer_run",
     "run_ksoftirqd", "smpboot_thread_fn", "^kthread$", "start_secondary", "cpu_startup_entry", "ret_from_fork",
     "smp_call_function", "tasklet_action", "tasklet_hi_action", "task_work_run", "exit_to_usermode", "__fput",
     // System calls.
     "do_syscall_", "do_fast_syscall_", "sysenter_dispatch", "tracesys_phase2", "el0_svc_handler", "invoke_syscall",
     "ret_fast_syscall", "^socketpair", "^connect", "^ioctl", "^sys_socketpair", "^sys_connect", "^sys_ioctl",
     // Files.
     "vfs_write", "vfs_read", "vfs_iter_read", "vfs_iter_write", "do_iter_read", "do_iter_write", "call_read_iter",
     "call_write_iter", "new_sync_read", "new_sync_write", "vfs_ioctl", "ksys_ioctl", "compat_ioctl",
     "compat_sys_ioctl", "blkdev_driver_ioctl", "blkdev_ioctl", "^call_mmap", "mmap_region", "do_mmap",
     "do_dentry_open", "vfs_open",
     // Sockets.
     "netif_receive_skb", "^sock_sendmsg", "^sock_recvmsg", "^sock_release", "^__sock_release", "^setsockopt$",
     "kernel_setsockopt", "sock_common_setsockopt", "^listen$", "kernel_listen", "sk_common_release", "^sock_mmap",
     "^accept$", "kernel_accept", "^sock_do_ioctl", "^sock_ioctl", "^compat_sock_ioctl", "^nfnetlink_rcv_msg",
     "^rtnetlink_rcv_msg", "^netlink_dump",
     // Page faults.
     "__do_fault", "do_page_fault", "^page_fault$"});

constexpr auto kWaiting =
    std::to_array<Skip>({"sched", "_lock", "_slowlock", "down", "rwsem", "completion", "kthread", "wait", "synchronize",
                         "context_switch", "__switch_to", "cancel_delayed_work", "rcu_barrier"});

template <size_t N>
bool any(std::string_view function, const std::array<Skip, N>& patterns) {
  for (const Skip& pattern : patterns) {
    if (skip_matches(function, pattern)) return true;
  }
  return false;
}

bool is_crc(std::string_view function) {
  return function.starts_with("crc") && function.size() > 3 && is_digit(function[3]);
}

}  // namespace

bool skip_matches(std::string_view function, Skip pattern) {
  const bool at_start = pattern.starts_with('^');
  if (at_start) pattern.remove_prefix(1);
  const bool at_end = pattern.ends_with('$');
  if (at_end) pattern.remove_suffix(1);
  const size_t star = pattern.find('*');
  if (star != std::string_view::npos) {
    const size_t at = function.find(pattern.substr(0, star));
    if (at == std::string_view::npos || (at_start && at != 0)) return false;
    return function.find(pattern.substr(star + 1), at + star) != std::string_view::npos;
  }
  if (at_start && at_end) return function == pattern;
  if (at_start) return function.starts_with(pattern);
  if (at_end) return function.ends_with(pattern);
  return contains(function, pattern);
}

bool is_reporting(std::string_view function) {
  return any(function, kReporting);
}

bool is_helper(std::string_view function) {
  return any(function, kReporting) || any(function, kSanitizers) || any(function, kLocks) || any(function, kAtomics) ||
         any(function, kMemory) || any(function, kStrings) || any(function, kWorkAndWait) || any(function, kObjects) ||
         is_crc(function);
}

std::string_view strip_syscall(std::string_view function) {
  constexpr auto kPrefixes = std::to_array<std::string_view>({"SYSC_", "SyS_", "sys_", "__x64_", "__ia32_", "__arm64_",
                                                              "____sys_", "___sys_", "__sys_", "__se_sys_", "__se_",
                                                              "__do_sys_", "compat_SYSC_", "compat_SyS_", "ksys_"});
  for (const auto& prefix : kPrefixes) {
    if (function.starts_with(prefix)) function.remove_prefix(prefix.size());
  }
  return function;
}

bool is_stall_anchor(std::string_view function) {
  return any(function, kAnchors);
}

bool is_waiting(std::string_view function) {
  return any(function, kWaiting);
}

}  // namespace zlt::splat
