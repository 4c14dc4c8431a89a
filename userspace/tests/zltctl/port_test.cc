// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/port.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "userspace/tests/zltctl/temp_folder.h"

namespace zlt::ctl {
namespace {

using testing::HasSubstr;

// The side of a pseudo-terminal that a user's terminal would be.
struct Pty {
  UniqueFd host{::posix_openpt(O_RDWR | O_NOCTTY)};
  std::string path;
  Pty() {
    if (::grantpt(host.get()) == 0 && ::unlockpt(host.get()) == 0) path = ::ptsname(host.get());
  }
};

std::string read_exactly(int fd, size_t size) {
  std::string out;
  char buffer[4096];
  while (out.size() < size) {
    const ssize_t got = ::read(fd, buffer, std::min(sizeof buffer, size - out.size()));
    if (got <= 0) break;
    out.append(buffer, static_cast<size_t>(got));
  }
  return out;
}

void await_input(const Port& port) {
  pollfd fd{port.fd(), POLLIN, 0};
  ::poll(&fd, 1, -1);
}

TEST(Port, MakesATerminalRaw) {
  const Pty pty;
  ASSERT_FALSE(pty.path.empty());
  Result<Port> port = Port::open(pty.path);
  ASSERT_TRUE(port) << port.error().line();
  port->send("{\"x\":1}");
  EXPECT_EQ(read_exactly(pty.host.get(), 8), "{\"x\":1}\n");  // no \r\n
  // Characters that a terminal gives a meaning: interrupt, end of file, kill, flow control.
  const std::string special = "a\003\004\025\023\021b\n";
  ASSERT_EQ(::write(pty.host.get(), special.data(), special.size()), static_cast<ssize_t>(special.size()));
  std::optional<LineSplitter::Line> line;
  while (!(line = port->next_line())) {
    await_input(*port);
    ASSERT_TRUE(port->receive());
  }
  EXPECT_EQ(line->text, "a\003\004\025\023\021b");
  pollfd echo{pty.host.get(), POLLIN, 0};
  EXPECT_EQ(::poll(&echo, 1, 0), 0);
}

TEST(Port, NoticesAHangUp) {
  Pty pty;
  Result<Port> port = Port::open(pty.path);
  ASSERT_TRUE(port);
  EXPECT_TRUE(port->receive());
  pty.host.reset();
  await_input(*port);
  EXPECT_FALSE(port->receive());
  port->send("nobody hears it");  // and nothing breaks
}

TEST(Port, KeepsWhatIsNotTakenYet) {
  int fds[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
  const UniqueFd host(fds[0]);
  Port port{UniqueFd(fds[1])};
  const std::string line(1000, 'x');
  size_t sent = 0;
  while (port.unsent() == 0) {
    port.send(line);
    sent += line.size() + 1;
  }
  EXPECT_EQ(port.wanted(), POLLIN | POLLOUT);
  std::string got;
  while (got.size() < sent) {
    got += read_exactly(host.get(), std::min<size_t>(4096, sent - got.size() - port.unsent()));
    port.flush();
  }
  EXPECT_EQ(port.unsent(), 0U);
  EXPECT_EQ(got.size(), sent);
  EXPECT_EQ(got.substr(0, 1001), line + "\n");
  EXPECT_EQ(port.wanted(), POLLIN);
}

TEST(Port, SaysWhatCannotBeAPort) {
  const test::TempFolder folder;
  const Result<Port> missing = Port::open(folder.file("none"));
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().what, HasSubstr("cannot open the control port"));
  folder.write("file", "");
  const Result<Port> file = Port::open(folder.file("file"));
  ASSERT_FALSE(file);
  EXPECT_THAT(file.error().what, HasSubstr("cannot use the control port"));
}

}  // namespace
}  // namespace zlt::ctl
