// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/io/leftovers.h"

#include <signal.h>

#include <cerrno>
#include <charconv>
#include <string>

#include "userspace/base/own_folder.h"
#include "userspace/base/temp_folder.h"

namespace zlt::run {
namespace fs = std::filesystem;
namespace {

// NAME.new.PID: replace_file() and the scripts' link_atomically write beside the place, then rename.
constexpr std::string_view kNew = ".new.";

bool is_of_the_dead(const std::string& name) {
  const size_t mark = name.rfind(kNew);
  if (mark == std::string::npos) {
    return false;
  }
  const char* end = name.data() + name.size();
  pid_t pid = 0;
  const auto [stop, error] = std::from_chars(name.data() + mark + kNew.size(), end, pid);
  return error == std::errc() && stop == end && pid > 0 && ::kill(pid, 0) != 0 && errno == ESRCH;
}

void remove_half_written(const fs::path& folder) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    if (is_of_the_dead(entry.path().filename().string())) {
      fs::remove(entry.path(), error);
    }
  }
}

}  // namespace

void remove_leftovers(const fs::path& cache) {
  TempFolder::clear_up();
  remove_abandoned(cache / "snapshots", [](const std::string& name) { return name.starts_with(kDraftPrefix); });
  for (const char* scratch : {"kernels", "build", "sources"}) {
    remove_abandoned(cache / scratch, [](const std::string& name) { return name.ends_with(".tmp"); });
  }
  for (const char* folder : {"", "kernels", "sources", "initramfs"}) {
    remove_half_written(cache / folder);
  }
  std::error_code error;
  for (const char* entries : {"kernels", "snapshots"}) {
    for (const fs::directory_entry& entry : fs::directory_iterator(cache / entries, error)) {
      remove_half_written(entry.path());
    }
  }
}

}  // namespace zlt::run
