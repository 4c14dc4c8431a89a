// SPDX-License-Identifier: GPL-2.0-only
//
// Whole files in and out, with errors that name the file. Nothing here throws.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include "userspace/base/result.h"
#include "userspace/base/unique_fd.h"

namespace zlt {

// "cannot VERB PATH: errno's text", with a hint where there is a usual cure.
[[nodiscard]] inline tl::unexpected<Error> file_failure(std::string_view verb, const std::filesystem::path& path,
                                                        int error) {
  std::string what = "cannot ";
  what.append(verb).append(" ").append(path.string()).append(": ");
  what += std::error_code(error, std::generic_category()).message();
  std::string hint;
  if (error == ENOSPC || error == EDQUOT || error == EFBIG) {
    hint = "make room there, or choose another place";
  } else if (error == EACCES || error == EROFS) {
    hint = "choose a place you may write to";
  }
  return failure(std::move(what), std::move(hint));
}

// Writes all of it, whatever write(2) does in between.
[[nodiscard]] inline bool write_all(int fd, std::string_view data) {
  while (!data.empty()) {
    const ssize_t n = ::write(fd, data.data(), data.size());
    if (n < 0) {
      if (errno == EINTR) {
        continue;
      }
      return false;
    }
    data.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

// All that the descriptor gives. `path` is for the error.
[[nodiscard]] inline Result<std::string> read_all(const UniqueFd& fd, const std::filesystem::path& path) {
  std::string out;
  char buffer[65536];
  for (;;) {
    const ssize_t n = ::read(fd.get(), buffer, sizeof buffer);
    if (n == 0) {
      return out;
    }
    if (n < 0) {
      if (errno == EINTR) {
        continue;
      }
      return file_failure("read", path, errno);
    }
    out.append(buffer, static_cast<size_t>(n));
  }
}

[[nodiscard]] inline Result<std::string> read_file(const std::filesystem::path& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  return fd.valid() ? read_all(fd, path) : file_failure("open", path, errno);
}

// The same of what has to be a file as people write them: a FIFO, a device or a socket is an error, and not waited for.
[[nodiscard]] inline Result<std::string> read_plain_file(const std::filesystem::path& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd.valid()) {
    return file_failure("open", path, errno);
  }
  struct stat what = {};
  if (::fstat(fd.get(), &what) != 0) {
    return file_failure("read", path, errno);
  }
  if (!S_ISREG(what.st_mode)) {
    return bad_input(path.string() + " is no plain file", "take it away, or say another");
  }
  return read_all(fd, path);
}

// Creates or replaces the file in place.
[[nodiscard]] inline Status write_file(const std::filesystem::path& path, std::string_view data, mode_t mode = 0644) {
  UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
  if (!fd.valid()) {
    return file_failure("create", path, errno);
  }
  if (!write_all(fd.get(), data)) {
    return file_failure("write", path, errno);
  }
  if (::close(fd.release()) != 0) {
    return file_failure("write", path, errno);
  }
  return {};
}

// Readers see the old content or the new, never a part: written beside it, then renamed.
[[nodiscard]] inline Status replace_file(const std::filesystem::path& path, std::string_view data, mode_t mode = 0644) {
  const std::filesystem::path beside = path.string() + ".new." + std::to_string(::getpid());
  if (Status written = write_file(beside, data, mode); !written) {
    ::unlink(beside.c_str());
    return written;
  }
  if (::rename(beside.c_str(), path.c_str()) != 0) {
    const int error = errno;
    ::unlink(beside.c_str());
    return file_failure("replace", path, error);
  }
  return {};
}

[[nodiscard]] inline Status make_folders(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) {
    return file_failure("create", path, error.value());
  }
  return {};
}

}  // namespace zlt
