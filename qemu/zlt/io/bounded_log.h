// SPDX-License-Identifier: GPL-2.0-only
//
// A log file that cannot fill the disk: its beginning and its end are kept, the middle of a flood is counted only.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "userspace/base/result.h"
#include "userspace/base/unique_fd.h"

namespace zlt::run {

class BoundedLog {
 public:
  struct Bounds {
    size_t head = size_t{4} << 20U;  // bytes
    size_t tail = size_t{1} << 20U;
  };
  [[nodiscard]] static Result<BoundedLog> create(const std::filesystem::path& path, Bounds bounds);

  BoundedLog(const BoundedLog&) = delete;
  BoundedLog& operator=(const BoundedLog&) = delete;
  BoundedLog(BoundedLog&&) = default;
  BoundedLog& operator=(BoundedLog&&) = delete;
  ~BoundedLog();

  void append(std::string_view data);
  // Everything that was appended, kept or not.
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  // Writes what is still held back. Says whether all that had to be kept is on disk.
  [[nodiscard]] Status close();

 private:
  BoundedLog(std::filesystem::path path, Bounds bounds, UniqueFd fd)
      : path_(std::move(path)), bounds_(bounds), fd_(std::move(fd)) {}
  void write(std::string_view data);

  std::filesystem::path path_;
  Bounds bounds_;
  UniqueFd fd_;
  std::uint64_t bytes_ = 0;
  size_t head_ = 0;   // bytes written so far
  std::string tail_;  // up to twice bounds_.tail, then cut to bounds_.tail
  std::uint64_t left_out_ = 0;
  std::optional<Error> error_;  // the first one; nothing is written after it
};

}  // namespace zlt::run
