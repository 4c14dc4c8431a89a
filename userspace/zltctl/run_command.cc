// SPDX-License-Identifier: GPL-2.0-only
//
// `zltctl run`: one case or several, one after the other, followed until each has finished or the user leaves.
#include <fmt/format.h>
#include <fnmatch.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>

#include "module/abi/debugfs.h"
#include "userspace/base/nearest.h"
#include "userspace/zltctl/commands.h"
#include "userspace/zltctl/explain.h"
#include "userspace/zltctl/text.h"

namespace zlt::ctl {
namespace {

using Clock = std::chrono::steady_clock;

// For a run to end once it was told to stop. Longer, and it is the machine that hangs.
constexpr auto kStopLimit = std::chrono::seconds(30);

// Follows one run to its end.
class Follower {
 public:
  Follower(const Context& context, ActiveRun& run, std::chrono::milliseconds timeout)
      : context_(context), run_(run), timeout_(timeout) {}

  [[nodiscard]] Result<RunReport> follow();
  // Why it was told to stop; empty when it was not.
  [[nodiscard]] const std::string& told() const { return told_; }

 private:
  [[nodiscard]] Status wait();
  [[nodiscard]] Status on_interrupt();
  void tell_to_stop(std::string why);
  void show() const;
  void wipe() const;

  const Context& context_;
  ActiveRun& run_;
  std::chrono::milliseconds timeout_;
  Clock::time_point began_ = Clock::now();
  Clock::time_point told_at_;
  std::string told_;
  std::optional<PendingWrite> stop_;
};

Result<RunReport> Follower::follow() {
  for (;;) {
    Result<std::optional<RunReport>> polled = run_.poll();
    if (!polled) return tl::unexpected(polled.error());
    if (*polled) {
      wipe();
      return std::move(**polled);
    }
    show();
    if (Status status = wait(); !status) {
      wipe();
      return tl::unexpected(status.error());
    }
  }
}

Status Follower::wait() {
  pollfd fds[] = {{context_.interrupts, POLLIN, 0}, {stop_ ? stop_->fd() : -1, POLLIN, 0}};
  ::poll(fds, std::size(fds), run_.pause_ms());
  if (fds[0].revents != 0) {
    if (Status status = on_interrupt(); !status) return status;
  }
  if (const std::optional<int> error = stop_ ? stop_->poll() : std::nullopt) {
    stop_.reset();
    if (*error != 0) return tl::unexpected(explain_access(context_.environment, File::kStop, *error));
  }
  const Clock::time_point now = Clock::now();
  if (!told_.empty() && now - told_at_ > kStopLimit) {
    return failure(run_.request().id + " does not stop", "this machine hangs: look at dmesg, then reboot");
  }
  if (told_.empty() && timeout_.count() > 0 && now - began_ > timeout_) {
    tell_to_stop(fmt::format("not finished within {:g} s", static_cast<double>(timeout_.count()) / 1e3));
  }
  return {};
}

Status Follower::on_interrupt() {
  char drained[512];
  [[maybe_unused]] const ssize_t got = ::read(context_.interrupts, drained, sizeof drained);
  if (!told_.empty()) {
    return interrupted("interrupted again while " + run_.request().id + " was stopping", "zltctl status");
  }
  tell_to_stop("interrupted");
  return {};
}

void Follower::tell_to_stop(std::string why) {
  told_ = std::move(why);
  told_at_ = Clock::now();
  stop_ = context_.module.write_in_background(File::kStop, "1\n");
}

void Follower::show() const {
  if (context_.progress.width == 0) return;
  const RunStatus& status = run_.status();
  fmt::print(stderr, "\r\033[K{} ({}): {} of {}{}", status.name, status.form, status.turn, status.loops,
             told_.empty() ? "" : ", stopping");
}

void Follower::wipe() const {
  if (context_.progress.width > 0) fmt::print(stderr, "\r\033[K");
}

Result<std::vector<std::string>> chosen_cases(const Context& context, const RunOptions& options) {
  // A name goes to the module as it is: the module says whether it knows it.
  if (!is_glob(options.pattern)) return std::vector<std::string>{options.pattern};
  const Result<std::vector<Case>> cases = read_cases(context.environment, context.module);
  if (!cases) return tl::unexpected(cases.error());
  std::vector<std::string> out;
  std::vector<std::string> known;
  for (const Case& item : *cases) {
    known.push_back(item.name);
    const bool chosen =
        item.form == options.request.form && ::fnmatch(options.pattern.c_str(), item.name.c_str(), 0) == 0;
    if (chosen) out.push_back(item.name);
  }
  if (!out.empty()) return out;
  if (const Status valid = check(options.request); !valid) return tl::unexpected(valid.error());
  return tl::unexpected(explain_unknown_case(options.pattern, known));
}

std::string line_of(const RunResult& result, size_t width, const Terminal& terminal) {
  const std::string mark =
      terminal.toned(result.ok ? "ok        " : "UNEXPECTED", result.ok ? Tone::kGood : Tone::kBad);
  const std::string expected = result.ok ? "" : " (expected " + protocol::text_of(result.expected) + ")";
  return fmt::format("{} {:<{}}  {}  {:<10}{}  {:>7}  seed {}  {}\n", mark, result.name, width, result.form,
                     protocol::text_of(result.verdict), expected, duration_of(result.run_ns), result.seed,
                     terminal.toned(printable((result.stopped ? "stopped early: " : "") + result.reason), Tone::kDim));
}

Result<Exit> run_one(const Context& context, const RunOptions& options, const std::string& id, size_t width) {
  RunRequest request = options.request;
  request.id = id;
  Result<ActiveRun> run = ActiveRun::start(context.environment, context.module, request);
  if (!run) return tl::unexpected(run.error());
  if (!options.wait) {
    const Json started = {{"started", {{"case", request.id}, {"form", request.form}}}};
    fmt::print("{}\n", context.json ? ctl::line_of(started) : "started " + id + "; zltctl result shows how it ended");
    return Exit::kExpected;
  }
  Follower follower(context, *run, options.timeout);
  const Result<RunReport> report = follower.follow();
  if (!report) return tl::unexpected(report.error());
  fmt::print("{}", context.json ? ctl::line_of(to_json(*report)) + "\n" : line_of(report->result, width, context.out));
  std::fflush(stdout);
  if (!follower.told().empty()) return failure(follower.told() + ": the run of " + id + " was stopped");
  return report->result.ok ? Exit::kExpected : Exit::kUnexpected;
}

}  // namespace

Result<Exit> run(const Context& context, const RunOptions& options) {
  const Result<std::vector<std::string>> ids = chosen_cases(context, options);
  if (!ids) return tl::unexpected(ids.error());
  if (!options.wait && ids->size() > 1) {
    return failure(fmt::format("'{}' names {} cases, and --no-wait can start one", options.pattern, ids->size()),
                   "name one case, or leave --no-wait out");
  }
  size_t width = 0;
  for (const std::string& id : *ids) width = std::max(width, id.size());
  Exit worst = Exit::kExpected;
  for (const std::string& id : *ids) {
    Result<Exit> exit = run_one(context, options, id, width);
    if (!exit) return exit;
    worst = std::max(worst, *exit);
  }
  return worst;
}

}  // namespace zlt::ctl
