// SPDX-License-Identifier: GPL-2.0-only
//
// Saved guests: booted and loaded once per flavour, started from as often as needed. A snapshot is known by everything
// it was made of; one of another QEMU, kernel, initramfs or machine is not found, and makes room for the new one.
//
// A guest is stopped before it is saved. `migrate` of a running guest copies its memory while the guest writes, and has
// to notice which pages were written again; QEMU's TCG before 9.0 does not always notice (QEMU 03bfc2188f, "physmem:
// Fix migration dirty bitmap coherency with TCG memory access", whose author saw more such races). A guest saved
// running, under load, came back with pages of two ages in 1 of 12 tries, and reported a list corruption that no kernel
// had; saved stopped, in 0 of 16.
//
// And it is proven before it is used: a guest restored from it has to live (guest/proof.h). What was not proven yet, by
// a zlt that was killed in between, is proven by the next one.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "qemu/zlt/guest/conversation.h"
#include "qemu/zlt/guest/guest.h"
#include "userspace/base/own_folder.h"
#include "userspace/base/result.h"
#include "userspace/base/unique_fd.h"

namespace zlt::run {

struct Snapshot {
  std::filesystem::path state;  // for `-incoming`
  std::filesystem::path boot;   // console.log, events.jsonl, qemu.sh of the boot it came from
  std::string id;               // digest of its key: names it in results
  std::string made;             // ISO 8601, UTC
  Loaded loaded;                // what that guest said
  std::uint64_t bytes = 0;
  double save_s = 0;
  bool proven = false;
  std::shared_ptr<UniqueFd> hold;  // while held, nobody removes it
};

// Seconds since it was made.
[[nodiscard]] double age_of(const Snapshot& snapshot);

// What a guest is made of, as one text.
[[nodiscard]] std::string snapshot_key(const Machine& machine, const std::string& qemu_version,
                                       const std::string& kernel_digest, const std::string& initramfs_digest);

class SnapshotStore {
 public:
  explicit SnapshotStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

  struct Found {
    std::optional<Snapshot> snapshot;
    std::string damage;  // not empty: there is one, and this is wrong with it
  };
  // Whole and of this very key, or none. Reads all of it: its content has to be what was saved.
  [[nodiscard]] Found find(const std::string& flavour, const std::string& key) const;

  // The flavour's latest, whatever has changed since: to be told of, not to be started from.
  [[nodiscard]] std::optional<Snapshot> last(const std::string& flavour) const;

  // One that is being made: boot a guest with its logs in boot(), then save() it.
  class Draft {
   public:
    Draft(const Draft&) = delete;
    Draft& operator=(const Draft&) = delete;
    Draft(Draft&& other) noexcept : folder_(std::move(other.folder_)) { other.folder_.path.clear(); }
    Draft& operator=(Draft&&) = delete;
    ~Draft();
    [[nodiscard]] std::filesystem::path boot() const { return folder_.path / "boot"; }

   private:
    friend class SnapshotStore;
    explicit Draft(OwnFolder folder) : folder_(std::move(folder)) {}
    OwnFolder folder_;  // without a path once saved
  };
  [[nodiscard]] Result<Draft> begin() const;
  // Stops the guest, saves its state and closes it. Older snapshots of the flavour go, unless somebody uses them. Not
  // proven yet.
  [[nodiscard]] Result<Snapshot> save(Draft draft, Guest& guest, const Json& loaded_event, const std::string& flavour,
                                      const std::string& key) const;
  // A guest restored from it has lived.
  [[nodiscard]] Status set_proven(Snapshot& snapshot) const;
  // Out of the way of one that is made instead of it, and still good to start from; whoever sets it aside discards it.
  [[nodiscard]] Result<Snapshot> set_aside(const Snapshot& snapshot) const;
  // One that did not work after all.
  void discard(const Snapshot& snapshot) const;

 private:
  [[nodiscard]] std::filesystem::path place(const std::string& flavour, const std::string& key) const;
  void remove_others(const std::string& flavour, const std::filesystem::path& current) const;

  std::filesystem::path folder_;
};

}  // namespace zlt::run
