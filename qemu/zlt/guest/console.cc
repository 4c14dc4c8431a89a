// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/guest/console.h"

namespace zlt::run {
namespace {

constexpr size_t kLongestLine = 4096;

}  // namespace

Console::Console(UniqueFd fd, Pump& pump, BoundedLog log)
    : fd_(std::move(fd)), pump_(&pump), log_(std::move(log)), lines_(kLongestLine) {
  pump_->watch(fd_.get(), [this](std::string_view data) { on_data(data); });
}

Console::~Console() {
  pump_->forget(fd_.get());
}

void Console::expect(std::string text) {
  expected_ = std::move(text);
  window_.clear();
  seen_ = false;
}

void Console::on_line(std::function<void(std::string_view)> on_line) {
  lines_ = LineSplitter(kLongestLine);
  on_line_ = std::move(on_line);
}

void Console::judge(std::string_view data) {
  if (mark_.empty()) {
    splats_.feed(data);
    return;
  }
  partial_.append(data);
  for (size_t end = partial_.find('\n'); end != std::string::npos; end = partial_.find('\n')) {
    const std::string line = partial_.substr(0, end + 1);
    if (line.find(mark_) != std::string::npos) {
      judging_ = false;
      return;
    }
    splats_.feed(line);
    partial_.erase(0, line.size());
  }
}

void Console::tell_lines(std::string_view data) {
  lines_.feed(data);
  while (const auto line = lines_.next()) {
    if (!line->too_long) {
      on_line_(line->text);
    }
  }
}

void Console::on_data(std::string_view data) {
  log_.append(data);
  if (on_line_) {
    tell_lines(data);
  }
  if (judging_) {
    judge(data);
  }
  if (!expected_.empty() && !seen_) {
    window_.append(data);
    seen_ = window_.find(expected_) != std::string::npos;
    if (window_.size() > expected_.size()) {
      window_.erase(0, window_.size() - expected_.size());
    }
  }
}

}  // namespace zlt::run
