// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/guest/conversation.h"

#include <fmt/format.h>

#include <algorithm>

#include "qemu/zlt/guest/control_port.h"
#include "userspace/base/printable.h"
#include "userspace/protocol/json.h"

namespace zlt::run {
namespace {

std::string shown(const protocol::Id& id) {
  if (const std::uint64_t* number = id.number()) {
    return std::to_string(*number);
  }
  const auto* text = std::get_if<std::string>(&id.value);
  return text == nullptr ? "null" : quote(*text);
}

// The event that answers a command; none: it has no answer of its own.
const char* answer_to(const protocol::Command& command) {
  if (const auto* watch = std::get_if<protocol::Watch>(&command)) {
    return watch->after ? protocol::Rebuilds::kName : protocol::Watched::kName;
  }
  if (std::holds_alternative<protocol::AskNodes>(command)) {
    return protocol::Nodes::kName;
  }
  if (std::holds_alternative<protocol::SetMemory>(command)) {
    return protocol::MemoryDone::kName;
  }
  if (std::holds_alternative<protocol::Mark>(command)) {
    return protocol::Marked::kName;
  }
  return std::holds_alternative<protocol::Beat>(command) ? protocol::Heartbeat::kName : nullptr;
}

bool same_case(const CaseInfo& a, const CaseInfo& b) {
  return a.name == b.name && a.form == b.form;
}

}  // namespace

const CaseInfo* Loaded::find(const std::string& name, const std::string& form) const {
  const auto found = std::find_if(cases.begin(), cases.end(),
                                  [&](const CaseInfo& info) { return info.name == name && info.form == form; });
  return found == cases.end() ? nullptr : &*found;
}

Json json_of(const Loaded& loaded) {
  const protocol::KernelFacts kernel{loaded.kernel.release,
                                     {{"rt", loaded.kernel.rt}, {"lockdep", loaded.kernel.lockdep}}};
  Json out = protocol::to_json(
      protocol::Event(protocol::Loaded{kernel, loaded.debug_locks, loaded.module_text, loaded.cases.size()}));
  out["table"] = protocol::to_json(loaded.cases);
  return out;
}

Result<Loaded> loaded_from(const Json& json) {
  const Result<protocol::Event> event = protocol::event_from(json);
  const auto* head = event ? std::get_if<protocol::Loaded>(&*event) : nullptr;
  if (head == nullptr) {
    return event ? bad_input("not what a guest says when its module is loaded") : tl::unexpected(event.error());
  }
  Loaded out{{head->kernel.release, head->kernel.has("rt"), head->kernel.has("lockdep")},
             head->debug_locks,
             head->module_text,
             {}};
  const Json& table = member(json, "table");
  for (size_t n = 0; table.is_array() && n < table.size(); ++n) {
    Result<CaseInfo> info = protocol::case_from(table[n]);
    if (!info) {
      return tl::unexpected(info.error());
    }
    out.cases.push_back(std::move(*info));
  }
  if (out.cases.size() != head->cases) {
    return bad_input(fmt::format("{} cases of {}", out.cases.size(), head->cases));
  }
  return out;
}

void Conversation::break_off(const std::string& why) {
  if (!broken_) {
    broken_ = "the guest's control port: " + why;
  }
}

void Conversation::told(const protocol::Command& command) {
  if (const auto* run = std::get_if<protocol::RunCase>(&command)) {
    run_ = *run;
    started_.reset();
    result_.reset();
    error_.reset();
  }
  const protocol::Id id = protocol::id_of(command);
  const std::uint64_t* number = id.number();
  if (const char* answer = answer_to(command); answer != nullptr && number != nullptr) {
    asked_[*number] = answer;
  }
}

void Conversation::take(const Result<protocol::Event>& event) {
  ++events_;
  if (!event) {
    ++news_;
    return break_off(event.error().line());
  }
  if (!std::holds_alternative<protocol::Heartbeat>(*event)) {
    ++news_;
  }
  std::visit([this](const auto& each) { hear(each); }, *event);
}

void Conversation::hear(const protocol::Hello& event) {
  if (event.proto != protocol::kVersion) {
    break_off(
        fmt::format("it speaks version {} of the protocol, this zlt version {}", event.proto, protocol::kVersion));
  }
  hello_ = true;
}

void Conversation::hear(const protocol::Case& event) {
  const bool twice =
      std::any_of(cases_.begin(), cases_.end(), [&](const CaseInfo& each) { return same_case(each, event); });
  if (twice || cases_.size() == protocol::kMostCases) {
    return break_off(twice ? fmt::format("it told of {} ({}) twice", event.name, event.form)
                           : fmt::format("it told of more than {} cases", protocol::kMostCases));
  }
  cases_.push_back(event);
}

void Conversation::hear(const protocol::Loaded& event) {
  if (event.cases != cases_.size()) {
    return break_off(fmt::format("it says that it told of {} cases, and told of {}", event.cases, cases_.size()));
  }
  loaded_ = Loaded{{event.kernel.release, event.kernel.has("rt"), event.kernel.has("lockdep")},
                   event.debug_locks,
                   event.module_text,
                   std::move(cases_)};
  cases_.clear();
  debug_locks_ = event.debug_locks;
}

void Conversation::hear(const protocol::Ready& event) {
  ready_ = true;
  debug_locks_ = event.debug_locks;
}

void Conversation::hear(const protocol::Started& event) {
  if (!run_ || event.id != run_->id || event.name != run_->name || event.form != run_->form) {
    return break_off(fmt::format("it started {} ({}) for command {}, which was not asked of it", event.name, event.form,
                                 shown(event.id)));
  }
  if (const std::uint64_t* id = event.id.number()) {
    started_ = *id;
  }
}

// A result is taken once, whole, of the case and the command that it is an answer to.
void Conversation::hear(const protocol::Finished& event) {
  const protocol::RunResult& result = event.report.result;
  if (!run_ || event.id != run_->id) {
    return break_off(fmt::format("a result of {} ({}) for command {}, which was not asked of it", result.name,
                                 result.form, shown(event.id)));
  }
  if (result.name != run_->name || result.form != run_->form) {
    return break_off(fmt::format("a result of {} ({}) where {} ({}) was asked for", result.name, result.form,
                                 run_->name, run_->form));
  }
  if (result_) {
    return break_off(fmt::format("a second result of {}, {} after {}", result.name, protocol::text_of(result.verdict),
                                 protocol::text_of(result_->result.verdict)));
  }
  if (error_ && error_->id && event.id == protocol::Id(*error_->id)) {
    return break_off(fmt::format("a result of {} after the error \"{}\"", result.name, error_->line));
  }
  result_ = event.report;
  debug_locks_ = event.report.debug_locks;
}

void Conversation::hear(const protocol::Failed& event) {
  const std::uint64_t* id = event.id.number();
  if (id != nullptr && asked_.contains(*id)) {
    return keep_reply(event);
  }
  if (result_ && run_ && event.id == run_->id) {
    return break_off(fmt::format("an error of {} after its result", run_->name));
  }
  const Error error{event.what.empty() ? "no reason given" : event.what, event.hint};
  error_ = GuestError{id == nullptr ? std::nullopt : std::optional(*id), error.line()};
}

void Conversation::hear(const protocol::Bye& /*event*/) {
  bye_ = true;
}

void Conversation::hear(const protocol::Heartbeat& event) {
  debug_locks_ = event.debug_locks;
  turn_ = event.status ? event.status->turn : 0;
  loops_ = event.status ? event.status->loops : 0;
  if (event.status != last_status_) {
    last_status_ = event.status;
    ++news_;
  }
  if (!event.id.none()) {
    keep_reply(event);
  }
}

void Conversation::keep_reply(const protocol::Event& event) {
  const protocol::Id id = protocol::id_of(event);
  const auto asked = id.number() == nullptr ? asked_.end() : asked_.find(*id.number());
  if (asked == asked_.end()) {
    return break_off(fmt::format("`{}` for command {}, which was not asked of it, or answered already",
                                 protocol::name_of(event), shown(id)));
  }
  const std::string_view name = protocol::name_of(event);
  if (name != asked->second && name != protocol::Failed::kName) {
    return break_off(fmt::format("`{}` for command {}, which `{}` answers", name, shown(id), asked->second));
  }
  replies_.insert_or_assign(asked->first, event);
  asked_.erase(asked);
}

std::optional<protocol::Event> Conversation::take_reply(std::uint64_t id) {
  auto found = replies_.extract(id);
  return found.empty() ? std::nullopt : std::optional(std::move(found.mapped()));
}

bool tell(ControlPort& port, Conversation& talk, const protocol::Command& command) {
  talk.told(command);
  return port.send(command);
}

}  // namespace zlt::run
