// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/plans/step_line.h"

namespace zlt::run {
namespace {

std::uint64_t milliseconds(Duration time) {
  return static_cast<std::uint64_t>(seconds(time) * 1e3);
}

}  // namespace

std::string step_line(const StepDone& done) {
  Json events = Json::array();
  for (const QmpEvent& event : done.events) {
    events.push_back({{"event", event.name}, {"data", event.data}});
  }
  const Json line = {{"step", done.number},
                     {"line", done.step.line},
                     {"what", done.step.text()},
                     {"before", nodes_json(done.before)},
                     {"after", nodes_json(done.seen.memory)},
                     {"free_kb", done.seen.memory.free_kb},
                     {"slab_kb", done.seen.memory.slab_kb},
                     {"took_ms", milliseconds(done.took)},
                     {"look_ms", milliseconds(done.looked)},
                     {"rebuilds",
                      {{"implied", done.implied},
                       {"printed", done.seen.printed},
                       {"probed", done.seen.probed ? Json(*done.seen.probed) : Json()}}},
                     {"events", std::move(events)}};
  return line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace zlt::run
