// SPDX-License-Identifier: GPL-2.0-only
//
// The guest's commands that the host drives memory hot-plug with: `watch`, `nodes`, `memory`.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "module/abi/watch.h"
#include "userspace/base/unique_fd.h"
#include "userspace/zltctl/command.h"
#include "userspace/zltctl/explain.h"
#include "userspace/zltctl/guest.h"
#include "userspace/zltctl/memory.h"
#include "userspace/zltctl/numa.h"
#include "userspace/zltctl/text.h"
#include "userspace/zltctl/watch.h"

namespace zlt::ctl {

namespace {

// A host that asks after every step asks for little: the serial port takes an interrupt for every 16 bytes.
Json news_of(const WatchReport& report, uint64_t after) {
  Json last = Json::array();
  for (const WatchedRebuild& each : report.last) {
    if (each.number > after)
      last.push_back({{"number", each.number}, {"zonelists", to_number(each.get("zonelists")).value_or(0)}});
  }
  return {{"rebuilds", report.rebuilds}, {"last", std::move(last)}};
}

}  // namespace

void Guest::serve_watch(const Json& command) {
  const Json id = id_of(command);
  const std::string word = text_of(command, "set");
  if (word.empty()) return send_watch(id, command);
  if (word != abi::kWatchOn && word != abi::kWatchOff) {
    return send_error(id, {"unknown `set` '" + word + "' of watch", "valid: on, off, or leave it out"});
  }
  chores_.add({[this, word] {
                const Sys<void> written = module_.write(File::kWatch, word + "\n");
                return written ? 0 : written.error();
              }},
              [this, id, command](const std::vector<int>& errors) {
                if (errors.front() == 0) return send_watch(id, command);
                send_error(id, explain_watch(environment_, module_, errors.front()));
              });
}

void Guest::send_watch(const Json& id, const Json& command) {
  Result<WatchReport> report = read_watch(environment_, module_);
  if (!report) return send_error(id, report.error());
  const auto after = command.find("after");
  const bool brief = after != command.end() && after->is_number_unsigned();
  send(
      {{"event", "watch"}, {"id", id}, {"watch", brief ? news_of(*report, after->get<uint64_t>()) : to_json(*report)}});
}

void Guest::serve_nodes(const Json& command) {
  const Json id = id_of(command);
  const Result<MemoryState> memory = read_memory(environment_);
  if (!memory) return send_error(id, memory.error());
  send({{"event", "nodes"}, {"id", id}, {"memory", to_json(*memory)}});
}

void Guest::serve_memory(const Json& command) {
  const Json id = id_of(command);
  const Result<std::vector<MemoryWrite>> wanted = memory_writes(environment_, command);
  if (!wanted) return send_error(id, wanted.error());
  std::vector<Chores::Write> writes;
  std::vector<unsigned> blocks;
  for (const MemoryWrite& each : *wanted) {
    writes.push_back(each.write);
    blocks.push_back(each.block);
  }
  const bool policy = command.contains("policy");
  chores_.add(std::move(writes), [this, id, blocks, policy](const std::vector<int>& errors) {
    Json done = Json::array();
    Json refused = Json::array();
    for (size_t i = 0; i < errors.size(); ++i) {
      if (policy && errors[i] != 0) {
        return send_error(id, {"cannot set the policy for new memory: " + describe_errno(errors[i]),
                               "boot a kernel with CONFIG_MEMORY_HOTPLUG=y"});
      }
      if (errors[i] == 0) {
        done.push_back(blocks[i]);
      } else {
        refused.push_back({{"block", blocks[i]}, {"error", describe_errno(errors[i])}});
      }
    }
    send({{"event", "memory"},
          {"id", id},
          {"done", policy ? Json::array() : std::move(done)},
          {"refused", std::move(refused)}});
  });
}

// Into the kernel's log, in order with what the kernel itself prints.
void Guest::serve_mark(const Json& command) {
  constexpr size_t kLongest = 100;
  const Json id = id_of(command);
  std::string text = "<5>zltorture: " + text_of(command, "text").substr(0, kLongest) + "\n";
  std::replace_if(
      text.begin(), text.end() - 1, [](char c) { return c < ' ' || c > '~'; }, '?');
  const UniqueFd fd(::open(environment_.kernel_log.c_str(), O_WRONLY | O_CLOEXEC));
  const bool written = fd.valid() && ::write(fd.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (!written) return send_error(id, {"cannot write to the kernel's log: " + describe_errno(errno), ""});
  send({{"event", "marked"}, {"id", id}});
}

}  // namespace zlt::ctl
