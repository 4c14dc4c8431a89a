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

#include "qemu/zlt/io/digest.h"
#include "qemu/zlt/io/file_digest.h"
#include "userspace/base/files.h"
#include "userspace/base/nearest.h"
#include "userspace/protocol/wire.h"

namespace zlt::run {
namespace fs = std::filesystem;
namespace {

// Of the folder's files, and of how guests are saved: raised when either changes. 2: saved stopped, with a digest; 3:
// what its boot said, as the protocol has it.
constexpr unsigned kLayout = 3;
constexpr const char* kNote = "snapshot.json";
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
  out.id = folder.extension().string().substr(std::min<size_t>(1, folder.extension().string().size()));
  out.made = get_string(note, "made");
  if (Result<Loaded> loaded = loaded_from(member(note, "loaded"))) {
    out.loaded = std::move(*loaded);
  }
  out.bytes = get_number(note, "bytes");
  out.save_s = static_cast<double>(get_number(note, "save_ms")) / 1000.0;
  out.proven = get_bool(note, "proven");
  return out;
}

std::string text_of(const Json& note) {
  return note.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

// Null where there is none, or what is there is none; as deep as a message may be, for what is deeper cannot be
// written.
Json read_note(const fs::path& folder) {
  const Result<std::string> text = read_plain_file(folder / kNote);
  Result<Json> note = protocol::parse_line(text ? *text : "");
  return note ? std::move(*note) : Json();
}

// What is wrong with it; empty when nothing is.
std::string damage_of(const fs::path& folder, const Json& note, const std::string& key) {
  if (get_string(note, "key") != key) {
    return "its snapshot.json is not that of this guest";
  }
  const Result<Loaded> loaded = loaded_from(member(note, "loaded"));
  if (!loaded || loaded->cases.empty() || !fs::is_directory(folder / "boot")) {
    return "what its boot has said is missing";
  }
  std::error_code error;
  if (fs::file_size(folder / "state", error) != get_number(note, "bytes") || error) {
    return "its state is not as long as it was";
  }
  const Result<std::string> digest = file_digest(folder / "state");
  return digest && *digest == get_string(note, "digest") ? "" : "its state is not what was saved";
}

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

double age_of(const Snapshot& snapshot) {
  std::tm made = {};
  if (::strptime(snapshot.made.c_str(), "%Y-%m-%dT%H:%M:%SZ", &made) == nullptr) {
    return 0;
  }
  return std::difftime(std::time(nullptr), ::timegm(&made));
}

std::string snapshot_key(const Machine& machine, const std::string& qemu_version, const std::string& kernel_digest,
                         const std::string& initramfs_digest) {
  Machine by_content = machine;
  by_content.kernel = kernel_digest;
  by_content.initramfs = initramfs_digest;
  return fmt::format("layout {}\n", kLayout) + qemu_version + "\n" + machine.qemu + "\n" +
         joined(machine_arguments(by_content), "\n");
}

fs::path SnapshotStore::place(const std::string& flavour, const std::string& key) const {
  return folder_ / (flavour + "." + Digest().add(key).hex());
}

SnapshotStore::Found SnapshotStore::find(const std::string& flavour, const std::string& key) const {
  const fs::path folder = place(flavour, key);
  auto hold = std::make_shared<UniqueFd>(lock(folder, LOCK_SH));
  if (!hold->valid()) {
    return {};
  }
  const Json note = read_note(folder);
  if (std::string damage = damage_of(folder, note, key); !damage.empty()) {
    return {std::nullopt, std::move(damage)};
  }
  Snapshot out = from_note(folder, note);
  out.hold = std::move(hold);
  return {std::move(out), {}};
}

std::optional<Snapshot> SnapshotStore::last(const std::string& flavour) const {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_, error)) {
    const std::string name = entry.path().filename().string();
    const Json note = read_note(entry.path());
    if (name.substr(0, name.rfind('.')) == flavour && note.is_object()) {
      return from_note(entry.path(), note);
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
  if (Status still = guest.pause(kMonitorLimit); !still) {
    return tl::unexpected(still.error());
  }
  const fs::path state = draft.folder_ / "state";
  if (Status saved = migrate(guest, state); !saved) {
    return tl::unexpected(saved.error());
  }
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin);
  if (Status closed = guest.close(); !closed) {
    return tl::unexpected(closed.error());
  }
  const Result<std::string> digest = file_digest(state);
  if (!digest) {
    return tl::unexpected(digest.error());
  }
  std::error_code error;
  const Json note = {{"key", key},
                     {"made", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)))},
                     {"bytes", fs::file_size(state, error)},
                     {"digest", *digest},
                     {"save_ms", took.count()},
                     {"loaded", loaded_event},
                     {"proven", false}};
  if (Status written = write_file(draft.folder_ / kNote, text_of(note)); !written) {
    return tl::unexpected(written.error());
  }
  const fs::path target = place(flavour, key);
  draft.hold_.reset();
  if (::rename(draft.folder_.c_str(), target.c_str()) == 0) {
    draft.folder_.clear();
  } else if (!find(flavour, key).snapshot) {
    // In the way is a broken one; when it is a sound one, another zlt was faster.
    fs::remove_all(target, error);
    if (::rename(draft.folder_.c_str(), target.c_str()) != 0) {
      return file_failure("create", target, errno);
    }
    draft.folder_.clear();
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
  Json note = read_note(folder);
  if (!note.is_object()) {
    return failure("the snapshot in " + folder.string() + " is gone again");
  }
  note["proven"] = true;
  snapshot.proven = true;
  return replace_file(folder / kNote, text_of(note));
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
