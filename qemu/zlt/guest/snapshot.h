// SPDX-License-Identifier: GPL-2.0-only
//
// Saved guests: booted and loaded once per flavour, started from as often as needed. A snapshot is known by everything
// it was made of; one of another QEMU, kernel, initramfs or machine is not found, and makes room for the new one.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "qemu/zlt/guest/conversation.h"
#include "qemu/zlt/guest/guest.h"
#include "userspace/base/result.h"
#include "userspace/base/unique_fd.h"

namespace zlt::run {

struct Snapshot {
  std::filesystem::path state;  // for `-incoming`
  std::filesystem::path boot;   // console.log, events.jsonl, qemu.sh of the boot it came from
  Loaded loaded;                // what that guest said
  std::uint64_t bytes = 0;
  double save_s = 0;
  std::shared_ptr<UniqueFd> hold;  // while held, nobody removes it
};

// What a guest is made of, as one text.
[[nodiscard]] std::string snapshot_key(const Machine& machine, const std::string& qemu_version,
                                       const std::string& kernel_digest, const std::string& initramfs_digest);

class SnapshotStore {
 public:
  explicit SnapshotStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Whole and of this very key, or nothing.
  [[nodiscard]] std::optional<Snapshot> find(const std::string& flavour, const std::string& key) const;

  // The flavour's latest, whatever has changed since: to be told of, not to be started from.
  [[nodiscard]] std::optional<Snapshot> last(const std::string& flavour) const;

  // One that is being made: boot a guest with its logs in boot(), then save() it.
  class Draft {
   public:
    Draft(const Draft&) = delete;
    Draft& operator=(const Draft&) = delete;
    Draft(Draft&& other) noexcept : folder_(std::move(other.folder_)), hold_(std::move(other.hold_)) {
      other.folder_.clear();
    }
    Draft& operator=(Draft&&) = delete;
    ~Draft();
    [[nodiscard]] std::filesystem::path boot() const { return folder_ / "boot"; }

   private:
    friend class SnapshotStore;
    Draft(std::filesystem::path folder, UniqueFd hold) : folder_(std::move(folder)), hold_(std::move(hold)) {}
    std::filesystem::path folder_;  // empty once saved
    UniqueFd hold_;
  };
  [[nodiscard]] Result<Draft> begin() const;
  // Saves the guest's state and closes the guest. Older snapshots of the flavour go, unless somebody uses them.
  [[nodiscard]] Result<Snapshot> save(Draft draft, Guest& guest, const Json& loaded_event, const std::string& flavour,
                                      const std::string& key) const;
  // One that did not work after all.
  void discard(const Snapshot& snapshot) const;

 private:
  [[nodiscard]] std::filesystem::path place(const std::string& flavour, const std::string& key) const;
  void remove_others(const std::string& flavour, const std::filesystem::path& current) const;

  std::filesystem::path folder_;
};

}  // namespace zlt::run
