// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/guest/control_port.h"

#include <sys/socket.h>

#include <utility>

#include "userspace/base/printable.h"

namespace zlt::run {

ControlPort::ControlPort(UniqueFd fd, Pump& pump, BoundedLog log)
    : fd_(std::move(fd)), pump_(&pump), log_(std::move(log)) {}

ControlPort::~ControlPort() {
  pump_->forget(fd_.get());
}

void ControlPort::on_event(OnEvent on_event) {
  on_event_ = std::move(on_event);
  pump_->watch(fd_.get(), [this](std::string_view data) {
    lines_.feed(data);
    while (const auto line = lines_.next()) {
      on_line(*line);
    }
  });
}

bool ControlPort::send(const protocol::Command& command) {
  const Json json = protocol::to_json(command);
  record("out", "line", json);
  const std::string text = json.dump(-1, ' ', true) + "\n";
  return ::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT) == static_cast<ssize_t>(text.size());
}

void ControlPort::on_line(const LineSplitter::Line& line) {
  const bool first = std::exchange(first_, false);
  if (line.too_long) {
    record("in", "too_long", true);
    return on_event_(bad_input("a line of more than 64 KiB"));
  }
  const Result<Json> json = protocol::parse_line(line.text);
  if (json) {
    record("in", "line", *json);
    return on_event_(protocol::event_from(*json));
  }
  record("in", "text", line.text);
  // A guest that was saved in the middle of a line starts with the rest of it.
  if (!first) {
    on_event_(tl::unexpected(json.error()));
  }
}

void ControlPort::record(const char* direction, const char* key, const Json& what) {
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start_).count();
  const Json entry = {{"dir", direction}, {"host_ms", now}, {key, what}};
  log_.append(printable_json(protocol::line_of(entry)) + "\n");
}

}  // namespace zlt::run
