// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/plans/plan_guest.h"

#include <fmt/format.h>

#include <charconv>

#include "module/abi/watch.h"

namespace zlt::run {
namespace {

constexpr auto kMonitorLimit = std::chrono::seconds(10);
// Memory that comes online keeps a slow kernel busy for a while without a word.
constexpr LivenessLimits kLiveness{std::chrono::seconds(8), std::chrono::seconds(6), std::chrono::milliseconds(100)};

// N of "Built N zonelists, …".
std::optional<unsigned> zonelists_in(std::string_view line) {
  constexpr std::string_view kBuilt = "Built ";
  const size_t at = line.find(kBuilt);
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view rest = line.substr(at + kBuilt.size());
  unsigned out = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), out);
  const std::string_view behind(end, rest.data() + rest.size() - end);
  return error == std::errc() && behind.starts_with(" zonelists") ? std::optional(out) : std::nullopt;
}

// A kernel may have no nodes to tell of; a guest that watches and speaks can go on doing so.
tl::unexpected<Error> must_not_refuse(Error error) {
  error.kind = error.kind == ErrorKind::kRefused ? ErrorKind::kOurs : error.kind;
  return tl::unexpected(std::move(error));
}

}  // namespace

// An idle guest is waited for until the step's own limit ends it, also when its kernel has complained: what the step
// then lacks is the finding.
PlanGuest::PlanGuest(Guest& guest, Conversation& talk, Duration limit, const Symbols* symbols)
    : guest_(guest), talk_(talk), limit_(limit), patient_(guest, talk, symbols, {limit, limit}) {
  guest_.console().on_line([this](std::string_view line) { on_line(line); });
  guest_.on_qmp_event([this](const std::string& name, const Json& data) { events_.push_back({name, data}); });
}

PlanGuest::~PlanGuest() {
  guest_.console().on_line([](std::string_view) {});
  guest_.on_qmp_event({});
}

void PlanGuest::on_line(std::string_view line) {
  if (const auto zonelists = zonelists_in(line)) {
    printed_.push_back(*zonelists);
  }
  mark_seen_ = mark_seen_ || (!mark_.empty() && line.find(mark_) != std::string_view::npos);
  date_first_splat();
}

void PlanGuest::date_first_splat() {
  if (!first_splat_s_ && !guest_.console().splats().splats().empty()) {
    first_splat_s_ = seconds(Clock::now() - guest_.started());
  }
}

bool PlanGuest::complained() {
  guest_.console().splats().finish();
  date_first_splat();
  return !guest_.console().splats().splats().empty();
}

Status PlanGuest::wait(const std::string& what, const std::function<bool()>& done) {
  if (!end_) {
    const Ended ended = patient_.until({kLiveness, limit_}, done, [] {});
    if (ended.wait.end == WaitEnd::kDone) {
      return {};
    }
    if (ended.wait.end == WaitEnd::kTimeout) {
      return failure(fmt::format("{} never came", what), "limit_s in the plan allows more time");
    }
    end_ = ended;
  }
  return failure(fmt::format("the guest ended before {} came", what));
}

Result<Json> PlanGuest::monitor(const std::string& command, const Json& arguments) {
  if (end_) {
    return failure("the guest has ended");
  }
  Result<Json> reply = guest_.qmp().execute(command, arguments, kMonitorLimit);
  if (!reply && (guest_.gone() || guest_.qmp().closed())) {
    end_ = Ended{{WaitEnd::kGone, {}, false, {}}, {}, {}};
  }
  return reply;
}

Status PlanGuest::tell(const protocol::Command& command) {
  if (end_) {
    return failure("the guest has ended");
  }
  const bool told = run::tell(guest_.control(), talk_, command);
  return told ? Status() : failure("the guest's control port takes no commands");
}

Result<std::uint64_t> PlanGuest::send(protocol::Command command) {
  const std::uint64_t id = next_id_++;
  std::visit([id](auto& each) { each.id = id; }, command);
  const Status told = tell(command);
  return told ? Result<std::uint64_t>(id) : tl::unexpected(told.error());
}

Result<protocol::Event> PlanGuest::answer(const Result<std::uint64_t>& id, const char* op) {
  if (!id) {
    return tl::unexpected(id.error());
  }
  std::optional<protocol::Event> reply;
  const Status came =
      wait(fmt::format("the guest's answer to {}", op), [&] { return reply || (reply = talk_.take_reply(*id)); });
  if (!came) {
    return tl::unexpected(came.error());
  }
  if (const auto* error = std::get_if<protocol::Failed>(&*reply)) {
    return refused(fmt::format("the guest refused {}: {}", op, error->what), error->hint);
  }
  return std::move(*reply);
}

Status PlanGuest::start_watch() {
  const Result<protocol::Watched> on = ask<protocol::Watched>(protocol::Watch{{}, abi::kWatchOn, std::nullopt});
  if (!on) {
    return tl::unexpected(on.error());
  }
  watching_ = true;
  rebuilds_known_ = on->watch.rebuilds;
  return {};
}

std::optional<protocol::WatchReport> PlanGuest::watched() {
  if (!watching_) {
    return std::nullopt;
  }
  Result<protocol::Watched> reply = ask<protocol::Watched>(protocol::Watch{});
  return reply ? std::optional(std::move(reply->watch)) : std::nullopt;
}

Rebuilds PlanGuest::new_rebuilds(const protocol::Rebuilds& report) {
  Rebuilds out;
  for (const protocol::NewRebuild& each : report.last) {
    out.push_back(each.zonelists);
  }
  rebuilds_known_ = report.rebuilds;
  return out;
}

// All questions at once: each costs the guest less than the way there and back. The mark comes last, and what the
// console printed before it, the kernel had said before it.
Result<Sighting> PlanGuest::look() {
  mark_ = fmt::format("zltorture: look {}.", ++marks_);
  mark_seen_ = false;
  const Result<std::uint64_t> nodes_id = send(protocol::AskNodes{});
  const Result<std::uint64_t> watch_id =
      watching_ ? send(protocol::Watch{{}, {}, rebuilds_known_}) : Result<std::uint64_t>(0U);
  const Result<std::uint64_t> mark_id = send(protocol::Mark{{}, fmt::format("look {}.", marks_)});

  Sighting out;
  const Result<protocol::Nodes> nodes = as<protocol::Nodes>(answer(nodes_id, protocol::AskNodes::kName));
  if (!nodes) {
    return tl::unexpected(nodes.error());
  }
  out.memory = memory_from(nodes->memory);
  if (watching_) {
    const Result<protocol::Rebuilds> watched = as<protocol::Rebuilds>(answer(watch_id, protocol::Watch::kName));
    if (!watched) {
      return must_not_refuse(watched.error());
    }
    out.probed = new_rebuilds(*watched);
  }
  if (const auto marked = answer(mark_id, protocol::Mark::kName); !marked) {
    return must_not_refuse(marked.error());
  }
  if (Status seen = wait("the mark on the console", [this] { return mark_seen_; }); !seen) {
    return tl::unexpected(seen.error());
  }
  out.printed = std::exchange(printed_, {});
  return out;
}

}  // namespace zlt::run
