// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/protocol/wire.h"

#include <set>
#include <vector>

#include "userspace/protocol/words.h"

namespace zlt::protocol {

Result<Json> parse_line(std::string_view line) {
  std::vector<std::set<std::string>> names;  // of the members so far, of every open object
  std::string twice;
  bool deep = false;
  const auto look = [&](int depth, Json::parse_event_t event, Json& parsed) {
    switch (event) {
      case Json::parse_event_t::object_start:
        names.emplace_back();
        break;
      case Json::parse_event_t::object_end:
        names.pop_back();
        break;
      case Json::parse_event_t::key:
        if (!names.back().insert(parsed.get<std::string>()).second) twice = parsed.get<std::string>();
        break;
      default:
        break;
    }
    deep = deep || depth >= static_cast<int>(kDeepest);
    return !deep;  // what is nested deeper is not kept: whoever copies or prints a tree does so by recursion
  };
  Json out = Json::parse(line.begin(), line.end(), look, /*allow_exceptions=*/false);
  if (deep) return bad_input("nested too deeply: " + quote(line));
  if (!out.is_object()) return bad_input("no JSON object: " + quote(line));
  if (!twice.empty()) return bad_input("the member " + quote(twice) + " comes twice in " + quote(line));
  return out;
}

std::string line_of(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Id id_in(const Json& object) {
  const auto found = object.is_object() ? object.find("id") : object.end();
  if (!object.is_object() || found == object.end()) return {};
  if (found->is_number_unsigned()) return found->get<std::uint64_t>();
  if (found->is_string() && found->get_ref<const std::string&>().size() <= kLongestName) {
    return Id(found->get<std::string>());
  }
  return {};
}

}  // namespace zlt::protocol
