// SPDX-License-Identifier: GPL-2.0-only
//
// Fuzz target: lines of the control port, read by either end. What is taken for a message means the same when it is
// said again.
#include "qemu/tests/fuzz/check.h"
#include "userspace/base/line_splitter.h"
#include "userspace/protocol/command.h"
#include "userspace/protocol/event.h"

namespace {

using namespace zlt;
using protocol::Json;

template <typename Message>
void try_message(const Json& json, Result<Message> (*from)(const Json&)) {
  const Result<Message> read = from(json);
  if (!read) {
    fuzz::require_a_line(read.error());
    return;
  }
  const Result<Json> said = protocol::parse_line(protocol::line_of(to_json(*read)));
  fuzz::require(said.has_value(), "what is said can be read");
  const Result<Message> again = from(*said);
  fuzz::require(again && *again == *read, "a message said again means the same");
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  LineSplitter lines(size_t{64} * 1024);
  lines.feed({reinterpret_cast<const char*>(data), size});
  while (const auto line = lines.next()) {
    const Result<Json> json = protocol::parse_line(line->text);
    if (!json) {
      fuzz::require_a_line(json.error());
      continue;
    }
    try_message<protocol::Event>(*json, protocol::event_from);
    try_message<protocol::Command>(*json, protocol::command_from);
  }
  return 0;
}
