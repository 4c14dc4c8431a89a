// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/guest/control_port.h"

#include <sys/socket.h>

namespace zlt::run {
namespace {

constexpr size_t kLongestEvent = size_t{64} << 10U;  // docs/formats.md

}  // namespace

ControlPort::ControlPort(UniqueFd fd, Pump& pump, BoundedLog log)
    : fd_(std::move(fd)),
      pump_(&pump),
      log_(std::move(log)),
      reader_(kLongestEvent, [this](std::string_view line) { on_line(line); }) {}

ControlPort::~ControlPort() {
  pump_->forget(fd_.get());
}

void ControlPort::on_event(OnEvent on_event) {
  on_event_ = std::move(on_event);
  pump_->watch(fd_.get(), [this](std::string_view data) { reader_.feed(data); });
}

bool ControlPort::send(const Json& command) {
  record("out", command);
  const std::string text = command.dump(-1, ' ', true) + "\n";
  return ::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT) == static_cast<ssize_t>(text.size());
}

void ControlPort::on_line(std::string_view line) {
  // A guest that was saved in the middle of a line starts with the rest of it: not an event, nothing to say.
  const Json event = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  const std::string name = get_string(event, "event");
  if (name.empty()) {
    return;
  }
  record("in", event);
  on_event_(name, event);
}

void ControlPort::record(const char* direction, const Json& line) {
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start_).count();
  const Json entry = {{"dir", direction}, {"host_ms", now}, {"line", line}};
  log_.append(entry.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace zlt::run
