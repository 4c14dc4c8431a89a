// SPDX-License-Identifier: GPL-2.0-only
//
// Fuzz target: what a QEMU answers on its monitor, all of it before anything was asked, and then no more.
#include <sys/socket.h>

#include "qemu/tests/fuzz/check.h"
#include "qemu/zlt/guest/qmp.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace zlt;
  constexpr auto kLimit = std::chrono::seconds(5);
  int ends[2];
  fuzz::require(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0, "a socket pair can be made");
  const UniqueFd peer(ends[1]);
  const ssize_t sent = ::send(peer.get(), data, std::min<size_t>(size, size_t{64} * 1024), MSG_DONTWAIT | MSG_NOSIGNAL);
  ::shutdown(peer.get(), SHUT_WR);
  const run::Stop never;
  run::Pump pump(never);
  run::Qmp qmp(UniqueFd{ends[0]}, pump);
  qmp.on_event([](const std::string& name, const run::Json& value) {
    fuzz::require(!name.empty(), "an event has a name");
    (void)value.dump(-1, ' ', true, run::Json::error_handler_t::replace);
  });
  const run::TimePoint begin = run::Clock::now();
  if (const Status shaken = qmp.handshake(kLimit); !shaken) fuzz::require_a_line(shaken.error());
  if (const auto reply = qmp.execute("query-status", {}, kLimit); !reply) fuzz::require_a_line(reply.error());
  if (const auto text = qmp.human("info registers", kLimit); !text) fuzz::require_a_line(text.error());
  fuzz::require(sent < 0 || run::Clock::now() - begin < kLimit, "a monitor that is closed is not waited for");
  return 0;
}
