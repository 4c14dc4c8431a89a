// SPDX-License-Identifier: GPL-2.0-only
//
// The guest's commands that the host drives memory hot-plug with: `watch`, `nodes`, `memory`.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "userspace/base/unique_fd.h"
#include "userspace/zltctl/explain.h"
#include "userspace/zltctl/guest.h"
#include "userspace/zltctl/memory.h"
#include "userspace/zltctl/numa.h"
#include "userspace/zltctl/text.h"
#include "userspace/zltctl/watch.h"

namespace zlt::ctl {

namespace {

// A host that asks after every step asks for little: the serial port takes an interrupt for every 16 bytes.
protocol::Rebuilds news_of(const protocol::Id& id, const WatchReport& report, uint64_t after) {
  protocol::Rebuilds out{id, report.rebuilds, {}};
  for (const WatchedRebuild& each : report.last) {
    if (each.number <= after) continue;
    out.last.push_back({each.number, static_cast<unsigned>(to_number(each.get("zonelists")).value_or(0))});
  }
  return out;
}

}  // namespace

void Guest::serve(const protocol::Watch& command) {
  if (command.set.empty()) return send_watch(command);
  chores_.add({[this, word = command.set] {
                const Sys<void> written = module_.write(File::kWatch, word + "\n");
                return written ? 0 : written.error();
              }},
              [this, command](const std::vector<int>& errors) {
                if (errors.front() == 0) return send_watch(command);
                send_error(command.id, explain_watch(environment_, module_, errors.front()));
              });
}

void Guest::send_watch(const protocol::Watch& command) {
  Result<WatchReport> report = read_watch(environment_, module_);
  if (!report) return send_error(command.id, report.error());
  if (command.after) return send(news_of(command.id, *report, *command.after));
  send(protocol::Watched{command.id, std::move(*report)});
}

void Guest::serve(const protocol::AskNodes& command) {
  Result<MemoryState> memory = read_memory(environment_);
  if (!memory) return send_error(command.id, memory.error());
  send(protocol::Nodes{command.id, std::move(*memory)});
}

void Guest::serve(const protocol::SetMemory& command) {
  const Result<std::vector<MemoryWrite>> wanted = memory_writes(environment_, command);
  if (!wanted) return send_error(command.id, wanted.error());
  std::vector<Chores::Write> writes;
  std::vector<unsigned> blocks;
  for (const MemoryWrite& each : *wanted) {
    writes.push_back(each.write);
    blocks.push_back(each.block);
  }
  const bool policy = !command.policy.empty();
  chores_.add(std::move(writes), [this, id = command.id, blocks, policy](const std::vector<int>& errors) {
    protocol::MemoryDone out{id, {}, {}};
    for (size_t i = 0; i < errors.size(); ++i) {
      if (policy && errors[i] != 0) {
        return send_error(id, {"cannot set the policy for new memory: " + describe_errno(errors[i]),
                               "boot a kernel with CONFIG_MEMORY_HOTPLUG=y"});
      }
      if (errors[i] != 0) {
        out.refused.push_back({blocks[i], describe_errno(errors[i])});
      } else if (!policy) {
        out.done.push_back(blocks[i]);
      }
    }
    send(out);
  });
}

// Into the kernel's log, in order with what the kernel itself prints.
void Guest::serve(const protocol::Mark& command) {
  constexpr size_t kLongest = 100;
  std::string text = "<5>zltorture: " + command.text.substr(0, kLongest) + "\n";
  std::replace_if(
      text.begin(), text.end() - 1, [](char c) { return c < ' ' || c > '~'; }, '?');
  const UniqueFd fd(::open(environment_.kernel_log.c_str(), O_WRONLY | O_CLOEXEC));
  const bool written = fd.valid() && ::write(fd.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (!written) return send_error(command.id, {"cannot write to the kernel's log: " + describe_errno(errno), ""});
  send(protocol::Marked{command.id});
}

}  // namespace zlt::ctl
