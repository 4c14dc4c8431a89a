// SPDX-License-Identifier: GPL-2.0-only
//
// What is found in the machine code of a seqlock's writer: that of real kernels, and made-up code in which one thing
// was changed.
#include "module/core/watch/writer_code.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <string>

#include "module/tests/writer_samples.h"

namespace zlt::test {
namespace {

WriterMap map_of(const WriterSample& sample) {
  return WriterMap(
      {sample.code.data(), static_cast<uint32_t>(sample.code.size()), sample.address, sample.sequence, sample.lock},
      [&](uint64_t target) {
        for (const auto& callee : sample.callees) {
          if (callee.address == target) return View(callee.name.c_str());
        }
        return View();
      });
}

std::string text(View view) {
  return {view.data(), static_cast<size_t>(view.size())};
}

// "locking@0xa deferred,odd-from@0x25"
std::string places(const WriterMap& map) {
  std::string all;
  for (size_t i = 0; i < map.count(); ++i) {
    std::string roles;
    if ((map[i].roles & kDeferred) != 0) roles += ",deferred";
    if ((map[i].roles & kLocking) != 0) roles += ",locking";
    if ((map[i].roles & kOddFrom) != 0) roles += ",odd-from";
    if ((map[i].roles & kOddTo) != 0) roles += ",odd-to";
    char offset[16];
    std::snprintf(offset, sizeof(offset), "@0x%x", map[i].offset);
    all += (all.empty() ? "" : " ") + roles.substr(1) + offset;
  }
  return all;
}

TEST(WriterMap, ReadsStock61) {
  const WriterMap map = map_of(stock_6_1);
  EXPECT_TRUE(map.complete());
  EXPECT_EQ(text(map.lock_name()), "_raw_spin_lock");
  EXPECT_FALSE(map.lock_masks());
  EXPECT_TRUE(map.lock_is_certain());
  EXPECT_TRUE(map.increments_found());
  EXPECT_EQ(text(map.deferral_name()), "__printk_safe_enter");
  EXPECT_EQ(places(map), "deferred,locking@0x1e odd-from@0x2a odd-to@0xad");
}

TEST(WriterMap, ReadsStock61Rt) {
  const WriterMap map = map_of(stock_6_1_rt);
  EXPECT_TRUE(map.complete());
  EXPECT_EQ(text(map.lock_name()), "rt_spin_lock");
  EXPECT_TRUE(map.lock_masks());
  EXPECT_TRUE(map.lock_is_certain());
  EXPECT_EQ(text(map.deferral_name()), "__printk_safe_enter");
  EXPECT_EQ(places(map), "locking@0x9 deferred,odd-from@0x21 odd-to@0x9b");
}

TEST(WriterMap, ReadsStock612) {
  const WriterMap map = map_of(stock_6_12);
  EXPECT_TRUE(map.complete());
  EXPECT_EQ(text(map.lock_name()), "_raw_spin_lock_irqsave");
  EXPECT_TRUE(map.lock_masks());
  EXPECT_EQ(text(map.deferral_name()), "__printk_deferred_enter");
  EXPECT_EQ(places(map), "locking@0xa deferred,odd-from@0x25 odd-to@0x9f");
}

TEST(WriterMap, ReadsStock612Rt) {
  const WriterMap map = map_of(stock_6_12_rt);
  EXPECT_TRUE(map.complete());
  EXPECT_EQ(text(map.lock_name()), "rt_spin_lock");
  EXPECT_EQ(places(map), "locking@0x9 deferred,odd-from@0x21 odd-to@0x9b");
}

TEST(WriterMap, SaysWhenNothingIsDeferred) {
  WriterSample sample = stock_6_12;
  std::erase_if(sample.callees, [](const auto& callee) { return callee.name == "__printk_deferred_enter"; });
  const WriterMap map = map_of(sample);
  EXPECT_TRUE(map.complete());
  EXPECT_TRUE(map.deferral_name().empty());
  EXPECT_EQ(places(map), "locking@0xa odd-from@0x16 odd-to@0x9f");
}

// A sanitizer's kernel counts through calls of its own.
TEST(WriterMap, FallsBackToLockAndUnlockWithoutIncrements) {
  WriterSample sample = stock_6_1;
  sample.sequence += 64;
  const WriterMap map = map_of(sample);
  EXPECT_TRUE(map.complete());
  EXPECT_FALSE(map.increments_found());
  EXPECT_EQ(places(map), "deferred,locking@0x1e odd-from@0x2a odd-to@0xb4");
}

TEST(WriterMap, ProbesTheCallWhenTheLocksAddressIsNotInTheCode) {
  WriterSample sample = stock_6_1;
  sample.lock += 64;
  const WriterMap map = map_of(sample);
  EXPECT_FALSE(map.lock_is_certain());
  EXPECT_EQ(places(map), "deferred@0x1e locking@0x25 odd-from@0x2a odd-to@0xad");
}

TEST(WriterMap, IsIncompleteWithoutALock) {
  WriterSample sample = stock_6_12;
  std::erase_if(sample.callees, [](const auto& callee) { return callee.name == "_raw_spin_lock_irqsave"; });
  EXPECT_FALSE(map_of(sample).complete());
}

TEST(WriterMap, IsIncompleteWithoutAnEnd) {
  WriterSample sample = stock_6_12;
  sample.sequence += 64;
  std::erase_if(sample.callees, [](const auto& callee) { return callee.name == "_raw_spin_unlock_irqrestore"; });
  EXPECT_FALSE(map_of(sample).complete());
}

TEST(WriterMap, IsIncompleteOnNoCodeAtAll) {
  WriterSample sample = stock_6_12;
  for (size_t size = 0; size < sample.code.size(); ++size) {
    sample.code.resize(size);
    const WriterMap map = map_of(sample);
    for (size_t i = 0; i < map.count(); ++i) EXPECT_LE(map[i].offset, size);
  }
  EXPECT_FALSE(map_of(sample).complete());
}

TEST(WriterMap, KeepsToItsPlacesInCodeFullOfCalls) {
  WriterSample sample = stock_6_12;
  // `call __printk_deferred_enter`, forty times over
  sample.code.clear();
  for (uint64_t next = sample.address + 5; next < sample.address + 200; next += 5) {
    const uint64_t target = 0xffffffff81169930 - next;
    sample.code.push_back(0xe8);
    for (int shift = 0; shift < 32; shift += 8) sample.code.push_back(static_cast<uint8_t>(target >> shift));
  }
  EXPECT_EQ(map_of(sample).count(), WriterMap::kPlaces);
}

}  // namespace
}  // namespace zlt::test
