// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/tests/fake/monitor.h"

#include <cstdio>

namespace zlt::fake {

void Monitor::send(const Json& message) const {
  if (!muted_) {
    [[maybe_unused]] const bool written = write_all(fd_, message.dump() + "\r\n");
  }
}

void Monitor::greet() const {
  send({{"QMP",
         {{"version", {{"qemu", {{"major", 7}, {"minor", 2}, {"micro", 22}}}, {"package", "fake"}}},
          {"capabilities", {"oob"}}}}});
}

void Monitor::event(const std::string& name, const Json& data) const {
  send({{"event", name}, {"data", data}, {"timestamp", {{"seconds", 1}, {"microseconds", 2}}}});
}

void Monitor::reply(const Json& id, const Json& value) const {
  send({{"return", value}, {"id", id}});
}

void Monitor::refuse(const Json& id, const std::string& text) const {
  send({{"error", {{"class", "GenericError"}, {"desc", text}}}, {"id", id}});
}

void Monitor::migrate(const std::string& uri) {
  constexpr std::string_view kExec = "exec:";
  if (script_->migrate() == "stall") {
    migration_ = "active";
    return;
  }
  migration_ = "failed";
  if (script_->migrate() == "fail" || !uri.starts_with(kExec)) {
    return;
  }
  // A counter that all fakes of a test share.
  std::FILE* saves = std::fopen((script_->log() + ".saves").c_str(), "a");
  const long before = saves != nullptr && std::fseek(saves, 0, SEEK_END) == 0 ? std::ftell(saves) : 0;
  if (saves != nullptr) {
    std::fputc('.', saves);
    std::fclose(saves);
  }
  const std::string kind = running_ ? "torn" : script_->saved_as(static_cast<size_t>(before));
  std::FILE* pipe = ::popen(uri.substr(kExec.size()).c_str(), "w");
  if (pipe != nullptr) {
    std::fprintf(pipe, "fake state %s\n", kind.c_str());
    migration_ = ::pclose(pipe) == 0 ? "completed" : "failed";
  }
}

void Monitor::take(std::string_view line) {
  const Json command = Json::parse(line, nullptr, false);
  const Json& id = member(command, "id");
  const Json& arguments = member(command, "arguments");
  const std::string name = get_string(command, "execute");
  if (name == "qmp_capabilities") {
    reply(id, Json::object());
    actions_.negotiated();
  } else if (name == "query-status") {
    reply(id, {{"running", running_}, {"status", running_ ? script_->status() : "paused"}});
  } else if (name == "stop" || name == "cont") {
    running_ = name == "cont";
    actions_.run(running_);
    event(running_ ? "RESUME" : "STOP", Json::object());
    reply(id, Json::object());
  } else if (name == "migrate-set-parameters" || name == "inject-nmi") {
    reply(id, Json::object());
  } else if (name == "migrate") {
    migrate(get_string(arguments, "uri"));
    reply(id, Json::object());
  } else if (name == "query-migrate") {
    reply(id, {{"status", migration_}});
  } else if (name == "human-monitor-command") {
    const std::string words = get_string(arguments, "command-line");
    if (words.starts_with("x ")) {
      reply(id, script_->memory_at(words.substr(words.rfind(' ') + 1)));
    } else {
      reply(id, script_->registers());
      actions_.looked_at();
    }
  } else if (name == "quit") {
    reply(id, Json::object());
    actions_.quit();
  } else if (Json answer = actions_.memory(name, arguments); answer.is_object()) {
    answer["id"] = id;
    send(answer);
  } else {
    refuse(id, "The command " + name + " has not been found");
  }
}

}  // namespace zlt::fake
