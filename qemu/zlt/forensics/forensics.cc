// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/forensics/forensics.h"

#include <fmt/format.h>

#include "qemu/zlt/guest/splat_scanner.h"
#include "qemu/zlt/io/output_of.h"
#include "userspace/base/files.h"

namespace zlt::run {
namespace fs = std::filesystem;
namespace {

constexpr auto kDumpWithin = std::chrono::seconds(60);
constexpr auto kMonitorLimit = std::chrono::seconds(15);
constexpr auto kPanicWithin = std::chrono::seconds(3);
// The first thing that is of our making: unknown_nmi_error() in arch/x86/kernel/nmi.c, v6.1 and v6.12.
constexpr const char* kNmiLine = "NMI received for unknown reason";
// Once the console has said something to the NMI, so much silence means that it has said all.
constexpr auto kQuiet = std::chrono::milliseconds(400);

// QEMU writes kdump's flattened form; makedumpfile wants it put in order before it reads messages out of it.
Result<std::string> read_ring_buffer(Guest& guest, const fs::path& folder) {
  const fs::path flat = folder / "vmcore.flat";
  const fs::path core = folder / "vmcore";
  const fs::path dmesg = folder / "dmesg.txt";
  const Result<Json> dumped = guest.qmp().execute(
      "dump-guest-memory", {{"paging", false}, {"protocol", "file:" + flat.string()}, {"format", "kdump-zlib"}},
      kDumpWithin);
  if (!dumped) {
    return tl::unexpected(dumped.error());
  }
  const std::string rearrange =
      fmt::format("exec makedumpfile -R {} < {}", shell_quoted(core.string()), shell_quoted(flat.string()));
  const Result<std::string> arranged = output_of({"sh", "-c", rearrange}, kDumpWithin);
  if (!arranged) {
    return failure("makedumpfile cannot read the dump: " + arranged.error().what);
  }
  const Result<std::string> read =
      output_of({"makedumpfile", "--dump-dmesg", core.string(), dmesg.string()}, kDumpWithin);
  if (!read) {
    return failure("makedumpfile finds no messages in the dump: " + read.error().what);
  }
  return read_file(dmesg);
}

void remove_dump(const fs::path& folder) {
  std::error_code error;
  fs::remove(folder / "vmcore.flat", error);
  fs::remove(folder / "vmcore", error);
}

std::string provoke_panic(Guest& guest) {
  const std::uint64_t before = guest.console().bytes();
  const Result<Json> sent = guest.qmp().execute("inject-nmi", Json::object(), kMonitorLimit);
  if (!sent) {
    return sent.error().what;
  }
  const TimePoint deadline = Clock::now() + kPanicWithin;
  const auto over = [&guest] { return guest.shutdown() || guest.gone(); };
  std::uint64_t bytes = before;
  for (;;) {
    const Pump::Wait waited = guest.pump().run_until(over, std::min(deadline, Clock::now() + kQuiet));
    const std::uint64_t now = guest.console().bytes();
    if (waited != Pump::Wait::kTimeout || Clock::now() >= deadline || (now > before && now == bytes)) {
      return now == before ? "the console stayed silent" : fmt::format("the console said {} bytes", now - before);
    }
    bytes = now;
  }
}

}  // namespace

Evidence collect_evidence(Guest& guest, const fs::path& folder, bool keep_dump) {
  Evidence out;
  guest.console().judge_until(kNmiLine);
  if (const Status made = make_folders(folder); !made) {
    out.facts["dmesg"] = made.error().what;
  } else if (const Result<std::string> dmesg = read_ring_buffer(guest, folder); !dmesg) {
    out.facts["dmesg"] = dmesg.error().what;
  } else {
    SplatScanner scanner("dump/dmesg.txt");
    scanner.feed(*dmesg);
    scanner.finish();
    out.splats = scanner.splats();
    out.facts["dmesg"] =
        fmt::format("{} bytes out of the guest's memory, {} reports", dmesg->size(), out.splats.size());
  }
  if (!keep_dump) {
    remove_dump(folder);
  }
  out.facts["nmi"] = provoke_panic(guest);
  return out;
}

}  // namespace zlt::run
