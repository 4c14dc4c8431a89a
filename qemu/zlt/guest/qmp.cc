// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/guest/qmp.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "userspace/protocol/wire.h"

namespace zlt::run {
namespace {

constexpr size_t kLongestReply = size_t{4} << 20U;  // `info registers -a` of many vCPUs comes as one

}  // namespace

Qmp::Qmp(UniqueFd fd, Pump& pump) : fd_(std::move(fd)), pump_(&pump), lines_(kLongestReply) {
  pump_->watch(fd_.get(), [this](std::string_view data) {
    if (data.empty()) {
      closed_ = true;
    } else {
      lines_.feed(data);
      while (const auto line = lines_.next()) {
        on_line(line->text);
      }
    }
  });
}

Qmp::~Qmp() {
  pump_->forget(fd_.get());
}

Status Qmp::handshake(Duration limit) {
  const TimePoint deadline = Clock::now() + limit;
  if (Status greeted = wait([this] { return greeted_; }, deadline, "its greeting"); !greeted) {
    return greeted;
  }
  const Result<Json> reply = execute("qmp_capabilities", Json::object(), deadline - Clock::now());
  if (!reply) {
    return tl::unexpected(reply.error());
  }
  return {};
}

Result<Json> Qmp::execute(const std::string& command, const Json& arguments, Duration limit) {
  const TimePoint deadline = Clock::now() + limit;
  const std::uint64_t id = next_id_++;
  Json message = {{"execute", command}, {"id", id}};
  if (!arguments.empty()) {
    message["arguments"] = arguments;
  }
  replies_[id] = Json();
  Status done = send(message, deadline);
  if (done) {
    done = wait([this, id] { return !replies_[id].is_null(); }, deadline, "a reply to " + command);
  }
  const Json reply = std::move(replies_[id]);
  replies_.erase(id);
  if (!done) {
    return tl::unexpected(done.error());
  }
  if (reply.contains("error")) {
    const Json& error = reply["error"];
    return refused(fmt::format("QEMU refused {}: {}", command, get_string(error, "desc", error.dump())));
  }
  return member(reply, "return");
}

Result<std::string> Qmp::human(const std::string& line, Duration limit) {
  Result<Json> reply = execute("human-monitor-command", {{"command-line", line}}, limit);
  if (!reply) {
    return tl::unexpected(reply.error());
  }
  if (!reply->is_string()) {
    return failure(fmt::format("QEMU's monitor gave no text for \"{}\"", line));
  }
  return reply->get<std::string>();
}

void Qmp::on_line(std::string_view line) {
  Result<Json> parsed = protocol::parse_line(line);
  if (!parsed) {
    return;
  }
  Json& message = *parsed;
  if (message.contains("QMP")) {
    greet(message["QMP"]);
    return;
  }
  if (const std::string name = get_string(message, "event"); !name.empty()) {
    if (on_event_) {
      on_event_(name, member(message, "data"));
    }
    return;
  }
  if (message.contains("id") && message["id"].is_number_unsigned()) {
    // A reply nobody waits for any more came too late: dropped.
    const auto awaited = replies_.find(message["id"].get<std::uint64_t>());
    if (awaited != replies_.end()) {
      awaited->second = std::move(message);
    }
  }
}

void Qmp::greet(const Json& greeting) {
  greeted_ = true;
  const Json& qemu = member(member(greeting, "version"), "qemu");
  version_ = fmt::format("{}.{}.{}", get_number(qemu, "major"), get_number(qemu, "minor"), get_number(qemu, "micro"));
}

Status Qmp::send(const Json& message, TimePoint deadline) {
  const std::string text = message.dump(-1, ' ', true) + "\n";
  std::string_view left = text;
  while (!left.empty()) {
    const ssize_t n = ::send(fd_.get(), left.data(), left.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n > 0) {
      left.remove_prefix(static_cast<size_t>(n));
      continue;
    }
    if (errno == EAGAIN || errno == EINTR) {
      // The peer does not read. Serve the rest meanwhile, in short steps.
      if (Clock::now() >= deadline || pump_->run_for(std::chrono::milliseconds(10)) == Pump::Wait::kStopped) {
        return failure("QEMU's monitor takes no more commands");
      }
      continue;
    }
    closed_ = true;
    return failure(std::string("QEMU's monitor is gone: ") + std::strerror(errno));
  }
  return {};
}

Status Qmp::wait(const std::function<bool()>& done, TimePoint deadline, const std::string& what) {
  const Pump::Wait ended = pump_->run_until([&] { return done() || closed_; }, deadline);
  if (done()) {
    return {};
  }
  if (ended == Pump::Wait::kStopped) {
    return interrupted();
  }
  if (closed_) {
    return failure("QEMU's monitor closed before " + what);
  }
  return failure("QEMU's monitor stopped answering: no sign of " + what);
}

}  // namespace zlt::run
