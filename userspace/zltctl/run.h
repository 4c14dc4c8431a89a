// SPDX-License-Identifier: GPL-2.0-only
//
// One run from its start to its result, for the command line and for the guest: started, polled, stopped.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "userspace/base/result.h"
#include "userspace/zltctl/environment.h"
#include "userspace/zltctl/formats.h"
#include "userspace/zltctl/module.h"
#include "userspace/zltctl/request.h"

namespace zlt::ctl {

using protocol::RunReport;

// Each reads one file of the module.
[[nodiscard]] Result<std::vector<Case>> read_cases(const Environment& environment, Module& module);
[[nodiscard]] Result<RunStatus> read_status(const Environment& environment, Module& module);
[[nodiscard]] Result<ResultFile> read_result(const Environment& environment, Module& module);
[[nodiscard]] Result<std::vector<Bucket>> read_histogram(const Environment& environment, Module& module);

// The environment and the module must outlive it.
class ActiveRun {
 public:
  // Has the module start the run. A refusal says what would have been valid.
  [[nodiscard]] static Result<ActiveRun> start(const Environment& environment, Module& module, RunRequest request);

  // Looks at `status`. The report once the run has finished, nothing before; a failure ends it as well: the module went
  // away, or somebody else's run has taken the place of the result.
  [[nodiscard]] Result<std::optional<RunReport>> poll();
  // How long to wait before the next poll: 1 ms at first, for a short run is over soon, then 10 ms.
  [[nodiscard]] int pause_ms();

  [[nodiscard]] const RunRequest& request() const { return request_; }
  // As of the last poll.
  [[nodiscard]] const RunStatus& status() const { return status_; }

 private:
  ActiveRun(const Environment& environment, Module& module, RunRequest request, uint64_t runs_before)
      : environment_(&environment), module_(&module), request_(std::move(request)), runs_before_(runs_before) {}
  [[nodiscard]] Result<std::optional<RunReport>> collect();

  const Environment* environment_;
  Module* module_;
  RunRequest request_;
  uint64_t runs_before_;
  RunStatus status_;
  int pause_ms_ = 1;
};

}  // namespace zlt::ctl
