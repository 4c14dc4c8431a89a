// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/io/file_digest.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <xxhash.h>

#include <cerrno>
#include <memory>
#include <vector>

#include "userspace/base/files.h"
#include "userspace/base/unique_fd.h"

namespace zlt::run {

Result<std::string> file_digest(const std::filesystem::path& file) {
  constexpr size_t kPiece = size_t{1} << 20U;
  const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) {
    return file_failure("read", file, errno);
  }
  const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(XXH3_createState(), XXH3_freeState);
  std::vector<char> piece(kPiece);
  XXH3_128bits_reset(state.get());
  for (;;) {
    const ssize_t n = ::read(fd.get(), piece.data(), piece.size());
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n < 0) {
      return file_failure("read", file, errno);
    }
    if (n == 0) {
      break;
    }
    XXH3_128bits_update(state.get(), piece.data(), static_cast<size_t>(n));
  }
  const XXH128_hash_t hash = XXH3_128bits_digest(state.get());
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

}  // namespace zlt::run
