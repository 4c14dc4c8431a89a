// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/kernel/kernel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "qemu/tests/temp_dir.h"

namespace zlt::run {
namespace {

using testing::HasSubstr;

class KernelTest : public testing::Test {
 protected:
  KernelTest() {
    std::string image(0x300, '\0');
    image.replace(0x202, 4, "HdrS");
    dir.put("entry/bzImage", image);
    dir.put("entry/release", "6.1.0-test\n");
  }
  std::string error() const {
    const Result<Kernel> kernel = load_kernel(dir.path() / "entry", "stock");
    return kernel ? "no error" : kernel.error().line();
  }
  test::TempDir dir;
};

TEST_F(KernelTest, IsReadThroughALink) {
  std::filesystem::create_symlink("entry", dir.path() / "link");
  const Result<Kernel> kernel = load_kernel(dir.path() / "link", "stock");
  ASSERT_TRUE(kernel) << kernel.error().line();
  EXPECT_EQ(kernel->release, "6.1.0-test");
  EXPECT_EQ(kernel->image, std::filesystem::canonical(dir.path()) / "entry" / "bzImage");
  EXPECT_EQ(kernel->digest.size(), 16U);
}

TEST_F(KernelTest, DriversAreInTheOrderToLoadThem) {
  EXPECT_TRUE(load_kernel(dir.path() / "entry", "stock")->drivers.empty());
  for (const char* name : {"virtio.ko", "virtio_balloon.ko", "virtio_mem.ko", "virtio_ring.ko"}) {
    dir.put(std::string("entry/modules/") + name, "");
  }
  const Result<Kernel> kernel = load_kernel(dir.path() / "entry", "stock");
  ASSERT_TRUE(kernel) << kernel.error().line();
  std::vector<std::string> names;
  for (const std::filesystem::path& driver : kernel->drivers) {
    names.push_back(driver.filename());
  }
  EXPECT_THAT(names, testing::ElementsAre("virtio_ring.ko", "virtio.ko", "virtio_mem.ko"));
}

TEST_F(KernelTest, ErrorsSayWhatToDo) {
  dir.put("entry/bzImage", "short");
  EXPECT_THAT(error(), HasSubstr("bzImage is no kernel image; get it again with `zlt kernel fetch stock`"));
  std::filesystem::remove(dir.path() / "entry" / "bzImage");
  EXPECT_THAT(error(), HasSubstr("bzImage: No such file"));
  std::filesystem::remove_all(dir.path() / "entry");
  EXPECT_THAT(error(), HasSubstr("no kernel for flavour stock in the cache"));
}

TEST_F(KernelTest, AReleaseThatIsEmpty) {
  dir.put("entry/release", "\n");
  EXPECT_THAT(error(), HasSubstr("release is empty"));
}

}  // namespace
}  // namespace zlt::run
