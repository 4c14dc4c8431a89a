// SPDX-License-Identifier: GPL-2.0-only
//
// What one run of zlt found out, as plain data. Writers (JSON now) turn it into files; nothing here does I/O.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "userspace/protocol/values.h"
#include "userspace/splat/record.h"

namespace zlt::report {

using protocol::names_of;
using protocol::Outcomes;
using protocol::text_of;

// {"clean"} or no names at all both mean the empty set.
[[nodiscard]] Outcomes outcomes_from(const std::vector<std::string>& names);

// One report found in a kernel log, all that the engine found out about it.
struct Splat : splat::Record {
  std::string outcome;  // what it counts as: "splat:KIND", or "panic"
  std::string log;      // which file it is from: "console.log", "dump/dmesg.txt"
};

// What a guest started from.
struct Origin {
  std::string snapshot;  // its key; empty: the guest was booted
  std::string made;      // ISO 8601, UTC: when that snapshot was saved
  double age_s = 0;      // of the snapshot, when the guest was started from it
  bool proven = false;   // a guest restored from it lived before it was used
};

// The same case once more, because its first verdict was not the expected one.
struct Rerun {
  Origin origin;
  Outcomes observed;
  bool agrees = false;  // it was unexpected in the same way
  std::string reason;
  std::string artifacts;  // folder, relative to the run's
};

// What it takes before a kernel is accused.
struct Confirmation {
  unsigned wanted = 0;
  unsigned agreed = 0;
  std::vector<Rerun> runs;
  std::string by_case;  // not run again: this repeat ("#2") of the case was unexpected in the same way, and confirmed
  [[nodiscard]] bool confirmed() const { return agreed >= wanted; }
};

enum class Standing {
  kExpected,
  kUnexpected,   // and confirmed, unless nobody asked for that
  kUnconfirmed,  // unexpected, and not every repetition said so
  kInfra,        // our own failure: neither passes nor fails
};
[[nodiscard]] const char* name_of(Standing standing);

struct CaseRecord {
  std::string name;     // scenario/variant
  std::string flavour;  // which kernel
  std::string form;     // bounded or faithful
  unsigned repeat = 1;
  Outcomes expected;
  std::string expected_by;  // who said so: "module", "flavour", "command line"
  Outcomes observed;
  bool ok = false;
  std::string reason;  // one line: why it came out so; may be empty for a clean case
  std::uint64_t seed = 0;
  double wall_s = 0;                       // from exec of the guest to the verdict
  double run_s = 0;                        // what the module measured; 0 when it never said
  std::optional<protocol::RunReport> run;  // what the module said of it, whole; of a plan, its case in parallel
  std::vector<Splat> splats;
  std::map<std::string, std::uint64_t> counters;
  std::map<std::string, std::string> facts;  // what forensics found, e.g. "vcpu0": "spinning in read_seqbegin+0x12"
  std::string artifacts;                     // folder, relative to the run's
  Origin origin;
  std::optional<Confirmation> confirmation;  // none: as expected at once, or nobody asked
  bool settled = false;                      // another guest would only say the same: not run again
  std::string disease;                       // of the emulator or host, that made it `infra`; docs/formats.md

  [[nodiscard]] bool infra() const { return observed.contains("infra"); }
  [[nodiscard]] Standing standing() const;
};

struct FlavourRecord {
  std::string release;
  bool rt = false;
  bool lockdep = false;
};

struct Run {
  std::string started;  // ISO 8601, UTC
  std::uint64_t seed = 0;
  double wall_s = 0;
  std::map<std::string, std::string> host;  // "accel", "cpus", "qemu", "kernel"
  std::map<std::string, FlavourRecord> flavours;
  std::vector<CaseRecord> cases;
};

struct Summary {
  unsigned cases = 0;
  unsigned expected = 0;
  unsigned unexpected = 0;
  unsigned unconfirmed = 0;
  unsigned infra = 0;
};

[[nodiscard]] Summary summarise(const Run& run);

}  // namespace zlt::report
