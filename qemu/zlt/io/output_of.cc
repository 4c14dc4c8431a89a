// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/io/output_of.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "qemu/zlt/io/child.h"
#include "qemu/zlt/io/pump.h"

namespace zlt::run {
namespace {

constexpr size_t kMostOutput = size_t{1} << 20U;

}  // namespace

std::string last_line(const std::string& text) {
  const size_t end = text.find_last_not_of(" \r\n\t");
  if (end == std::string::npos) {
    return {};
  }
  const size_t begin = text.rfind('\n', end);
  return text.substr(begin == std::string::npos ? 0 : begin + 1,
                     end - (begin == std::string::npos ? 0 : begin + 1) + 1);
}

Result<std::string> output_of(const std::vector<std::string>& argv, Duration limit, const Stop& stop) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    return failure(fmt::format("cannot run {}: {}", argv[0], std::strerror(errno)));
  }
  const UniqueFd read_end(ends[0]);
  UniqueFd write_end(ends[1]);
  const TimePoint deadline = Clock::now() + limit;
  Result<Child> child = Child::spawn({argv, {}, write_end.get(), kScriptGrace});
  if (!child) {
    return tl::unexpected(child.error());
  }
  write_end.reset();
  Pump pump(stop);
  std::string out;
  bool closed = false;
  pump.watch(read_end.get(), [&](std::string_view data) {
    closed = data.empty();
    out.append(data.substr(0, kMostOutput - out.size()));
  });
  const Pump::Wait waited = pump.run_until([&] { return closed; }, deadline);
  if (waited == Pump::Wait::kStopped) {
    return interrupted();
  }
  if (waited != Pump::Wait::kDone) {
    return failure(fmt::format("{} did not end in {:.0f} s", argv[0], seconds(limit)));
  }
  const std::optional<int> status = child->wait(deadline - Clock::now());
  if (!status) {
    return failure(fmt::format("{} did not end in {:.0f} s", argv[0], seconds(limit)));
  }
  if (*status != 0) {
    const bool no = WIFEXITED(*status) && WEXITSTATUS(*status) == 1;
    return tl::unexpected(Error{fmt::format("{} failed ({}): {}", argv[0], describe_status(*status), last_line(out)),
                                {},
                                no ? ErrorKind::kRefused : ErrorKind::kOurs});
  }
  return out;
}

Result<std::string> output_of(const std::vector<std::string>& argv, Duration limit) {
  const Stop never;
  return output_of(argv, limit, never);
}

}  // namespace zlt::run
