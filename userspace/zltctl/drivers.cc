// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/drivers.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "userspace/base/files.h"
#include "userspace/zltctl/explain.h"

namespace zlt::ctl {
namespace fs = std::filesystem;
namespace {

constexpr const char* kVirtioVendor = "0x1af4\n";  // PCI_VENDOR_ID_REDHAT_QUMRANET

bool has_virtio_device(const Environment& environment) {
  std::error_code error;
  for (const fs::directory_entry& device : fs::directory_iterator(environment.sysfs + "/bus/pci/devices", error)) {
    const Result<std::string> vendor = read_file(device.path() / "vendor");
    if (vendor && *vendor == kVirtioVendor) return true;
  }
  return false;
}

}  // namespace

Status load_drivers(const Environment& environment, FileLoader& loader, const std::string& folder) {
  if (!has_virtio_device(environment)) return {};
  std::error_code error;
  std::vector<std::string> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const std::string& file : files) {
    const Sys<void> loaded = loader.load_file(file, "");
    if (!loaded) return failure("cannot load the driver " + file + ": " + describe_errno(loaded.error()));
  }
  return {};
}

}  // namespace zlt::ctl
