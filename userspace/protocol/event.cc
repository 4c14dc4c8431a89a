// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/protocol/event.h"

#include "userspace/protocol/variant_json.h"

namespace zlt::protocol {

Id id_of(const Event& event) {
  return Messages<Event>::id_of(event);
}

const char* name_of(const Event& event) {
  return Messages<Event>::name_of(event);
}

Json to_json(const Event& event) {
  return Messages<Event>::to_json(event, "event");
}

Result<Event> event_from(const Json& json) {
  return Messages<Event>::from(json, "event", "event");
}

}  // namespace zlt::protocol
