// SPDX-License-Identifier: GPL-2.0-only
//
// What is found in the machine code of a seqlock's reader: pieces of __alloc_pages_slowpath() of Debian 12 kernels.
#include "module/core/watch/reader_code.h"

#include <gmock/gmock.h>

#include <vector>

namespace zlt::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Sample {
  uint64_t address;
  uint64_t sequence;
  std::vector<uint8_t> code;
};

ReaderMap map_of(const Sample& sample) {
  return ReaderMap({sample.code.data(), static_cast<uint32_t>(sample.code.size()), sample.address, sample.sequence});
}

std::vector<uint32_t> list(const ReaderMap::Places& places) {
  return {places.begin(), places.end()};
}

const Sample kStock61Look = {0xffffffff812f845c,
                             0xffffffff83fe2f00,
                             {0xf3, 0x90, 0x44, 0x8b, 0x15, 0x9b, 0xaa, 0xce, 0x02, 0x41, 0xf6, 0xc2, 0x01, 0x75, 0xf1,
                              0x44, 0x8b, 0x5c, 0x24, 0x14, 0x45, 0x85, 0xdb, 0x0f, 0x85, 0x23, 0x04, 0x00, 0x00}};

const Sample kStock61Compare = {
    0xffffffff812f85b5, 0xffffffff83fe2f00, {0x0f, 0x1f, 0x44, 0x00, 0x00, 0x8b, 0x05, 0x40, 0xa9, 0xce, 0x02, 0x8b,
                                             0x7c, 0x24, 0x10, 0x39, 0xf8, 0x0f, 0x85, 0x79, 0xfe, 0xff, 0xff}};

const Sample kStock612RtLook = {
    0xffffffff813be727,
    0xffffffff82d83ae0,
    {0x8b, 0x05, 0xb3, 0x53, 0x9c, 0x01, 0xa8, 0x01, 0x75, 0x2e, 0x44, 0x8b, 0x5c, 0x24, 0x2c, 0x89, 0x44, 0x24, 0x24,
     0x45, 0x85, 0xdb, 0x75, 0x62, 0x41, 0xf7, 0xc7, 0x00, 0x00, 0x08, 0x00, 0x0f, 0x84, 0x7a, 0x02, 0x00, 0x00, 0x89,
     0x1c, 0x24, 0x44, 0x89, 0xf8, 0x83, 0xe0, 0x20, 0x85, 0xc0, 0x74, 0x5d, 0x83, 0x24, 0x24, 0xbf, 0xeb, 0x57, 0x48,
     0x8b, 0x3d, 0x82, 0x53, 0x9c, 0x01, 0xe8, 0xd5, 0x28, 0x92, 0x00, 0x48, 0x8b, 0x3d, 0x76, 0x53, 0x9c, 0x01, 0xe8,
     0x39, 0x1a, 0x92, 0x00, 0x8b, 0x05, 0x63, 0x53, 0x9c, 0x01, 0xa8, 0x01, 0x74, 0xb0, 0xf3, 0x90, 0xeb, 0xa2}};

const Sample kStock612Compare = {
    0xffffffff813c1a99, 0xffffffff837d2b80, {0x0f, 0x1f, 0x44, 0x00, 0x00, 0x8b, 0x05, 0xdc, 0x10, 0x41,
                                             0x02, 0x44, 0x39, 0xd0, 0x0f, 0x85, 0xfb, 0xfd, 0xff, 0xff}};

// pause; mov sequence(%rip),%r10d; test $1,%r10b; jne
TEST(ReaderMap, FindsTheLookThroughAHighRegister) {
  const ReaderMap map = map_of(kStock61Look);
  EXPECT_THAT(list(map.looks()), ElementsAre(2));
  EXPECT_THAT(list(map.retries()), IsEmpty());
}

// On RT a reader that found it odd looks again behind the lock.
TEST(ReaderMap, FindsBothLooksOfRt) {
  const ReaderMap map = map_of(kStock612RtLook);
  EXPECT_THAT(list(map.looks()), ElementsAre(0, 0x50));
  EXPECT_THAT(list(map.retries()), IsEmpty());
}

// mov sequence(%rip),%eax; mov 0x10(%rsp),%edi; cmp %edi,%eax; jne
TEST(ReaderMap, FindsTheJumpBehindAComparison) {
  const ReaderMap map = map_of(kStock61Compare);
  EXPECT_THAT(list(map.looks()), IsEmpty());
  EXPECT_THAT(list(map.retries()), ElementsAre(0x11));
}

// mov sequence(%rip),%eax; cmp %r10d,%eax; jne
TEST(ReaderMap, FindsItBehindAComparisonWithAHighRegister) {
  EXPECT_THAT(list(map_of(kStock612Compare).retries()), ElementsAre(0xe));
}

// cmp sequence(%rip),%eax; je: as another compiler might have it
TEST(ReaderMap, FindsAComparisonInMemory) {
  const Sample sample = {0x1000, 0x0f00, {0x3b, 0x05, 0xfa, 0xfe, 0xff, 0xff, 0x74, 0x10}};
  EXPECT_THAT(list(map_of(sample).retries()), ElementsAre(6));
}

TEST(ReaderMap, IgnoresOtherVariables) {
  Sample sample = kStock61Compare;
  sample.sequence += 4;
  EXPECT_THAT(list(map_of(sample).retries()), IsEmpty());
  sample = kStock61Look;
  sample.sequence -= 4;
  EXPECT_THAT(list(map_of(sample).looks()), IsEmpty());
}

TEST(ReaderMap, StaysInsideCodeThatIsCutOff) {
  for (const Sample* whole : {&kStock61Look, &kStock61Compare, &kStock612RtLook, &kStock612Compare}) {
    for (size_t size = 0; size < whole->code.size(); ++size) {
      Sample sample = *whole;
      sample.code.resize(size);
      sample.code.shrink_to_fit();
      const ReaderMap map = map_of(sample);
      for (const uint32_t offset : list(map.looks())) EXPECT_LT(offset, size);
      for (const uint32_t offset : list(map.retries())) EXPECT_LT(offset, size);
    }
  }
}

TEST(ReaderMap, KeepsToItsPlaces) {
  Sample sample = {0x1000, 0x5000, {}};
  for (uint64_t next = 0x1000 + 6; sample.code.size() < 400; next += 8) {
    const uint64_t distance = sample.sequence - next;
    sample.code.insert(sample.code.end(), {0x3b, 0x05});
    for (int shift = 0; shift < 32; shift += 8) sample.code.push_back(static_cast<uint8_t>(distance >> shift));
    sample.code.insert(sample.code.end(), {0x75, 0x00});
  }
  EXPECT_EQ(map_of(sample).retries().count, ReaderMap::kPlaces);
}

}  // namespace
}  // namespace zlt::test
