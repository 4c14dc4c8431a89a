// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/run.h"

#include <algorithm>

#include "userspace/zltctl/explain.h"

namespace zlt::ctl {
namespace {

constexpr int kLongestPauseMs = 10;

template <typename Parse>
auto read_and_parse(const Environment& environment, Module& module, File file, Parse parse)
    -> decltype(parse(std::string_view())) {
  const Sys<std::string> text = module.read(file);
  if (!text) return tl::unexpected(explain_access(environment, file, text.error()));
  return parse(*text);
}

}  // namespace

Result<std::vector<Case>> read_cases(const Environment& environment, Module& module) {
  return read_and_parse(environment, module, File::kCases, parse_cases);
}

Result<RunStatus> read_status(const Environment& environment, Module& module) {
  return read_and_parse(environment, module, File::kStatus, parse_status);
}

Result<ResultFile> read_result(const Environment& environment, Module& module) {
  return read_and_parse(environment, module, File::kResult, parse_result);
}

Result<std::vector<Bucket>> read_histogram(const Environment& environment, Module& module) {
  return read_and_parse(environment, module, File::kHistogram, parse_histogram);
}

Result<ActiveRun> ActiveRun::start(const Environment& environment, Module& module, RunRequest request) {
  const Result<RunStatus> before = read_status(environment, module);
  if (!before) return tl::unexpected(before.error());
  const Sys<void> written = module.write(File::kRun, request.line());
  if (!written) return tl::unexpected(explain_refusal(environment, module, request, written.error()));
  return ActiveRun(environment, module, std::move(request), before->runs);
}

Result<std::optional<RunReport>> ActiveRun::poll() {
  Result<RunStatus> now = read_status(*environment_, *module_);
  if (!now) return tl::unexpected(now.error());
  status_ = std::move(*now);
  if (status_.runs < runs_before_) return failure("the module was loaded anew while " + request_.id + " ran");
  if (!status_.idle() || status_.runs == runs_before_) return std::optional<RunReport>();
  return collect();
}

Result<std::optional<RunReport>> ActiveRun::collect() {
  Result<ResultFile> file = read_result(*environment_, *module_);
  if (!file) return tl::unexpected(file.error());
  if (!file->last || file->last->name != request_.id || file->last->form != request_.form) {
    return failure("the result of " + request_.id + " was replaced by another run's",
                   "drive the module from one place");
  }
  Result<std::vector<Bucket>> histogram = read_histogram(*environment_, *module_);
  if (!histogram) return tl::unexpected(histogram.error());
  return RunReport{std::move(*file->last), std::move(*histogram), debug_locks(*environment_)};
}

int ActiveRun::pause_ms() {
  const int now = pause_ms_;
  pause_ms_ = std::min(2 * pause_ms_, kLongestPauseMs);
  return now;
}

}  // namespace zlt::ctl
