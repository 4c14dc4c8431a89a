// SPDX-License-Identifier: GPL-2.0-only
//
// The fast search is "Teddy": three bytes of every anchor, its mark, are looked up at 32 positions at once in tables
// that say which groups of anchors have such a byte there, by its low and by its high four bits. What passes is
// compared in full. Marks and groups were chosen by a search over boot logs: about one position in two thousand passes.
#include "userspace/splat/anchors.h"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace zlt::splat {
namespace {

constexpr size_t kMark = 3;

struct Anchor {
  std::string_view text;
  uint8_t mark;   // offset of its mark in `text`
  uint8_t group;  // 0 to 7
};

constexpr auto kAnchors = std::to_array<Anchor>({
    {"WARNING:", 0, 0},
    {"list_add ", 3, 0},
    {"list_del ", 3, 0},
    {"rust_kernel: ", 3, 0},
    {"BUG:", 0, 1},
    {"BUG ", 0, 1},
    {"INFO:", 0, 1},
    {"Kernel panic", 0, 1},
    {"VFS: Busy", 5, 1},
    {"Internal error", 7, 2},
    {"Alignment trap: ", 4, 2},
    {"kmemleak: ", 0, 2},
    {"stack segment: ", 6, 3},
    {"sponsive CSD", 0, 3},
    {"[ cut here ]", 1, 4},
    {"divide error", 0, 4},
    {"divide_error", 0, 4},
    {"double fault: ", 0, 4},
    {" LOCKUP", 2, 4},
    {"PANIC: double", 0, 5},
    {"protection fault", 2, 5},
    {"Booting the kernel", 2, 5},
    {"UBSAN:", 0, 6},
    {"SError", 0, 6},
    {"Bad mode in ", 0, 1},
    {"Unable to handle", 0, 6},
    {"Unhandled fault: ", 0, 6},
    {"VFS: Close", 0, 6},
    {"invalid opcode", 9, 7},
    {"unreferenced object", 0, 7},
    {"unregister_netdevice: ", 0, 7},
    {"Linux version ", 4, 7},
    {"Oops", 0, 6},
    {"[#1", 0, 5},
    {"[#2", 0, 5},
    {"[#3", 0, 5},
});

struct Tables {
  std::array<std::array<uint8_t, 16>, kMark> low{};
  std::array<std::array<uint8_t, 16>, kMark> high{};
};

constexpr uint8_t bit_of(const Anchor& anchor) {
  return static_cast<uint8_t>(1U << anchor.group);
}

constexpr Tables make_tables() {
  Tables tables;
  for (const Anchor& anchor : kAnchors) {
    for (size_t k = 0; k < kMark; ++k) {
      const auto byte = static_cast<uint8_t>(anchor.text[anchor.mark + k]);
      tables.low[k][byte & 15U] |= bit_of(anchor);
      tables.high[k][byte >> 4U] |= bit_of(anchor);
    }
  }
  return tables;
}

constexpr Tables kTables = make_tables();

// Whether an anchor of one of `groups` has its mark at text[at].
bool anchor_at(std::string_view text, size_t at, uint32_t groups) {
  for (const Anchor& anchor : kAnchors) {
    if ((groups & bit_of(anchor)) == 0 || at < anchor.mark) continue;
    if (text.substr(at - anchor.mark).starts_with(anchor.text)) return true;
  }
  return false;
}

size_t count_slow(std::string_view text) {
  size_t count = 0;
  for (const char c : text) count += c == '\n' ? 1 : 0;
  return count;
}

#if defined(__x86_64__)

bool has_avx2() {
  static const bool has = __builtin_cpu_supports("avx2") != 0;
  return has;
}

__attribute__((target("avx2"))) inline __m256i load_table(const std::array<uint8_t, 16>& bytes) {
  return _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes.data())));
}

// The groups that have each of the 32 bytes at `at`.
__attribute__((target("avx2"))) inline __m256i classify(const char* at, __m256i low, __m256i high) {
  const __m256i nibble = _mm256_set1_epi8(15);
  const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
  return _mm256_and_si256(_mm256_shuffle_epi8(low, _mm256_and_si256(bytes, nibble)),
                          _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(bytes, 4), nibble)));
}

__attribute__((target("avx2"))) size_t find_avx2(std::string_view text, size_t from) {
  const __m256i low0 = load_table(kTables.low[0]);
  const __m256i low1 = load_table(kTables.low[1]);
  const __m256i low2 = load_table(kTables.low[2]);
  const __m256i high0 = load_table(kTables.high[0]);
  const __m256i high1 = load_table(kTables.high[1]);
  const __m256i high2 = load_table(kTables.high[2]);
  size_t at = from;
  for (; at + 32 + kMark <= text.size(); at += 32) {
    const char* data = text.data() + at;
    const __m256i found =
        _mm256_and_si256(_mm256_and_si256(classify(data, low0, high0), classify(data + 1, low1, high1)),
                         classify(data + 2, low2, high2));
    if (_mm256_testz_si256(found, found) != 0) continue;
    auto hits = ~static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(found, _mm256_setzero_si256())));
    alignas(32) std::array<uint8_t, 32> groups;
    _mm256_store_si256(reinterpret_cast<__m256i*>(groups.data()), found);
    for (; hits != 0; hits &= hits - 1) {
      const auto bit = static_cast<size_t>(std::countr_zero(hits));
      if (anchor_at(text, at + bit, groups[bit])) return at + bit;
    }
  }
  return find_anchor_slow(text, at);
}

__attribute__((target("avx2,popcnt"))) size_t count_avx2(std::string_view text) {
  const __m256i newline = _mm256_set1_epi8('\n');
  size_t count = 0;
  size_t at = 0;
  for (; at + 32 <= text.size(); at += 32) {
    const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text.data() + at));
    const auto hits = static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, newline)));
    count += static_cast<size_t>(__builtin_popcount(hits));
  }
  return count + count_slow(text.substr(at));
}

#endif

}  // namespace

size_t find_anchor_slow(std::string_view text, size_t from) {
  for (size_t at = from; at + kMark <= text.size(); ++at) {
    uint32_t groups = 0xff;
    for (size_t k = 0; k < kMark; ++k) {
      const auto byte = static_cast<uint8_t>(text[at + k]);
      groups &= static_cast<uint32_t>(kTables.low[k][byte & 15U]) & kTables.high[k][byte >> 4U];
    }
    if (groups != 0 && anchor_at(text, at, groups)) return at;
  }
  return text.size();
}

size_t find_anchor(std::string_view text, size_t from) {
  if (from >= text.size()) return text.size();
#if defined(__x86_64__)
  if (has_avx2()) return find_avx2(text, from);
#endif
  return find_anchor_slow(text, from);
}

size_t count_newlines(std::string_view text) {
#if defined(__x86_64__)
  if (has_avx2()) return count_avx2(text);
#endif
  return count_slow(text);
}

}  // namespace zlt::splat
