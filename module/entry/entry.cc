// SPDX-License-Identifier: GPL-2.0-only
//
// The entry points that the shim calls when the module is loaded and unloaded, and for its parameters. This is the
// one place where the core meets the list of scenarios.
#include "module/abi/debugfs.h"
#include "module/core/watch/watch.h"
#include "module/entry/files.h"
#include "module/scenarios/list.h"

namespace zlt {
namespace {

constexpr Registry kRegistry(kScenarios);

}  // namespace

constinit Session session(kRegistry);

}  // namespace zlt

extern "C" {

int zlt_core_init() {
  zlt::session.init();
  zlt::kernel_watch.init();
  const int error = zlt::create_files();
  if (error != 0) {
    zlt_log(ZLT_ERR, "not loaded: no debugfs to be driven by (error %d); needs CONFIG_DEBUG_FS, and not debugfs=off",
            error);
    return error;
  }
  zlt_log(ZLT_INFO, "loaded on %s; nothing runs until a case is written to debugfs %s/%s",
          zlt::session.kernel().release, zlt::abi::kDirectory, zlt::abi::kFileRun);
  return 0;
}

void zlt_core_exit() {
  zlt::session.stop();
  zlt_debugfs_remove();
  zlt::session.stop();  // a `run` that was being written meanwhile
  zlt::kernel_watch.off();
}

int zlt_core_param_set(unsigned int index, const char* text) {
  return zlt::session.set_default(index, zlt::View(text));
}

uint64_t zlt_core_param_get(unsigned int index) {
  return zlt::session.default_of(index);
}
}
