// SPDX-License-Identifier: GPL-2.0-only
//
// One flavour in a run: what its guests are made of, and how they are started.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "qemu/zlt/forensics/symbols.h"
#include "qemu/zlt/guest/snapshot.h"
#include "qemu/zlt/kernel/flavour.h"
#include "qemu/zlt/kernel/kernel.h"
#include "qemu/zlt/kernel/make_kernel.h"
#include "qemu/zlt/kernel/paths.h"
#include "qemu/zlt/plans/topology.h"
#include "qemu/zlt/run/case_run.h"
#include "qemu/zlt/run/options.h"
#include "qemu/zlt/run/planned_case.h"

namespace zlt::run {

class FlavourRun {
 public:
  FlavourRun(Flavour flavour, const RunOptions& options, const Paths& paths, const Stop& stop)
      : flavour_(std::move(flavour)),
        options_(&options),
        stop_(&stop),
        paths_(&paths),
        store_(paths.cache / "snapshots"),
        snapshot_name_(flavour_.name) {}

  // The same flavour, prepared, on a machine of another shape. set_accel() and first_boot() come again.
  FlavourRun(const FlavourRun& base, std::shared_ptr<const Topology> topology);

  [[nodiscard]] const Flavour& flavour() const { return flavour_; }
  [[nodiscard]] const Machine& machine() const { return machine_; }
  [[nodiscard]] std::string machine_name() const { return topology_ == nullptr ? "" : topology_->name; }
  // Kernel, module, initramfs: from the cache or made. First.
  [[nodiscard]] Status prepare(const OnLine& on_line);
  void set_accel(const std::string& accel, const std::string& qemu_version);
  // Boots once, or finds the snapshot of an earlier boot; `folder` gets that boot's logs. Second. Afterwards loaded().
  [[nodiscard]] Status first_boot(const std::filesystem::path& folder, const std::function<void(std::string)>& note);
  [[nodiscard]] KernelOptions kernel_options() const;
  // What the guest said about kernel and cases.
  [[nodiscard]] const Loaded& loaded() const { return loaded_; }
  // Not empty: the boot was not sound, and no case means anything.
  [[nodiscard]] const std::string& unsound() const { return unsound_; }

  // One case in a guest of its own, its files in `folder`. Fills wall_s too. An error only when interrupted, or when
  // our own files cannot be written. May be called by several threads at once.
  [[nodiscard]] Result<report::CaseRecord> run(const CaseJob& job, const std::filesystem::path& folder,
                                               const OnProgress& on_progress);

 private:
  [[nodiscard]] Status boot_here(const std::filesystem::path& folder, std::optional<SnapshotStore::Draft> draft,
                                 const std::function<void(std::string)>& note);
  [[nodiscard]] std::optional<std::string> bring_up(Guest& guest, Conversation& talk, bool restored);
  [[nodiscard]] CaseSettings settings(const std::filesystem::path& folder) const;
  [[nodiscard]] Result<report::CaseRecord> run_in(Guest& guest, Conversation& talk, const CaseJob& job,
                                                  const std::filesystem::path& folder, const OnProgress& on_progress);
  void know_module();

  Flavour flavour_;
  const RunOptions* options_;
  const Stop* stop_;
  const Paths* paths_;
  SnapshotStore store_;
  std::string snapshot_name_;
  std::shared_ptr<const Topology> topology_;  // none: the plain machine
  Kernel kernel_;
  std::filesystem::path module_;
  Machine machine_;
  Symbols symbols_;
  std::string initramfs_digest_;
  std::string snapshot_key_;
  std::optional<Snapshot> snapshot_;
  std::atomic<bool> snapshot_works_ = true;
  Loaded loaded_;
  std::string unsound_;
};

}  // namespace zlt::run
