// SPDX-License-Identifier: GPL-2.0-only
//
// The measures of a case in which a writer and a reader of a seqlock meet.
#pragma once

#include "module/core/measures.h"

namespace zlt {

// Of the meetings: each turn is one of these.
inline constexpr Counter kMetOdd = kTurns.next("met_odd");  // the reader saw the sequence odd
inline constexpr Counter kMetMasked =
    kMetOdd.next("met_masked");  // it was due in the odd window, but masked interrupts held it off
inline constexpr Counter kMissed = kMetMasked.next("missed");  // neither happened

// Of the reader.
inline constexpr Counter kReads = kMissed.next("reads");     // read sections finished
inline constexpr Counter kRetries = kReads.next("retries");  // read sections thrown away because a writer came between
inline constexpr Counter kSpins = kRetries.next("spins");    // looks at an odd sequence
inline constexpr Counter kBlocked =
    kSpins.next("blocked");  // waits that blocked on the writer's lock, as the kernel's do
inline constexpr Counter kGaveUp = kBlocked.next("gave_up");             // bounded readers that ran out of patience
inline constexpr Counter kAllocs = kGaveUp.next("allocs");               // allocations inside the read section
inline constexpr Counter kAllocsFailed = kAllocs.next("allocs_failed");  // of them, those that got nothing
inline constexpr Counter kAllocsSkipped =
    kAllocsFailed.next("allocs_skipped");  // read sections in a context in which this kernel forbids any allocation

inline constexpr Counter kMeetingCounters[] = {kMetOdd,  kMetMasked, kMissed, kReads,        kRetries,      kSpins,
                                               kBlocked, kGaveUp,    kAllocs, kAllocsFailed, kAllocsSkipped};

inline constexpr Timing kReaderWait = Timing::first("reader_wait");           // until a reader could begin
inline constexpr Timing kWriterSection = kReaderWait.next("writer_section");  // how long the writer stayed odd
inline constexpr Timing kMeetingTimings[] = {kReaderWait, kWriterSection};

inline constexpr Measures kMeetingMeasures = measures(kMeetingCounters, kMeetingTimings);

}  // namespace zlt
