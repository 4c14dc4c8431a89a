// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/cli/log_input.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>
#include <utility>
#include <vector>

#include "userspace/splat/cli/document.h"
#include "userspace/splat/cli/unpack.h"

namespace zlt::splat {
namespace {

constexpr size_t kPiece = size_t{256} * 1024;
constexpr auto kPoll = std::chrono::milliseconds(100);
constexpr int kQuietPolls = 20;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] int get() const { return fd_; }
  void replace(int fd) {
    close();
    fd_ = fd;
  }

 private:
  void close() {
    if (fd_ > STDIN_FILENO) ::close(fd_);
  }
  int fd_;
};

Error cannot(const char* what, const std::string& name) {
  return {std::string("cannot ") + what + " " + name + ": " + std::strerror(errno), ""};
}

// Whether `name` now is another file than the open one, or shorter than what was read of it.
bool was_replaced(int fd, const std::string& name) {
  struct stat open_file {};
  struct stat named {};
  if (fstat(fd, &open_file) != 0 || stat(name.c_str(), &named) != 0) return false;
  if (open_file.st_ino != named.st_ino || open_file.st_dev != named.st_dev) return true;
  const off_t at = lseek(fd, 0, SEEK_CUR);
  return S_ISREG(named.st_mode) && at > named.st_size;
}

Status follow_log(const std::string& name, const InputEvents& events) {
  const bool standard = name == "-";
  Descriptor file(standard ? STDIN_FILENO : open(name.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return tl::unexpected(cannot("open", name));
  posix_fadvise(file.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
  std::vector<char> buffer(kPiece);
  int polls = 0;
  for (;;) {
    const ssize_t got = read(file.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return tl::unexpected(cannot("read", name));
    if (got > 0) {
      polls = 0;
      if (!events.piece({buffer.data(), static_cast<size_t>(got)})) return {};
      continue;
    }
    if (standard) return {};
    if (was_replaced(file.get(), name)) {
      const int again = open(name.c_str(), O_RDONLY | O_CLOEXEC);
      if (again >= 0) {
        file.replace(again);
        events.restarted();
        continue;
      }
    }
    if (++polls == kQuietPolls) events.quiet();
    std::this_thread::sleep_for(kPoll);
  }
}

// From the file's beginning to its end, whatever form the log has.
Status read_whole(const std::string& name, const InputEvents& events) {
  Descriptor file(name == "-" ? STDIN_FILENO : open(name.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return tl::unexpected(cannot("open", name));
  posix_fadvise(file.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
  std::vector<char> buffer(kPiece);
  const auto next = [&]() -> tl::expected<std::string_view, Error> {
    for (;;) {
      const ssize_t got = read(file.get(), buffer.data(), buffer.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return tl::unexpected(cannot("read", name));
      return std::string_view(buffer.data(), static_cast<size_t>(got));
    }
  };
  tl::expected<std::string_view, Error> bytes = next();
  if (!bytes) return tl::unexpected(bytes.error());
  Document document(events.piece);
  if (is_compressed(*bytes)) {
    bool first = true;
    const auto source = [&]() -> tl::expected<std::string_view, Error> {
      if (std::exchange(first, false)) return bytes;
      return next();
    };
    Status unpacked = unpack(source, [&](std::string_view piece) { return document.feed(piece); });
    (void)document.finish();  // what could be unpacked is read, even if the rest could not
    if (!unpacked) unpacked.error().what += " " + name;
    return unpacked;
  }
  while (!bytes->empty()) {
    if (!document.feed(*bytes)) return {};
    bytes = next();
    if (!bytes) return tl::unexpected(bytes.error());
  }
  (void)document.finish();
  return {};
}

}  // namespace

Status read_log(const std::string& name, bool follow, const InputEvents& events) {
  return follow ? follow_log(name, events) : read_whole(name, events);
}

}  // namespace zlt::splat
