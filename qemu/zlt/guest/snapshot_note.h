// SPDX-License-Identifier: GPL-2.0-only
//
// snapshot.json, the note in a snapshot's folder: what the snapshot was made of, what its boot said, and digests of all
// of it, the note's own words among them.
#pragma once

#include <filesystem>
#include <string>

#include "qemu/zlt/guest/snapshot.h"
#include "qemu/zlt/io/json_get.h"
#include "userspace/base/result.h"

namespace zlt::run {

inline constexpr const char* kSnapshotNote = "snapshot.json";

[[nodiscard]] Json read_snapshot_note(const std::filesystem::path& folder);
// With the note's own digest.
[[nodiscard]] std::string note_text(Json note);
[[nodiscard]] Snapshot snapshot_from_note(const std::filesystem::path& folder, const Json& note);

// Of the files of the boot, by name.
[[nodiscard]] Result<Json> boot_digests(const std::filesystem::path& boot);
// What is wrong with a folder that should be the snapshot of `key`; empty when nothing is. Reads all of it.
[[nodiscard]] std::string snapshot_damage(const std::filesystem::path& folder, const Json& note,
                                          const std::string& key);

}  // namespace zlt::run
