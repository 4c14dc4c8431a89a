// SPDX-License-Identifier: GPL-2.0-only
//
// Ready guests of one flavour on one machine: restored from a proven snapshot, or booted. Made of a flavour that is
// prepared; ready() comes once, before anything else; then start(), by several threads at once.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "qemu/zlt/guest/snapshot.h"
#include "qemu/zlt/plans/topology.h"
#include "qemu/zlt/run/options.h"
#include "qemu/zlt/run/prepared.h"

namespace zlt::run {

// What a guest is to be started from.
enum class From {
  kSnapshot,     // the source's own, or a boot where it has none
  kBoot,         // a boot of its own, whatever there is
  kNewSnapshot,  // one that is made for it, and the source's own from then on; a boot where none can be made
  kOldSnapshot,  // the one that was the source's own before the last new one
};

// A guest that takes commands.
struct ReadyGuest {
  std::unique_ptr<Guest> guest;
  std::unique_ptr<Conversation> talk;
  report::Origin origin;
};

class GuestSource {
 public:
  using Note = std::function<void(const std::string&)>;
  struct Voice {
    Note note;  // what goes on in ready(); the next one takes its place
    Note say;   // a line that stays
  };
  // `topology`: none for the plain machine.
  GuestSource(const Prepared& prepared, std::shared_ptr<const Topology> topology, const std::string& accel,
              const std::string& qemu_version, const RunOptions& options, const Paths& paths, const Stop& stop,
              Voice voice);

  GuestSource(const GuestSource&) = delete;
  GuestSource& operator=(const GuestSource&) = delete;
  GuestSource(GuestSource&&) = delete;
  GuestSource& operator=(GuestSource&&) = delete;
  ~GuestSource();

  [[nodiscard]] const Prepared& prepared() const { return prepared_; }
  [[nodiscard]] const Topology* topology() const { return topology_.get(); }
  // "lockdep", "lockdep@two-nodes-one-empty".
  [[nodiscard]] const std::string& name() const { return name_; }

  // Finds a proven snapshot or makes one; `folder` gets the logs of the boot that it came from. Afterwards loaded().
  [[nodiscard]] Status ready(const std::filesystem::path& folder);
  // What the guest said about kernel and cases.
  [[nodiscard]] const Loaded& loaded() const { return loaded_; }
  // Not empty: the boot was not sound, and no case means anything.
  [[nodiscard]] const std::string& unsound() const { return unsound_; }
  // Of kernel and module.
  [[nodiscard]] const Symbols& symbols() const { return symbols_; }

  // `folder`, which must exist, gets console.log, events.jsonl and qemu.sh; `autorun`: the case's words for qemu.sh. A
  // snapshot that cannot be restored is discarded, and the guest booted. An error: no guest, and why.
  [[nodiscard]] Result<ReadyGuest> start(From from, const std::filesystem::path& folder, const std::string& autorun,
                                         const Note& on_progress);

 private:
  using Shared = std::shared_ptr<const Snapshot>;
  struct Boot {
    Loaded loaded;
    std::string unsound;
    Shared snapshot;  // none: it was not sound, or could not be saved
  };

  [[nodiscard]] Status take_over(Boot boot);
  [[nodiscard]] Result<Boot> make_snapshot(const std::filesystem::path& folder, const Note& note);
  [[nodiscard]] Result<Boot> boot_and_save(const std::filesystem::path& folder, const Note& note);
  [[nodiscard]] Result<Boot> boot_only(const std::filesystem::path& folder);
  [[nodiscard]] Result<Boot> take_boot(Guest& guest, const std::filesystem::path& logs, Conversation& talk);
  [[nodiscard]] Status prove_in(const Snapshot& snapshot, const std::filesystem::path& folder, const Note& note);
  [[nodiscard]] Result<ReadyGuest> restored(const Shared& snapshot, const std::filesystem::path& folder);
  [[nodiscard]] Result<ReadyGuest> booted(const std::filesystem::path& folder);
  [[nodiscard]] Shared chosen(From from);
  [[nodiscard]] Shared renewed(const Shared& instead_of, const std::filesystem::path& folder, const Note& note);
  void forget(const Shared& snapshot);

  const Prepared& prepared_;
  std::shared_ptr<const Topology> topology_;
  std::string name_;
  const RunOptions* options_;
  const Stop* stop_;
  Voice voice_;
  SnapshotStore store_;
  Machine machine_;
  std::string snapshot_key_;
  Symbols symbols_;
  Loaded loaded_;
  std::string unsound_;

  std::mutex mutex_;  // of what follows
  std::mutex making_;
  Shared snapshot_;
  Shared old_;
};

}  // namespace zlt::run
