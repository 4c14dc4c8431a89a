// SPDX-License-Identifier: GPL-2.0-only
//
// Fuzz target: the snapshot.json of a guest that was saved, in a cache that anybody may have been at.
#include "qemu/tests/fuzz/check.h"
#include "qemu/zlt/guest/snapshot.h"
#include "qemu/zlt/io/digest.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace zlt;
  const std::string key = "a key";
  const std::filesystem::path place = fuzz::folder() / ("x." + run::Digest().add(key).hex());
  fuzz::put(place / "snapshot.json", {reinterpret_cast<const char*>(data), size});
  fuzz::put(place / "state", "the state");
  fuzz::require(make_folders(place / "boot").has_value(), "a folder can be made");
  const run::SnapshotStore store(fuzz::folder());
  if (auto found = store.find("x", key); found.snapshot) {
    fuzz::require(!found.snapshot->loaded.cases.empty(), "a guest that can be restored has cases");
  } else {
    fuzz::require(!found.damage.empty(), "what is wrong with a snapshot is said");
  }
  if (auto last = store.last("x")) {
    if (const Status proven = store.set_proven(*last); !proven) fuzz::require_a_line(proven.error());
  }
  return 0;
}
