// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/guest/snapshot.h"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <ctime>

#include "qemu/zlt/guest/snapshot_note.h"
#include "qemu/zlt/io/digest.h"
#include "qemu/zlt/io/file_digest.h"
#include "qemu/zlt/io/leftovers.h"
#include "userspace/base/files.h"
#include "userspace/base/nearest.h"

namespace zlt::run {
namespace fs = std::filesystem;
namespace {

constexpr auto kSaveWithin = std::chrono::seconds(60);
constexpr auto kAskEvery = std::chrono::milliseconds(10);
constexpr auto kMonitorLimit = std::chrono::seconds(10);
constexpr std::uint64_t kNoBandwidthLimit = std::uint64_t{1} << 40U;  // bytes/s; QEMU's default is 128 MiB/s

// Until the process that writes for QEMU has written all: only then the file has its name.
Status wait_written(Guest& guest, const fs::path& file, TimePoint deadline) {
  std::error_code error;
  while (!fs::exists(file, error)) {
    if (Clock::now() >= deadline) {
      return failure("the state of the guest was not written to " + file.string(), "make room, or use --no-snapshot");
    }
    if (guest.pump().run_for(kAskEvery) == Pump::Wait::kStopped) {
      return interrupted();
    }
  }
  return {};
}

// Of a guest that is stopped. Waits until its state is written.
Status migrate(Guest& guest, const fs::path& file) {
  const Result<Json> faster =
      guest.qmp().execute("migrate-set-parameters", {{"max-bandwidth", kNoBandwidthLimit}}, kMonitorLimit);
  const std::string part = shell_quoted(file.string() + ".part");
  const Result<Json> begun = guest.qmp().execute(
      "migrate", {{"uri", fmt::format("exec:cat > {} && mv {} {}", part, part, shell_quoted(file.string()))}},
      kMonitorLimit);
  if (!faster || !begun) {
    return tl::unexpected(faster ? begun.error() : faster.error());
  }
  const TimePoint deadline = Clock::now() + kSaveWithin;
  for (;;) {
    const Result<Json> asked = guest.qmp().execute("query-migrate", Json::object(), kMonitorLimit);
    if (!asked) {
      return tl::unexpected(asked.error());
    }
    const std::string status = get_string(*asked, "status");
    if (status == "completed") {
      return wait_written(guest, file, deadline);
    }
    if (status == "failed" || status == "cancelled") {
      return failure(fmt::format("QEMU could not save the guest to {}: {}", file.string(),
                                 get_string(*asked, "error-desc", "no room left there?")),
                     "make room, or use --no-snapshot");
    }
    if (Clock::now() >= deadline) {
      return failure(fmt::format("QEMU did not save the guest in {:.0f} s", seconds(kSaveWithin)));
    }
    if (guest.pump().run_for(kAskEvery) == Pump::Wait::kStopped) {
      return interrupted();
    }
  }
}

}  // namespace

fs::path SnapshotStore::place(const std::string& flavour, const std::string& key) const {
  return folder_ / (flavour + "." + Digest().add(key).hex());
}

SnapshotStore::Found SnapshotStore::find(const std::string& flavour, const std::string& key) const {
  const fs::path folder = place(flavour, key);
  auto hold = std::make_shared<UniqueFd>(lock_folder(folder, LOCK_SH));
  if (!hold->valid()) {
    return {};
  }
  const Json note = read_snapshot_note(folder);
  if (std::string damage = snapshot_damage(folder, note, key); !damage.empty()) {
    return {std::nullopt, std::move(damage)};
  }
  Snapshot out = snapshot_from_note(folder, note);
  out.hold = std::move(hold);
  return {std::move(out), {}};
}

std::optional<Snapshot> SnapshotStore::last(const std::string& flavour) const {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_, error)) {
    const std::string name = entry.path().filename().string();
    const Json note = read_snapshot_note(entry.path());
    if (name.substr(0, name.rfind('.')) == flavour && note.is_object()) {
      return snapshot_from_note(entry.path(), note);
    }
  }
  return std::nullopt;
}

Result<SnapshotStore::Draft> SnapshotStore::begin() const {
  if (Status made = make_folders(folder_); !made) {
    return tl::unexpected(made.error());
  }
  Result<OwnFolder> folder = make_own_folder(folder_, kDraftPrefix);
  if (!folder) {
    return tl::unexpected(folder.error());
  }
  Draft draft(std::move(*folder));
  if (Status made = make_folders(draft.boot()); !made) {
    return tl::unexpected(made.error());
  }
  return draft;
}

SnapshotStore::Draft::~Draft() {
  if (!folder_.path.empty()) {
    std::error_code error;
    fs::remove_all(folder_.path, error);
  }
}

Result<Snapshot> SnapshotStore::save(Draft draft, Guest& guest, const Json& loaded_event, const std::string& flavour,
                                     const std::string& key) const {
  const TimePoint begin = Clock::now();
  if (Status still = guest.pause(kMonitorLimit); !still) {
    return tl::unexpected(still.error());
  }
  const fs::path state = draft.folder_.path / "state";
  if (Status saved = migrate(guest, state); !saved) {
    return tl::unexpected(saved.error());
  }
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin);
  if (Status closed = guest.close(); !closed) {
    return tl::unexpected(closed.error());
  }
  const Result<std::string> digest = file_digest(state);
  const Result<Json> boot = boot_digests(draft.boot());
  if (!digest || !boot) {
    return tl::unexpected(digest ? boot.error() : digest.error());
  }
  std::error_code error;
  const Json note = {{"key", key},
                     {"made", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)))},
                     {"bytes", fs::file_size(state, error)},
                     {"digest", *digest},
                     {"boot", *boot},
                     {"save_ms", took.count()},
                     {"loaded", loaded_event},
                     {"proven", false}};
  if (Status written = write_file(draft.folder_.path / kSnapshotNote, note_text(note)); !written) {
    return tl::unexpected(written.error());
  }
  const fs::path target = place(flavour, key);
  // A hold of ours keeps away those who clear up, and a reader's is for many.
  if (::flock(draft.folder_.hold.get(), LOCK_SH | LOCK_NB) != 0) {
    return file_failure("lock", draft.folder_.path, errno);
  }
  if (::rename(draft.folder_.path.c_str(), target.c_str()) == 0) {
    draft.folder_.path.clear();
  } else if (!find(flavour, key).snapshot) {
    // In the way is a broken one; when it is a sound one, another zlt was faster.
    fs::remove_all(target, error);
    if (::rename(draft.folder_.path.c_str(), target.c_str()) != 0) {
      return file_failure("create", target, errno);
    }
    draft.folder_.path.clear();
  }
  remove_others(flavour, target);
  Found made = find(flavour, key);
  if (!made.snapshot) {
    return failure("the snapshot in " + target.string() + " is gone again");
  }
  return std::move(*made.snapshot);
}

Status SnapshotStore::set_proven(Snapshot& snapshot) const {
  const fs::path folder = snapshot.state.parent_path();
  Json note = read_snapshot_note(folder);
  if (!note.is_object()) {
    return failure("the snapshot in " + folder.string() + " is gone again");
  }
  note["proven"] = true;
  snapshot.proven = true;
  return replace_file(folder / kSnapshotNote, note_text(note));
}

Result<Snapshot> SnapshotStore::set_aside(const Snapshot& snapshot) const {
  std::string pattern = (folder_ / (std::string(kDraftPrefix) + "XXXXXX")).string();
  if (::mkdtemp(pattern.data()) == nullptr) {
    return file_failure("create a folder in", folder_, errno);
  }
  if (::rename(snapshot.state.parent_path().c_str(), pattern.c_str()) != 0) {
    const int error = errno;
    ::rmdir(pattern.c_str());
    return file_failure("rename", snapshot.state.parent_path(), error);
  }
  Snapshot out = snapshot;
  out.state = fs::path(pattern) / "state";
  out.boot = fs::path(pattern) / "boot";
  return out;
}

void SnapshotStore::discard(const Snapshot& snapshot) const {
  std::error_code error;
  fs::remove_all(snapshot.state.parent_path(), error);
}

void SnapshotStore::remove_others(const std::string& flavour, const fs::path& current) const {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_, error)) {
    const std::string name = entry.path().filename().string();
    if (name.substr(0, name.rfind('.')) != flavour || entry.path() == current) {
      continue;
    }
    if (const UniqueFd free = lock_folder(entry.path(), LOCK_EX); free.valid()) {
      fs::remove_all(entry.path(), error);
    }
  }
}

}  // namespace zlt::run
