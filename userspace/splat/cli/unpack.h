// SPDX-License-Identifier: GPL-2.0-only
//
// Logs that were compressed: gzip, xz, zstd, bzip2, lz4, as far as libarchive knows them.
#pragma once

#include <functional>
#include <string_view>

#include "userspace/base/result.h"

namespace zlt::splat {

// Whether a file that begins like this is compressed.
[[nodiscard]] bool is_compressed(std::string_view head);

// Reads bytes into its argument's place: what it returns is good until the next call; empty at the end.
using ByteSource = std::function<tl::expected<std::string_view, Error>()>;

// Hands out what `source` holds, unpacked, until it ends or `piece` says that it is enough.
[[nodiscard]] Status unpack(const ByteSource& source, const std::function<bool(std::string_view)>& piece);

}  // namespace zlt::splat
