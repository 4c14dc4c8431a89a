// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/command.h"

namespace zlt::ctl {
namespace {

constexpr size_t kShown = 60;

std::string shown(const std::string& line) {
  return "'" + (line.size() > kShown ? line.substr(0, kShown) + "…" : line) + "'";
}

}  // namespace

Result<Json> parse_command(const std::string& line) {
  Json command = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (command.is_object()) return command;
  return bad_input("no JSON object: " + shown(line), R"(a command looks like {"op":"list"})");
}

std::string text_of(const Json& command, const char* key) {
  const auto found = command.find(key);
  return found != command.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Json id_of(const Json& command) {
  const auto found = command.find("id");
  return found != command.end() && !found->is_structured() ? *found : Json();
}

Result<RunRequest> request_of(const Json& command) {
  RunRequest out;
  out.id = text_of(command, "case");
  if (out.id.empty()) return bad_input("`run` names no case", R"(say "case":"irqsave/hardirq-reader")");
  if (command.contains("form")) out.form = text_of(command, "form");
  const auto params = command.find("params");
  if (params == command.end() || params->is_null()) return out;
  if (!params->is_object()) return bad_input("`params` is no object", R"(say "params":{"loops":10})");
  for (const auto& [key, value] : params->items()) {
    std::string text;
    if (value.is_string()) {
      text = value.get<std::string>();
    } else if (value.is_boolean()) {
      text = value.get<bool>() ? "1" : "0";
    } else {
      text = value.dump(-1, ' ', true);
    }
    if (Status checked = check_param(key, text); !checked) return tl::unexpected(checked.error());
    out.params.emplace_back(key, std::move(text));
  }
  return out;
}

}  // namespace zlt::ctl
