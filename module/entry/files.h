// SPDX-License-Identifier: GPL-2.0-only
//
// The files in debugfs: what each of them shows, and what becomes of what is written to it (module/abi/debugfs.h,
// docs/formats.md).
#pragma once

#include "module/core/session.h"

namespace zlt {

// The module's only session: a kernel has one set of files. Defined in entry.cc.
extern Session session;

// 0, or the error of debugfs. zlt_debugfs_remove() undoes it.
[[nodiscard]] int create_files();

}  // namespace zlt
