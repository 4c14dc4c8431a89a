// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/run/attempt.h"

#include "qemu/zlt/forensics/disease.h"
#include "qemu/zlt/plans/plan_run.h"
#include "qemu/zlt/run/case_run.h"
#include "userspace/base/files.h"

namespace zlt::run {
namespace fs = std::filesystem;
namespace {

Result<report::CaseRecord> run_in(const ReadyGuest& ready, const GuestSource& source, const CaseJob& job,
                                  const fs::path& folder, const RunOptions& options, const OnProgress& on_progress) {
  CaseSettings how = {options.timeout, source.loaded().kernel.lockdep, &source.symbols(), folder / "dump",
                      options.keep};
  if (job.plan == nullptr || source.topology() == nullptr) {
    return run_case(*ready.guest, *ready.talk, job, how, on_progress);
  }
  PlanRun plan(*ready.guest, *ready.talk,
               {job.plan.get(), source.topology(), source.prepared().flavour.ordering, job.seed, folder,
                &source.symbols(), on_progress});
  how.body = &plan;
  return run_case(*ready.guest, *ready.talk, job, how, on_progress);
}

}  // namespace

Result<report::CaseRecord> attempt(GuestSource& source, const CaseJob& job, From from, const fs::path& folder,
                                   const RunOptions& options, const Stop& stop, const OnProgress& on_progress) {
  if (Status made = make_folders(folder); !made) {
    return tl::unexpected(made.error());
  }
  const Result<ReadyGuest> ready = source.start(from, folder, job.autorun(), on_progress);
  if (stop.requested()) {
    return interrupted();
  }
  if (!ready) {
    return infra_record(job, ready.error().line());
  }
  Result<report::CaseRecord> record = run_in(*ready, source, job, folder, options, on_progress);
  if (!record) {
    return record;
  }
  record->origin = ready->origin;
  record->wall_s = seconds(Clock::now() - ready->guest->started());
  if (const Status closed = ready->guest->close(); !closed) {
    blame_disease(*record, {&kHostDisk, closed.error().line()});
  }
  if (stop.requested()) {
    return interrupted();
  }
  return record;
}

}  // namespace zlt::run
