// SPDX-License-Identifier: GPL-2.0-only
//
// Corrupted memory found by the kernel's own checks: mm/memory.c, mm/page_alloc.c, mm/slub.c, kernel/fork.c,
// fs/dcache.c.
#include <algorithm>
#include <array>

#include "userspace/splat/kinds.h"
#include "userspace/splat/text.h"
#include "userspace/splat/title.h"

namespace zlt::splat {
namespace {

constexpr std::array kPageSteps{Step::kAllocated, Step::kStack};
constexpr std::array kTraceSteps{Step::kTrace, Step::kStack};
constexpr std::array<Skip, 15> kPageSkip{"free_pcp",
                                         "bad_page",
                                         "print_bad",
                                         "get_page_from_freelist",
                                         "free_page",
                                         "put_page",
                                         "get_page",
                                         "update_page",
                                         "release_page",
                                         "free_unref",
                                         "^*folio",
                                         "alloc",
                                         "truncate_inode_pages",
                                         "vmap",
                                         "page_owner"};
constexpr Blame kPage{kPageSteps, kTraceSteps, kPageSkip};
constexpr std::array<Skip, 7> kSlabSkip{"free_to_partial", "slab", "debug_processing", "object_err", "check_bytes",
                                        "print_trailer",   "kfree"};
constexpr Blame kSlab{kTraceSteps, {}, kSlabSkip};

// Who called the check of the list, in the stack that has it. Where that is cut, nobody who was interrupted or who only
// printed is to blame.
constexpr std::array kListRipSteps{Step::kListRip, Step::kTrace, Step::kStack};
constexpr std::array kListFrameSteps{Step::kListFrame, Step::kStack};
constexpr std::array<Skip, 33> kListSkip{"^__list_",
                                         "console",
                                         "serial8250",
                                         "serial_",
                                         "uart_",
                                         "^wait_for_",
                                         "irqentry",
                                         "^sysvec_",
                                         "^asm_",
                                         "^exc_",
                                         "^do_user_addr",
                                         "^do_syscall",
                                         "^entry_",
                                         "irq_exit",
                                         "do_softirq",
                                         "handle_softirqs",
                                         "run_ksoftirqd",
                                         "smpboot_thread_fn",
                                         "^kthread$",
                                         "ret_from_fork",
                                         "preempt_schedule",
                                         "^schedule",
                                         "^__schedule",
                                         "^el0",
                                         "^el1",
                                         "^invoke_syscall",
                                         "^common_interrupt",
                                         "^secondary_startup",
                                         "^cpu_startup_entry",
                                         "^do_idle",
                                         "^default_idle",
                                         "start_kernel",
                                         "^report_"};

// "BUG CACHE (Tainted…): WHAT": the cache's name is as free as the text.
std::string slab_title(const Kind& /*kind*/, const Subject& subject) {
  const size_t taint = subject.first.find("): ");
  const size_t colon = taint == std::string_view::npos ? subject.first.find(": ") : taint + 1;
  const std::string_view what = subject.first.substr(std::min(colon + 2, subject.first.size()));
  return with_function("BUG: SLUB " + std::string(what.substr(0, what.find(". "))), subject.blamed);
}

constexpr Where kAny = Where::kAnywhere;
constexpr Ending kTr = Ending::kTrace;

constexpr std::array<Kind, 23> kKinds{{
    {"page-corruption", "memory", "BUG: Bad page state", "", kAny, kTr, "BUG: Bad page state in {f}", "", &kPage},
    {"page-corruption", "memory", "BUG: Bad page cache", "", kAny, kTr, "BUG: Bad page cache in {f}", "", &kPage},
    {"page-corruption", "memory", "BUG: Bad page map", "", kAny, kTr, "BUG: Bad page map", "", &kBlameTrace},
    {"mm-accounting", "memory", "BUG: Bad rss-counter state", "", kAny, Ending::kLine, "BUG: Bad rss-counter state",
     ""},
    {"mm-accounting", "memory", "BUG: non-zero nr_ptes on freeing mm", "", kAny, Ending::kLine,
     "BUG: non-zero nr_ptes on freeing mm", ""},
    {"mm-accounting", "memory", "BUG: non-zero nr_pmds on freeing mm", "", kAny, Ending::kLine,
     "BUG: non-zero nr_pmds on freeing mm", ""},
    {"mm-accounting", "memory", "BUG: non-zero pgtables_bytes on freeing mm", "", kAny, Ending::kLine,
     "BUG: non-zero pgtables_bytes on freeing mm", ""},
    {"dentry-in-use", "other", "BUG: Dentry ", " still in use", kAny, kTr, "BUG: Dentry still in use in unmount", "",
     &kBlameTrace},
    {"busy-inodes", "other", "VFS: Busy inodes after unmount", "", kAny, Ending::kLine,
     "VFS: Busy inodes after unmount (use-after-free)", ""},
    {"file-count", "other", "VFS: Close: file count is 0", "", kAny, Ending::kLine,
     "VFS: Close: file count is zero (use-after-free)", ""},
    {"slab-corruption", "memory", "BUG ", " (Not tainted): ", Where::kStart, kTr, "", "", &kSlab, slab_title},
    {"slab-corruption", "memory", "BUG ", " (Tainted: *): ", Where::kStart, kTr, "", "", &kSlab, slab_title},
    // Before 2.6.37 without the taint.
    {"slab-corruption", "memory", "BUG ", ": Poison overwritten", Where::kStart, kTr, "", "", &kSlab, slab_title},
    {"slab-corruption", "memory", "BUG ", ": Redzone overwritten", Where::kStart, kTr, "", "", &kSlab, slab_title},
    {"slab-corruption", "memory", "BUG ", ": Object already free", Where::kStart, kTr, "", "", &kSlab, slab_title},
    {"slab-corruption", "memory", "BUG ", ": Object padding overwritten", Where::kStart, kTr, "", "", &kSlab,
     slab_title},
    {"slab-corruption", "memory", "BUG ", ": Padding overwritten", Where::kStart, kTr, "", "", &kSlab, slab_title},
    {"slab-corruption", "memory", "BUG ", ": Freechain corrupt", Where::kStart, kTr, "", "", &kSlab, slab_title},
    {"slab-corruption", "memory", "BUG ", ": Freepointer corrupt", Where::kStart, kTr, "", "", &kSlab, slab_title},
    {"list-corruption", "memory", "list_add corruption.", "", Where::kStart, kTr, "BUG: corrupted list in {f}", "",
     &kBlameList},
    {"list-corruption", "memory", "list_add double add: ", "", Where::kStart, kTr, "BUG: corrupted list in {f}", "",
     &kBlameList},
    {"list-corruption", "memory", "list_del corruption.", "", Where::kStart, kTr, "BUG: corrupted list in {f}", "",
     &kBlameList},
    {"list-corruption", "memory", "list_del corruption, ", "", Where::kStart, kTr, "BUG: corrupted list in {f}", "",
     &kBlameList},
}};

}  // namespace

const Blame kBlameList{kListRipSteps, kListFrameSteps, kListSkip, Pick::kFirst, true};

std::span<const Kind> memory_kinds() {
  return kKinds;
}

}  // namespace zlt::splat
