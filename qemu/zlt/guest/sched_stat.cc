// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/guest/sched_stat.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <string>

#include "userspace/base/files.h"

namespace zlt::run {
namespace fs = std::filesystem;
namespace {

// "TID (NAME) STATE …", and the name may have anything in it. proc(5): T stopped, t traced, D in the disk's wait.
bool is_held(const std::string& stat) {
  const size_t end = stat.rfind(')');
  const char state = end != std::string::npos && end + 2 < stat.size() ? stat[end + 2] : ' ';
  return state == 'T' || state == 't' || state == 'D';
}

}  // namespace

ThreadTimes read_thread_times(pid_t pid) {
  ThreadTimes out;
  std::error_code error;
  for (fs::directory_iterator it("/proc/" + std::to_string(pid) + "/task", error), end; it != end;
       it.increment(error)) {
    if (error) {
      break;
    }
    const std::string name = it->path().filename().string();
    pid_t tid = 0;
    std::from_chars(name.data(), name.data() + name.size(), tid);
    const Result<std::string> text = read_file(it->path() / "schedstat");
    if (!text) {
      continue;  // the thread has ended
    }
    long long ran = 0;
    long long waited = 0;
    const char* const last = text->data() + text->size();
    const auto first_end = std::from_chars(text->data(), last, ran);
    if (first_end.ec != std::errc() || first_end.ptr == last) {
      continue;
    }
    std::from_chars(first_end.ptr + 1, last, waited);
    const Result<std::string> stat = read_file(it->path() / "stat");
    out[tid] = {std::chrono::nanoseconds(ran), std::chrono::nanoseconds(waited), stat && is_held(*stat)};
  }
  return out;
}

std::chrono::nanoseconds longest_wait(const ThreadTimes& before, const ThreadTimes& after,
                                      std::chrono::nanoseconds elapsed) {
  std::chrono::nanoseconds longest{};
  for (const auto& [tid, now] : after) {
    const auto then = before.find(tid);
    const std::chrono::nanoseconds since = then == before.end() ? now.waited : now.waited - then->second.waited;
    const bool held = now.held || (then != before.end() && then->second.held);
    longest = std::max(longest, held ? std::max(since, elapsed) : since);
  }
  return longest;
}

bool starved(const ThreadTimes& before, const ThreadTimes& after, std::chrono::nanoseconds elapsed,
             std::chrono::nanoseconds need) {
  return std::any_of(after.begin(), after.end(), [&](const auto& entry) {
    const auto& [tid, now] = entry;
    const auto then = before.find(tid);
    const ThreadTime base = then == before.end() ? ThreadTime() : then->second;
    const std::chrono::nanoseconds ran = now.ran - base.ran;
    const std::chrono::nanoseconds wanted = ran + now.waited - base.waited;
    return wanted > elapsed / 2 && ran < need;
  });
}

}  // namespace zlt::run
