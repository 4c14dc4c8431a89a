// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/guest/conversation.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace zlt::run {
namespace {

constexpr double kNanosecond = 1e-9;

std::optional<bool> optional_bool(const Json& object, const char* key) {
  const Json& value = member(object, key);
  return value.is_boolean() || value.is_number_integer() ? std::optional(get_bool(object, key)) : std::nullopt;
}

std::optional<unsigned> id_of(const Json& event) {
  const Json& id = member(event, "id");
  return id.is_number_unsigned() ? std::optional(id.get<unsigned>()) : std::nullopt;
}

// "0xffffffffc0000000"; 0 for anything else.
std::uint64_t hexadecimal(std::string_view text) {
  constexpr std::string_view kPrefix = "0x";
  std::uint64_t value = 0;
  if (text.starts_with(kPrefix)) {
    std::from_chars(text.data() + kPrefix.size(), text.data() + text.size(), value, 16);
  }
  return value;
}

RunResult result_from(const Json& event) {
  const Json& result = member(event, "result");
  RunResult out;
  out.verdict = report::outcomes_from(get_strings(result, "verdict"));
  out.reason = get_string(result, "reason");
  out.seed = get_number(result, "seed");
  out.run_s = static_cast<double>(get_number(result, "run_ns")) * kNanosecond;
  out.debug_locks = optional_bool(event, "debug_locks");
  const Json& counters = member(result, "counters");
  if (counters.is_object()) {
    for (const auto& [name, value] : counters.items()) {
      out.counters[name] = get_number(counters, name.c_str());
    }
  }
  if (!member(result, "verdict").is_array()) {
    out.verdict = {"infra"};
    out.reason = "the guest's result has no verdict";
  }
  return out;
}

}  // namespace

const CaseInfo* Loaded::find(const std::string& name, const std::string& form) const {
  const auto found = std::find_if(cases.begin(), cases.end(),
                                  [&](const CaseInfo& info) { return info.name == name && info.form == form; });
  return found == cases.end() ? nullptr : &*found;
}

Loaded loaded_from(const Json& event) {
  Loaded out;
  const Json& kernel = member(event, "kernel");
  out.kernel = {get_string(kernel, "release"), get_bool(kernel, "rt"), get_bool(kernel, "lockdep")};
  out.debug_locks = optional_bool(event, "debug_locks");
  out.module_text = hexadecimal(get_string(event, "module_text"));
  const Json& cases = member(event, "cases");
  if (cases.is_array()) {
    for (const Json& entry : cases) {
      CaseInfo info{get_string(entry, "case"), get_string(entry, "form"), get_string(entry, "hazard"),
                    report::outcomes_from(get_strings(entry, "expected")), get_string(entry, "summary")};
      if (!info.name.empty() && !info.form.empty()) {
        out.cases.push_back(std::move(info));
      }
    }
  }
  return out;
}

void Conversation::take(const std::string& name, const Json& event) {
  ++events_;
  if (name == "heartbeat") {
    take_heartbeat(event);
    return;
  }
  ++news_;
  if (name == "hello") {
    hello_ = true;
  } else if (name == "loaded") {
    loaded_ = loaded_from(event);
    loaded_event_ = event;
  } else if (name == "ready") {
    ready_ = true;
  } else if (name == "bye") {
    bye_ = true;
  } else if (name == "started") {
    started_ = id_of(event);
  } else if (name == "result") {
    result_id_ = id_of(event);
    result_ = result_from(event);
  } else if (name == "nodes" || name == "memory" || name == "watch" || name == "marked") {
    keep_reply(event);
  } else if (name == "error") {
    keep_reply(event);
    const std::string hint = get_string(event, "hint");
    error_ = GuestError{id_of(event), get_string(event, "what", "no reason given") + (hint.empty() ? "" : "; " + hint)};
  }
}

void Conversation::keep_reply(const Json& event) {
  constexpr size_t kMostKept = 64;  // answers that nobody asked for are not collected for ever
  const std::optional<unsigned> id = id_of(event);
  if (id && (replies_.size() < kMostKept || replies_.contains(*id))) {
    replies_[*id] = event;
  }
}

std::optional<Json> Conversation::take_reply(unsigned id) {
  const auto found = replies_.find(id);
  if (found == replies_.end()) {
    return std::nullopt;
  }
  Json out = std::move(found->second);
  replies_.erase(found);
  return out;
}

void Conversation::take_heartbeat(const Json& event) {
  const Json& status = member(event, "status");
  turn_ = get_number(status, "turn");
  loops_ = get_number(status, "loops");
  if (status != last_status_) {
    last_status_ = status;
    ++news_;
  }
}

}  // namespace zlt::run
