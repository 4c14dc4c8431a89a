// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/slab_shrinker.h"

#include <unistd.h>

#include <filesystem>

#include "userspace/base/files.h"

namespace zlt::ctl {

namespace fs = std::filesystem;

unsigned shrink_slabs_once(const Environment& environment) {
  unsigned taken = 0;
  std::error_code error;
  for (const fs::directory_entry& cache : fs::directory_iterator(environment.sysfs + "/kernel/slab", error)) {
    if (write_file(cache.path() / "shrink", "1")) ++taken;
  }
  return taken;
}

Status start_slab_shrinker(const Environment& environment, unsigned pause_ms) {
  if (shrink_slabs_once(environment) == 0) {
    return failure("no slab cache can be shrunk", "needs a kernel with CONFIG_SLUB and CONFIG_SYSFS, and root");
  }
  const pid_t child = ::fork();
  if (child < 0) return failure("cannot start the process that shrinks slabs");
  if (child > 0) return {};
  for (;;) {
    shrink_slabs_once(environment);
    ::usleep(pause_ms * 1000);
  }
}

}  // namespace zlt::ctl
