// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/guest/snapshot.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <cerrno>
#include <cstdlib>

#include "qemu/zlt/io/digest.h"
#include "userspace/base/files.h"
#include "userspace/base/nearest.h"

namespace zlt::run {
namespace fs = std::filesystem;
namespace {

constexpr const char* kDraftPrefix = ".making-";
constexpr auto kSaveWithin = std::chrono::seconds(60);
constexpr auto kAskEvery = std::chrono::milliseconds(10);
constexpr auto kMonitorLimit = std::chrono::seconds(10);
constexpr std::uint64_t kNoBandwidthLimit = std::uint64_t{1} << 40U;  // bytes/s; QEMU's default is 128 MiB/s

UniqueFd lock(const fs::path& folder, int how) {
  UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.valid() && ::flock(fd.get(), how | LOCK_NB) != 0) {
    fd.reset();
  }
  return fd;
}

Snapshot from_note(const fs::path& folder, const Json& note) {
  Snapshot out;
  out.state = folder / "state";
  out.boot = folder / "boot";
  if (Result<Loaded> loaded = loaded_from(member(note, "loaded"))) {
    out.loaded = std::move(*loaded);
  }
  out.bytes = get_number(note, "bytes");
  out.save_s = static_cast<double>(get_number(note, "save_ms")) / 1000.0;
  return out;
}

// Waits until QEMU has written the state.
Status migrate(Guest& guest, const fs::path& file) {
  const Result<Json> faster =
      guest.qmp().execute("migrate-set-parameters", {{"max-bandwidth", kNoBandwidthLimit}}, kMonitorLimit);
  const Result<Json> begun =
      guest.qmp().execute("migrate", {{"uri", "exec:exec cat > " + shell_quoted(file.string())}}, kMonitorLimit);
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
      return {};
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

std::string snapshot_key(const Machine& machine, const std::string& qemu_version, const std::string& kernel_digest,
                         const std::string& initramfs_digest) {
  Machine by_content = machine;
  by_content.kernel = kernel_digest;
  by_content.initramfs = initramfs_digest;
  return qemu_version + "\n" + machine.qemu + "\n" + joined(machine_arguments(by_content), "\n");
}

fs::path SnapshotStore::place(const std::string& flavour, const std::string& key) const {
  return folder_ / (flavour + "." + Digest().add(key).hex());
}

std::optional<Snapshot> SnapshotStore::find(const std::string& flavour, const std::string& key) const {
  const fs::path folder = place(flavour, key);
  auto hold = std::make_shared<UniqueFd>(lock(folder, LOCK_SH));
  if (!hold->valid()) {
    return std::nullopt;
  }
  const Result<std::string> text = read_file(folder / "snapshot.json");
  const Json note = Json::parse(text ? *text : "", nullptr, false);
  Snapshot out = from_note(folder, note);
  out.hold = std::move(hold);
  std::error_code error;
  const bool whole = get_string(note, "key") == key && !out.loaded.cases.empty() &&
                     fs::file_size(out.state, error) == out.bytes && !error;
  return whole ? std::optional(std::move(out)) : std::nullopt;
}

std::optional<Snapshot> SnapshotStore::last(const std::string& flavour) const {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_, error)) {
    const std::string name = entry.path().filename().string();
    const Result<std::string> text = read_file(entry.path() / "snapshot.json");
    if (name.substr(0, name.rfind('.')) == flavour && text) {
      return from_note(entry.path(), Json::parse(*text, nullptr, false));
    }
  }
  return std::nullopt;
}

Result<SnapshotStore::Draft> SnapshotStore::begin() const {
  if (Status made = make_folders(folder_); !made) {
    return tl::unexpected(made.error());
  }
  std::string pattern = (folder_ / (std::string(kDraftPrefix) + "XXXXXX")).string();
  if (::mkdtemp(pattern.data()) == nullptr) {
    return file_failure("create a folder in", folder_, errno);
  }
  Draft draft(pattern, lock(pattern, LOCK_EX));
  if (Status made = make_folders(draft.boot()); !made) {
    return tl::unexpected(made.error());
  }
  return draft;
}

SnapshotStore::Draft::~Draft() {
  if (!folder_.empty()) {
    std::error_code error;
    fs::remove_all(folder_, error);
  }
}

Result<Snapshot> SnapshotStore::save(Draft draft, Guest& guest, const Json& loaded_event, const std::string& flavour,
                                     const std::string& key) const {
  const TimePoint begin = Clock::now();
  if (Status saved = migrate(guest, draft.folder_ / "state"); !saved) {
    return tl::unexpected(saved.error());
  }
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin);
  if (Status closed = guest.close(); !closed) {
    return tl::unexpected(closed.error());
  }
  std::error_code error;
  const Json note = {{"key", key},
                     {"bytes", fs::file_size(draft.folder_ / "state", error)},
                     {"save_ms", took.count()},
                     {"loaded", loaded_event}};
  const std::string text = note.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  if (Status written = write_file(draft.folder_ / "snapshot.json", text); !written) {
    return tl::unexpected(written.error());
  }
  const fs::path target = place(flavour, key);
  draft.hold_.reset();
  if (::rename(draft.folder_.c_str(), target.c_str()) == 0) {
    draft.folder_.clear();
  } else if (!find(flavour, key)) {
    // In the way is a broken one; when it is a sound one, another zlt was faster.
    fs::remove_all(target, error);
    if (::rename(draft.folder_.c_str(), target.c_str()) != 0) {
      return file_failure("create", target, errno);
    }
    draft.folder_.clear();
  }
  remove_others(flavour, target);
  std::optional<Snapshot> made = find(flavour, key);
  if (!made) {
    return failure("the snapshot in " + target.string() + " is gone again");
  }
  return std::move(*made);
}

void SnapshotStore::discard(const Snapshot& snapshot) const {
  std::error_code error;
  fs::remove_all(snapshot.state.parent_path(), error);
}

void SnapshotStore::remove_others(const std::string& flavour, const fs::path& current) const {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_, error)) {
    const std::string name = entry.path().filename().string();
    // Drafts of a zlt that was killed hold no lock either.
    const bool ours = name.substr(0, name.rfind('.')) == flavour && entry.path() != current;
    if (!ours && !name.starts_with(kDraftPrefix)) {
      continue;
    }
    if (const UniqueFd free = lock(entry.path(), LOCK_EX); free.valid()) {
      fs::remove_all(entry.path(), error);
    }
  }
}

}  // namespace zlt::run
