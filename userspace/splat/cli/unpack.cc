// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/cli/unpack.h"

#include <archive.h>
#include <archive_entry.h>

#include <array>
#include <cerrno>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace zlt::splat {
namespace {

constexpr size_t kPiece = size_t{128} * 1024;

struct Feeding {
  const ByteSource& source;
  std::optional<Error> error;
};

la_ssize_t give(struct archive* archive, void* data, const void** buffer) {
  auto& feeding = *static_cast<Feeding*>(data);
  const auto bytes = feeding.source();
  if (!bytes) {
    feeding.error = bytes.error();
    archive_set_error(archive, EIO, "cannot be read");
    return ARCHIVE_FATAL;
  }
  *buffer = bytes->data();
  return static_cast<la_ssize_t>(bytes->size());
}

}  // namespace

bool is_compressed(std::string_view head) {
  using namespace std::string_view_literals;
  constexpr std::array kMagics{"\x1f\x8b"sv,
                               "\xfd"
                               "7zXZ\0"sv,
                               "\x28\xb5\x2f\xfd"sv, "BZh"sv, "\x04\x22\x4d\x18"sv};
  for (const std::string_view magic : kMagics) {
    if (head.starts_with(magic)) return true;
  }
  return false;
}

Status unpack(const ByteSource& source, const std::function<bool(std::string_view)>& piece) {
  const std::unique_ptr<struct archive, int (*)(struct archive*)> archive(archive_read_new(), archive_read_free);
  Feeding feeding{source, {}};
  const auto failed = [&] {
    if (feeding.error) return *feeding.error;
    const char* why = archive_error_string(archive.get());
    return Error{"cannot unpack", why == nullptr ? "is it whole?" : why};
  };
  if (archive == nullptr) return tl::unexpected(Error{"cannot unpack", "out of memory"});
  archive_read_support_filter_all(archive.get());
  archive_read_support_format_raw(archive.get());
  struct archive_entry* entry = nullptr;
  if (archive_read_open(archive.get(), &feeding, nullptr, give, nullptr) != ARCHIVE_OK ||
      archive_read_next_header(archive.get(), &entry) != ARCHIVE_OK) {
    return tl::unexpected(failed());
  }
  if (archive_filter_code(archive.get(), 0) == ARCHIVE_FILTER_NONE) {
    return tl::unexpected(Error{"cannot unpack", "it only begins like a compressed file"});
  }
  std::vector<char> buffer(kPiece);
  for (;;) {
    const la_ssize_t got = archive_read_data(archive.get(), buffer.data(), buffer.size());
    if (got < 0) return tl::unexpected(failed());
    if (got == 0 || !piece({buffer.data(), static_cast<size_t>(got)})) return {};
  }
}

}  // namespace zlt::splat
