// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/base/version.h"

namespace zlt {

const char* version() {
  return ZLT_VERSION;
}

}  // namespace zlt
