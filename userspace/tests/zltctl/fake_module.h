// SPDX-License-Identifier: GPL-2.0-only
//
// A module that acts on what is written to it, in memory.
#pragma once

#include <cerrno>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "userspace/tests/zltctl/samples.h"
#include "userspace/zltctl/module.h"

namespace zlt::test {

class FakeModule : public ctl::Module {
 public:
  [[nodiscard]] ctl::Sys<std::string> read(ctl::File file) override {
    if (gone) return tl::unexpected(gone);
    switch (file) {
      case ctl::File::kCases:
        return cases;
      case ctl::File::kStatus:
        if (on_status_read) on_status_read();
        return status_text(running.empty() ? "idle" : "running", running, 3, runs);
      case ctl::File::kResult:
        return last.empty() ? "abi=1\nruns=0\n" + std::string(kKernel) : last;
      case ctl::File::kHistogram:
        return std::string(kHistogram);
      case ctl::File::kWatch:
        return watch_text(watched, watched == "unsupported" ? "no kprobes in this kernel" : "");
      default:
        return tl::unexpected(EACCES);
    }
  }

  [[nodiscard]] ctl::Sys<void> write(ctl::File file, std::string_view text) override {
    if (gone) return tl::unexpected(gone);
    if (file == ctl::File::kStop) {
      if (!running.empty()) finish(true, true);
      return {};
    }
    if (file == ctl::File::kWatch) {
      watched = refuse_watch != 0 ? "unsupported" : std::string(text.substr(0, text.find('\n')));
      return refuse_watch != 0 ? ctl::Sys<void>(tl::unexpected(refuse_watch)) : ctl::Sys<void>();
    }
    if (refuse) return tl::unexpected(refuse);
    if (!running.empty()) return tl::unexpected(EBUSY);
    written.emplace_back(text);
    running = std::string(text.substr(0, text.find(' ')));
    return {};
  }

  [[nodiscard]] ctl::PendingWrite write_in_background(ctl::File file, std::string_view text) override {
    const ctl::Sys<void> done = write(file, text);
    return ctl::PendingWrite::finished(done ? 0 : done.error());
  }

  void finish(bool ok = true, bool stopped = false) {
    last = result_text(running, ++runs, ok, stopped);
    running.clear();
  }

  std::string cases = kCases;
  int gone = 0;          // errno of every access
  int refuse = 0;        // errno of every run
  int refuse_watch = 0;  // errno of `watch`
  std::string watched = "off";
  std::string running;
  unsigned runs = 0;
  std::string last;
  std::vector<std::string> written;
  std::function<void()> on_status_read;
};

}  // namespace zlt::test
