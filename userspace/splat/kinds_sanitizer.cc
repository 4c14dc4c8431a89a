// SPDX-License-Identifier: GPL-2.0-only
//
// KASAN, KMSAN, KCSAN, KFENCE, UBSAN, kmemleak.
#include <array>

#include "userspace/splat/kinds.h"
#include "userspace/splat/text.h"
#include "userspace/splat/title.h"

namespace zlt::splat {
namespace {

constexpr std::array kAccessSteps{Step::kSubject, Step::kTrace, Step::kStack};
// KASAN with hardware tags reports from the fault handler.
constexpr std::array<Skip, 5> kAccessSkip{"kernel_fault", "tag_check", "mem_abort", "^el1_", "^el1h_"};
constexpr Blame kAccess{kAccessSteps, {}, kAccessSkip};
constexpr std::array<Skip, 4> kFreeSkip{"slab_", "kfree", "vunmap", "vfree"};
constexpr Blame kFree{kAccessSteps, {}, kFreeSkip};

constexpr std::array kHeadSteps{Step::kStack, Step::kOrigin};
constexpr std::array<Skip, 9> kUninitSkip{"alloc_skb", "netlink_ack", "netlink_rcv_skb", "_encrypt$", "^crypto_",
                                          "^cipher_",  "^drbg_",      "^rng_",           "^crypto_"};
constexpr Blame kUninit{kHeadSteps, {}, kUninitSkip};

constexpr std::array kSubjectSteps{Step::kSubject, Step::kStack};
constexpr Blame kFence{kSubjectSteps, {}, {}};

constexpr std::array kTraceSteps{Step::kTrace, Step::kStack};
constexpr std::array<Skip, 2> kUbsanSkip{"ubsan", "overflow"};
constexpr Blame kUbsan{kTraceSteps, {}, kUbsanSkip};

constexpr std::array kLeakSteps{Step::kBacktrace, Step::kStack};
constexpr std::array<Skip, 13> kLeakSkip{"kmemleak",      "mmap",    "kmem",          "slab",      "alloc",
                                         "create_object", "idr_get", "list_lru_init", "kasprintf", "kvasprintf",
                                         "pcpu_create",   "strdup",  "memdup"};
constexpr Blame kLeak{kLeakSteps, kTraceSteps, kLeakSkip};

std::string_view access_of(std::span<const std::string_view> lines) {
  for (const std::string_view line : lines) {
    for (const std::string_view access : {std::string_view("Read"), std::string_view("Write")}) {
      std::string_view rest;
      if (after(line, access, rest) && (rest.starts_with(" of size ") || rest.starts_with(" at addr "))) return access;
    }
  }
  return {};
}

// "BUG: KASAN: CLASS in FUNC+… at addr …", "… on address …"; the access is a line of its own.
std::string kasan_title(const Kind& kind, const Subject& subject) {
  const std::string_view rest = subject.first.substr(kind.trigger.size());
  size_t length = 0;
  while (length < rest.size() && (is_word(rest[length]) || rest[length] == '-')) ++length;
  const std::string name = "KASAN: " + std::string(rest.substr(0, length));
  const std::string_view access = access_of(subject.lines);
  if (access.empty() || length == 0) return "KASAN: " + std::string(rest);
  const std::string with_access = name + " " + std::string(access);
  const bool anonymous = rest.substr(length).starts_with(" on address");
  return with_function(with_access, anonymous ? std::string_view{} : subject.blamed);
}

// "BUG: KFENCE: use-after-free read in FUNC+…"
std::string kfence_title(const Kind& kind, const Subject& subject) {
  const std::string_view rest = subject.first.substr(kind.trigger.size());
  const std::string_view what = rest.substr(0, rest.find(" in "));
  return with_function("KFENCE: " + std::string(what), subject.blamed);
}

std::string ubsan_title(const Kind& kind, const Subject& subject) {
  const std::string_view rest = subject.first.substr(kind.trigger.size());
  std::string what(rest.substr(0, rest.find(" in ")));
  if (what == "Undefined behaviour") what = "undefined-behaviour";
  return with_function("UBSAN: " + what, subject.blamed);
}

constexpr Where kAny = Where::kAnywhere;
constexpr Ending kRu = Ending::kRule;

constexpr std::array<Kind, 12> kKinds{{
    {"kasan", "memory", "BUG: KASAN: double-free", "", kAny, kRu, "KASAN: invalid-free in {f}", "", &kFree},
    {"kasan", "memory", "BUG: KASAN: invalid-free", "", kAny, kRu, "KASAN: invalid-free in {f}", "", &kFree},
    {"kasan", "memory", "BUG: KASAN: ", "", kAny, kRu, "", "", &kAccess, kasan_title},
    {"kmsan", "memory", "BUG: KMSAN: ", " in ", kAny, kRu, "KMSAN: {1} in {f}", " in ", &kUninit},
    {"kcsan", "race", "BUG: KCSAN: ", "", kAny, kRu, "KCSAN: {1}", ""},
    {"kfence", "memory", "BUG: KFENCE: ", "", kAny, kRu, "", "", &kFence, kfence_title},
    {"ubsan", "undefined", "UBSAN: ", " in ", Where::kStart, kRu, "", "", &kUbsan, ubsan_title},
    {"kmemleak", "memory", "BUG: memory leak", "", kAny, Ending::kTrace, "memory leak in {f}", "", &kLeak},
    {"kmemleak", "memory", "unreferenced object 0x", " (size ", Where::kStart, Ending::kTrace, "memory leak in {f}", "",
     &kLeak},
    {"kmemleak", "memory", "kmemleak: ", " new suspected memory leaks", Where::kStart, Ending::kLine,
     "kmemleak: new suspected memory leaks", ""},
    {"kmemleak", "memory", "kmemleak: unreferenced object 0x", " (size ", Where::kStart, Ending::kTrace,
     "memory leak in {f}", "", &kLeak},
    {"slab-corruption", "memory", "BUG kmalloc-", ": Object already free", kAny, Ending::kTrace,
     "BUG: Object already free", "", &kBlameTrace},
}};

}  // namespace

std::span<const Kind> sanitizer_kinds() {
  return kKinds;
}

}  // namespace zlt::splat
