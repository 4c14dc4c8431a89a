// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/load.h"

#include <elf.h>
#include <gmock/gmock.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "userspace/tests/zltctl/temp_folder.h"
#include "userspace/zltctl/kernel_log.h"
#include "userspace/zltctl/ko_file.h"

namespace zlt::ctl {
namespace {

using testing::HasSubstr;

// A kernel that answers as it is told, and says a word in its log.
class FakeLoader : public Loader {
 public:
  Sys<void> load_file(const std::string& path, const std::string& given) override {
    loaded = path;
    return answer(given);
  }
  Sys<void> load_installed(const std::string& given) override {
    loaded = "installed";
    return answer(given);
  }
  Sys<void> unload() override { return answer(""); }

  int error = 0;
  std::string says;      // a record for the log
  std::string log_path;  // where it goes
  std::string loaded;
  std::string options;

 private:
  Sys<void> answer(const std::string& given) {
    options = given;
    if (!says.empty()) std::ofstream(log_path, std::ios::app) << "3,9,99,-;" << says << '\n';
    if (error != 0) return tl::unexpected(error);
    return {};
  }
};

// The bytes of a module, as far as anybody looks.
std::string ko_bytes(const std::string& vermagic) {
  const std::string info = std::string("license=GPL\0", 12) + "vermagic=" + vermagic + std::string(1, '\0');
  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_type = ET_REL;
  header.e_shnum = 2;
  header.e_shentsize = sizeof(Elf64_Shdr);
  header.e_shoff = sizeof header + info.size();
  return std::string(reinterpret_cast<const char*>(&header), sizeof header) + info +
         std::string(2 * sizeof(Elf64_Shdr), '\0');
}

class LoadTest : public testing::Test {
 protected:
  LoadTest() {
    environment_.kernel_log = folder_.file("kmsg");
    environment_.modules_disabled = folder_.file("modules_disabled");
    environment_.lockdown = folder_.file("lockdown");
    environment_.release = "6.1.0-56-amd64";
    environment_.root = true;
    loader_.log_path = environment_.kernel_log;
    folder_.write("kmsg", "3,1,1,-;zltorture: an old story\n");
    folder_.write("good.ko", ko_bytes("6.1.0-56-amd64 SMP preempt mod_unload modversions "));
  }
  // What a user is told when the kernel answers `error`.
  Error load_error(const std::string& file, int error, const std::string& says = "") {
    loader_.error = error;
    loader_.says = says;
    const Status status = load_file(environment_, loader_, folder_.file(file), {});
    EXPECT_FALSE(status);
    return status ? Error{} : status.error();
  }
  Error unload_error(int error) {
    loader_.error = error;
    const Status status = unload(environment_, loader_);
    EXPECT_FALSE(status);
    return status ? Error{} : status.error();
  }

  test::TempFolder folder_;
  Environment environment_;
  FakeLoader loader_;
};

TEST_F(LoadTest, PassesFileAndParameters) {
  ASSERT_TRUE(load_file(environment_, loader_, "x.ko", {{"loops", "5"}, {"allow_hang", "1"}}));
  EXPECT_EQ(loader_.loaded, "x.ko");
  EXPECT_EQ(loader_.options, "loops=5 allow_hang=1");
  ASSERT_TRUE(load_installed(environment_, loader_, {}));
  EXPECT_EQ(loader_.loaded, "installed");
  EXPECT_EQ(loader_.options, "");
}

TEST_F(LoadTest, LooksAtParametersFirst) {
  const Status status = load_file(environment_, loader_, "x.ko", {{"loops", "0"}});
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().what, HasSubstr("1 to 1000000"));
  EXPECT_FALSE(load_installed(environment_, loader_, {{"lops", "1"}}));
  EXPECT_EQ(loader_.loaded, "");
}

TEST_F(LoadTest, NotRoot) {
  environment_.root = false;
  const Error error = load_error("good.ko", EPERM);
  EXPECT_EQ(error.line(), "loading a module needs root; run as root");
}

TEST_F(LoadTest, RootInAContainer) {
  EXPECT_THAT(load_error("good.ko", EPERM).hint, HasSubstr("CAP_SYS_MODULE"));
}

TEST_F(LoadTest, ModulesDisabled) {
  folder_.write("modules_disabled", "1\n");
  EXPECT_THAT(load_error("good.ko", EPERM).what, HasSubstr("modules_disabled"));
}

TEST_F(LoadTest, LockedDown) {
  folder_.write("lockdown", "none [integrity] confidentiality\n");
  EXPECT_THAT(load_error("good.ko", EPERM).what, HasSubstr("locked down"));
}

TEST_F(LoadTest, SignatureEnforced) {
  EXPECT_THAT(load_error("good.ko", EKEYREJECTED).what, HasSubstr("signed modules only"));
}

TEST_F(LoadTest, LoadedAlready) {
  EXPECT_EQ(load_error("good.ko", EEXIST).line(), "zltorture is loaded already; zltctl unload, to load another");
}

TEST_F(LoadTest, FileThatIsNotThere) {
  const Error error = load_error("none.ko", ENOENT);
  EXPECT_THAT(error.what, HasSubstr("cannot open " + folder_.file("none.ko")));
}

TEST_F(LoadTest, AFolder) {
  std::filesystem::create_directory(folder_.file("folder"));
  EXPECT_THAT(load_error("folder", EINVAL).what, HasSubstr("cannot read"));
}

TEST_F(LoadTest, EmptyFile) {
  folder_.write("empty.ko", "");
  EXPECT_THAT(load_error("empty.ko", ENOEXEC).what, HasSubstr("empty"));
}

TEST_F(LoadTest, TruncatedFile) {
  const std::string whole = ko_bytes("6.1.0-56-amd64 SMP ");
  for (const size_t size : {size_t{64}, whole.size() / 2, whole.size() - 1}) {
    folder_.write("cut.ko", whole.substr(0, size));
    const Error error = load_error("cut.ko", ENOEXEC);
    EXPECT_THAT(error.what, HasSubstr("cut short")) << size;
    EXPECT_THAT(error.hint, HasSubstr("again"));
  }
}

TEST_F(LoadTest, NoModuleAtAll) {
  folder_.write("text.ko", "hello, world\n");
  EXPECT_THAT(load_error("text.ko", ENOEXEC).what, HasSubstr("no kernel module"));
}

TEST_F(LoadTest, BuiltForAnotherRelease) {
  folder_.write("other.ko", ko_bytes("6.12.9-amd64 SMP preempt mod_unload modversions "));
  const Error error = load_error("other.ko", ENOEXEC);
  EXPECT_THAT(error.what, HasSubstr("built for kernel 6.12.9-amd64, this one is 6.1.0-56-amd64"));
  EXPECT_THAT(error.hint, HasSubstr("make module KDIR="));
}

TEST_F(LoadTest, BuiltForTheSameReleaseWithOtherOptions) {
  const std::string says =
      "zltorture: version magic '6.1.0-56-amd64 SMP preempt_rt ' should be '6.1.0-56-amd64 SMP preempt '";
  const Error error = load_error("good.ko", ENOEXEC, says);
  EXPECT_THAT(error.what, HasSubstr("preempt_rt"));
  EXPECT_THAT(error.hint, HasSubstr("make module KDIR="));
}

TEST_F(LoadTest, WhateverTheKernelSaysIsQuotedButNoOldStory) {
  EXPECT_THAT(load_error("good.ko", ENOENT, "zltorture: Unknown symbol frob (err -2)").what,
              HasSubstr("Unknown symbol frob"));
  EXPECT_THAT(load_error("good.ko", ENOMEM).what, testing::Not(HasSubstr("old story")));
}

TEST_F(LoadTest, WithoutAKernelLog) {
  std::filesystem::remove(environment_.kernel_log);
  EXPECT_FALSE(load_error("good.ko", ENOMEM).what.empty());
}

TEST_F(LoadTest, NotInstalled) {
  loader_.error = ENOENT;
  const Status status = load_installed(environment_, loader_, {});
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().what, HasSubstr("no module zltorture is installed for kernel 6.1.0-56-amd64"));
}

TEST_F(LoadTest, Unload) {
  EXPECT_TRUE(unload(environment_, loader_));
  EXPECT_THAT(unload_error(ENOENT).what, HasSubstr("not loaded"));
  EXPECT_THAT(unload_error(EAGAIN).what, HasSubstr("in use"));
  EXPECT_THAT(unload_error(EIO).what, HasSubstr("cannot unload"));
  environment_.root = false;
  EXPECT_THAT(unload_error(EPERM).hint, HasSubstr("root"));
}

TEST(KoFile, FindsTheVersionMagicAndNothingElse) {
  const KoFile whole = inspect_ko(ko_bytes("6.1.0-56-amd64 SMP "));
  EXPECT_TRUE(whole.elf);
  EXPECT_TRUE(whole.whole);
  EXPECT_EQ(whole.vermagic, "6.1.0-56-amd64 SMP ");
  EXPECT_EQ(whole.built_for(), "6.1.0-56-amd64");
  EXPECT_EQ(inspect_ko(std::string("xvermagic=1\0", 12)).vermagic, "");
  EXPECT_EQ(inspect_ko(std::string("\0vermagic=cut", 13)).vermagic, "");
  EXPECT_FALSE(inspect_ko("").elf);
}

TEST(KoFile, AHeaderThatLiesIsNotBelieved) {
  std::string bytes = ko_bytes("6.1.0 ");
  Elf64_Ehdr header{};
  std::memcpy(&header, bytes.data(), sizeof header);
  header.e_shoff = UINT64_MAX - 8;
  std::memcpy(bytes.data(), &header, sizeof header);
  EXPECT_FALSE(inspect_ko(bytes).whole);
}

}  // namespace
}  // namespace zlt::ctl
