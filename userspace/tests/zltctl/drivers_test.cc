// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/drivers.h"

#include <gmock/gmock.h>

#include <cerrno>
#include <filesystem>
#include <string>
#include <vector>

#include "userspace/tests/zltctl/temp_folder.h"

namespace zlt::ctl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class FakeLoader : public FileLoader {
 public:
  Sys<void> load_file(const std::string& path, const std::string&) override {
    loaded.push_back(std::filesystem::path(path).filename());
    if (path.ends_with(refused)) return tl::unexpected(ENOEXEC);
    return {};
  }
  std::vector<std::string> loaded;
  std::string refused = "none";
};

class Drivers : public testing::Test {
 protected:
  Drivers() {
    environment.sysfs = folder.file("sys");
    folder.write("drivers/1-virtio.ko", "");
    folder.write("drivers/0-virtio_ring.ko", "");
    put_device("0000:00:01.0", "0x8086\n");
  }
  void put_device(const std::string& address, const std::string& vendor) {
    folder.write("sys/bus/pci/devices/" + address + "/vendor", vendor);
  }
  Status load() { return load_drivers(environment, loader, folder.file("drivers")); }

  test::TempFolder folder;
  Environment environment;
  FakeLoader loader;
};

TEST_F(Drivers, AreLoadedInOrderWhereThereIsADevice) {
  put_device("0000:00:02.0", "0x1af4\n");
  EXPECT_TRUE(load());
  EXPECT_THAT(loader.loaded, ElementsAre("0-virtio_ring.ko", "1-virtio.ko"));
}

TEST_F(Drivers, AreLeftAloneWithoutOne) {
  EXPECT_TRUE(load());
  EXPECT_THAT(loader.loaded, IsEmpty());
}

TEST_F(Drivers, AKernelWithoutModulesNeedsNone) {
  put_device("0000:00:02.0", "0x1af4\n");
  std::filesystem::remove_all(folder.file("drivers"));
  EXPECT_TRUE(load());
}

TEST_F(Drivers, ARefusalNamesTheFile) {
  put_device("0000:00:02.0", "0x1af4\n");
  loader.refused = "0-virtio_ring.ko";
  EXPECT_THAT(load().error().line(), HasSubstr("0-virtio_ring.ko: "));
  EXPECT_THAT(loader.loaded, ElementsAre("0-virtio_ring.ko"));
}

}  // namespace
}  // namespace zlt::ctl
