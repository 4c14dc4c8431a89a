// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/io/bounded_log.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>

#include "userspace/base/files.h"

namespace zlt::run {

Result<BoundedLog> BoundedLog::create(const std::filesystem::path& path, Bounds bounds) {
  UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!fd.valid()) {
    return file_failure("create", path, errno);
  }
  return BoundedLog(path, bounds, std::move(fd));
}

BoundedLog::~BoundedLog() {
  // Nobody asked whether it worked: whoever cares has called close() before.
  [[maybe_unused]] const Status closed = close();
}

void BoundedLog::append(std::string_view data) {
  bytes_ += data.size();
  const std::string_view head = data.substr(0, bounds_.head - std::min(bounds_.head, head_));
  if (!head.empty()) {
    write(head);
    head_ += head.size();
    data.remove_prefix(head.size());
  }
  tail_.append(data);
  if (tail_.size() > 2 * bounds_.tail) {
    const size_t cut = tail_.size() - bounds_.tail;
    left_out_ += cut;
    tail_.erase(0, cut);
  }
}

Status BoundedLog::close() {
  if (fd_.valid()) {
    if (left_out_ > 0) {
      const size_t line = std::min(tail_.find('\n'), tail_.size() - 1) + 1;
      left_out_ += line;
      tail_.erase(0, line);
      write("\n[... " + std::to_string(left_out_) + " bytes left out by zlt ...]\n");
    }
    write(tail_);
    tail_.clear();
    if (::close(fd_.release()) != 0 && !error_) {
      error_ = file_failure("write", path_, errno).value();
    }
  }
  if (error_) {
    return tl::unexpected(*error_);
  }
  return {};
}

void BoundedLog::write(std::string_view data) {
  if (!error_ && !write_all(fd_.get(), data)) {
    error_ = file_failure("write", path_, errno).value();
  }
}

}  // namespace zlt::run
