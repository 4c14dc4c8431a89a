// SPDX-License-Identifier: GPL-2.0-only
//
// What events and commands have in common: a variant of messages, told apart by a member that names the type.
#pragma once

#include <variant>

#include "userspace/base/nearest.h"
#include "userspace/protocol/describe.h"

namespace zlt::protocol {

template <typename Variant>
struct Messages;

template <typename... Each>
struct Messages<std::variant<Each...>> {
  using Variant = std::variant<Each...>;

  static Id id_of(const Variant& message) {
    return std::visit(
        [](const auto& each) {
          if constexpr (requires { each.id; }) {
            return each.id;
          } else {
            return Id();
          }
        },
        message);
  }

  static const char* name_of(const Variant& message) {
    return std::visit([](const auto& each) { return std::decay_t<decltype(each)>::kName; }, message);
  }

  static Json to_json(const Variant& message, const char* key) {
    Writer io;
    std::visit([&io](const auto& each) { describe(io, each); }, message);
    Json out = io.take();
    out[key] = name_of(message);
    return out;
  }

  // `key` is the member that names the type, `kind` what it is called in errors.
  static Result<Variant> from(const Json& json, const char* key, const char* kind) {
    if (!json.is_object()) return bad_input("no JSON object");
    const auto name = json.find(key);
    if (name == json.end() || !name->is_string()) {
      return bad_input(std::string("`") + key + "` names no " + kind + ": " +
                           quote(json.dump(-1, ' ', false, Json::error_handler_t::replace)),
                       known());
    }
    Result<Variant> out =
        bad_input(std::string("unknown ") + kind + " " + quote(name->template get<std::string>()), known());
    [[maybe_unused]] const bool found =
        (... || (name->template get_ref<const std::string&>() == Each::kName && (read<Each>(json, out), true)));
    return out;
  }

 private:
  template <typename T>
  static void read(const Json& json, Result<Variant>& out) {
    T message;
    Status status;
    Reader io(json, "", status);
    describe(io, message);
    if (status) {
      out = Variant(std::move(message));
    } else {
      out = bad_input(std::string(T::kName) + ": " + status.error().what, status.error().hint);
    }
  }

  static std::string known() { return "valid: " + joined({Each::kName...}); }
};

}  // namespace zlt::protocol
