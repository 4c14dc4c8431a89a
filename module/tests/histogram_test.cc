// SPDX-License-Identifier: GPL-2.0-only
#include "module/core/histogram.h"

#include <gtest/gtest.h>

namespace zlt {
namespace {

TEST(Histogram, BucketsArePowersOfTwo) {
  EXPECT_EQ(Histogram::bucket_of(0), 0U);
  EXPECT_EQ(Histogram::bucket_of(1), 0U);
  for (size_t bucket = 1; bucket < Histogram::kBuckets; ++bucket) {
    const uint64_t from = uint64_t{1} << bucket;
    EXPECT_EQ(Histogram::bucket_of(from), bucket);
    EXPECT_EQ(Histogram::bucket_of(from - 1), bucket - 1);
  }
  EXPECT_EQ(Histogram::bucket_of(UINT64_MAX), 63U);
}

TEST(Histogram, BoundsMeetAndCoverEverything) {
  EXPECT_EQ(Histogram::from_ns(0), 0U);
  for (size_t bucket = 1; bucket < Histogram::kBuckets; ++bucket) {
    EXPECT_EQ(Histogram::from_ns(bucket), Histogram::to_ns(bucket - 1));
  }
  EXPECT_EQ(Histogram::to_ns(63), UINT64_MAX);
}

TEST(Histogram, CountsWhereTheBoundsSay) {
  Histogram histogram;
  for (const uint64_t ns :
       {uint64_t{0}, uint64_t{1}, uint64_t{2}, uint64_t{3}, uint64_t{1023}, uint64_t{1024}, UINT64_MAX}) {
    histogram.add(ns);
    const size_t bucket = Histogram::bucket_of(ns);
    EXPECT_GE(ns, Histogram::from_ns(bucket));
    EXPECT_TRUE(ns < Histogram::to_ns(bucket) || ns == UINT64_MAX);
  }
  EXPECT_EQ(histogram.count(0), 2U);
  EXPECT_EQ(histogram.count(1), 2U);
  EXPECT_EQ(histogram.count(9), 1U);
  EXPECT_EQ(histogram.count(10), 1U);
  EXPECT_EQ(histogram.count(63), 1U);
  EXPECT_EQ(histogram.count(20), 0U);
}

TEST(Histogram, ResetForgets) {
  Histogram histogram;
  histogram.add(5);
  histogram.reset();
  EXPECT_EQ(histogram.count(Histogram::bucket_of(5)), 0U);
}

}  // namespace
}  // namespace zlt
