// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/guest/snapshot_note.h"

#include <fmt/format.h>

#include <algorithm>
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
// what its boot said, as the protocol has it; 4: digests of all of it.
constexpr unsigned kLayout = 4;
constexpr const char* kSum = "sum";

std::string dumped(const Json& note) {
  return note.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// Of all that the note says.
std::string sum_of(Json note) {
  note.erase(kSum);
  return Digest().add(dumped(note)).hex();
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

Snapshot snapshot_from_note(const fs::path& folder, const Json& note) {
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

std::string note_text(Json note) {
  note[kSum] = sum_of(note);
  return dumped(note) + "\n";
}

// Of the files of the boot, by name.
Result<Json> boot_digests(const fs::path& boot) {
  Json out = Json::object();
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(boot, error)) {
    const Result<std::string> digest = file_digest(entry.path());
    if (!digest) {
      return tl::unexpected(digest.error());
    }
    out[entry.path().filename().string()] = *digest;
  }
  return error ? Result<Json>(file_failure("read", boot, error.value())) : out;
}

Json read_snapshot_note(const fs::path& folder) {
  const Result<std::string> text = read_plain_file(folder / kSnapshotNote);
  Result<Json> note = protocol::parse_line(text ? *text : "");
  return note ? std::move(*note) : Json();
}

// What is wrong with it; empty when nothing is.
std::string snapshot_damage(const fs::path& folder, const Json& note, const std::string& key) {
  if (get_string(note, "key") != key) {
    return "its snapshot.json is not that of this guest";
  }
  if (get_string(note, kSum) != sum_of(note)) {
    return "its snapshot.json is not what was written";
  }
  const Result<Loaded> loaded = loaded_from(member(note, "loaded"));
  const Result<Json> boot = boot_digests(folder / "boot");
  if (!loaded || loaded->cases.empty() || !boot || boot->empty()) {
    return "what its boot has said is missing";
  }
  if (*boot != member(note, "boot")) {
    return "what its boot has said is not what was saved";
  }
  std::error_code error;
  if (fs::file_size(folder / "state", error) != get_number(note, "bytes") || error) {
    return "its state is not as long as it was";
  }
  const Result<std::string> digest = file_digest(folder / "state");
  return digest && *digest == get_string(note, "digest") ? "" : "its state is not what was saved";
}

}  // namespace zlt::run
