// SPDX-License-Identifier: GPL-2.0-only
//
// Bytes in, whole lines out, with a bound on what a line may hold: a guest may send anything.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace zlt::run {

class LineReader {
 public:
  // A line comes without its end. Lines longer than `longest` bytes are dropped and counted.
  LineReader(size_t longest, std::function<void(std::string_view)> on_line)
      : longest_(longest), on_line_(std::move(on_line)) {}

  void feed(std::string_view data) {
    while (!data.empty()) {
      const size_t end = data.find('\n');
      const std::string_view part = data.substr(0, end);
      if (!dropping_ && line_.size() + part.size() > longest_) {
        dropping_ = true;
        ++dropped_;
        line_.clear();
      }
      if (!dropping_) {
        line_.append(part);
      }
      if (end == std::string_view::npos) {
        return;
      }
      data.remove_prefix(end + 1);
      finish_line();
    }
  }
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

 private:
  void finish_line() {
    if (dropping_) {
      dropping_ = false;
      return;
    }
    if (!line_.empty() && line_.back() == '\r') {
      line_.pop_back();
    }
    const std::string line = std::move(line_);
    line_.clear();
    on_line_(line);
  }

  size_t longest_;
  std::function<void(std::string_view)> on_line_;
  std::string line_;
  bool dropping_ = false;
  std::uint64_t dropped_ = 0;
};

}  // namespace zlt::run
