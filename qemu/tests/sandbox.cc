// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/tests/sandbox.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "userspace/base/files.h"

namespace zlt::test {
namespace fs = std::filesystem;
namespace {

constexpr auto kLongestRun = std::chrono::seconds(100);
constexpr const char* kRelease = "6.1.0-fake";

void put(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  const Status written = write_file(path, text);
  ASSERT_TRUE(written) << written.error().line();
}

// As much of a bzImage as zlt looks at.
std::string fake_image(const std::string& name) {
  std::string out(0x400, '\0');
  out.replace(0x202, 4, "HdrS");
  return out + name;
}

// A zombie that nobody has waited for yet runs no more.
bool runs(pid_t pid) {
  const Result<std::string> stat = read_file(fmt::format("/proc/{}/stat", pid));
  return stat && stat->find(") Z") == std::string::npos;
}

}  // namespace

Sandbox::Sandbox() {
  std::string pattern = (fs::temp_directory_path() / "zlt-test-XXXXXX").string();
  root_ = ::mkdtemp(pattern.data());
  fs::create_directories(root_ / "tmp");
  put(data() / "build" / "module" / kRelease / "zltorture.ko", "\177ELF a fake module");
  // as far as zlt looks
  add_script("kernel-path",
             "entry=$XDG_CACHE_HOME/zltorture/kernels/$1\n"
             "[ -e \"$entry/bzImage\" ] || { echo \"$1 is not in the cache\"; exit 1; }\necho \"$entry\"\n");
  add_flavour("fake");
}

Sandbox::~Sandbox() {
  std::error_code error;
  fs::remove_all(root_, error);
}

void Sandbox::add_flavour(const std::string& name, const std::string& more) {
  put(data() / "qemu" / "flavours" / (name + ".toml"),
      fmt::format("name = \"{}\"\nsummary = \"fake\"\norigin = \"debian\"\nseries = \"6.1\"\n{}\n"
                  "[debian]\nimage = \"linux-image-fake\"\n",
                  name, more));
  put(cache() / "kernels" / name / "bzImage", fake_image(name));
  put(cache() / "kernels" / name / "release", std::string(kRelease) + "\n");
  put(cache() / "kernels" / name / "System.map",
      "ffffffff81000000 T _text\nffffffff81001000 t native_queued_spin_lock_slowpath\nffffffff81002000 T "
      "default_idle\n");
}

void Sandbox::add_script(const std::string& name, const std::string& text) {
  const fs::path file = data() / "scripts" / name;
  put(file, "#!/bin/sh\n" + text);
  fs::permissions(file, fs::perms::owner_all);
}

void Sandbox::write_script() {
  script["log"] = log().string();
  // At once: guests of a run that is still going on may be reading it.
  const Status written = replace_file(root_ / "script.json", script.dump());
  ASSERT_TRUE(written) << written.error().line();
}

std::vector<std::string> Sandbox::command(const std::vector<std::string>& words) const {
  std::vector<std::string> out = {"env", "XDG_CACHE_HOME=" + (root_ / "cache").string(),
                                  "TMPDIR=" + (root_ / "tmp").string(),
                                  "FAKE_QEMU=" + (root_ / "script.json").string()};
  out.insert(out.end(), environment.begin(), environment.end());
  out.emplace_back(ZLT_PROGRAM);
  out.insert(out.end(), words.begin(), words.end());
  if (!words.empty() && (words[0] == "run" || words[0] == "hotplug" || words[0] == "bisect-run")) {
    const auto unless_given = [&](const std::string& option, const std::string& value) {
      if (std::find(words.begin(), words.end(), option) == words.end()) {
        out.insert(out.end(), {option, value});
      }
    };
    unless_given("--qemu", FAKE_QEMU_PROGRAM);
    unless_given("--data", data().string());
    unless_given("--results", results().string());
    unless_given("--flavour", "fake");
    unless_given("--accel", "tcg");
  }
  return out;
}

run::Child Sandbox::start(const std::vector<std::string>& words) {
  write_script();
  const UniqueFd output(::open(output_file().c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  Result<run::Child> child = run::Child::spawn({command(words), {}, output.get()});
  EXPECT_TRUE(child) << child.error().line();
  return child ? std::move(*child) : run::Child();
}

Ran Sandbox::zlt(const std::vector<std::string>& words) {
  run::Child child = start(words);
  const std::optional<int> status = child.wait(kLongestRun);
  Ran out;
  EXPECT_TRUE(status) << "zlt did not end";
  if (status) {
    out.status = WIFSIGNALED(*status) ? 128 + WTERMSIG(*status) : WEXITSTATUS(*status);
  }
  out.output = read_file(output_file()).value_or("");
  return out;
}

Ran Sandbox::run(const std::vector<std::string>& words) {
  std::vector<std::string> all = {"run"};
  all.insert(all.end(), words.begin(), words.end());
  return zlt(all);
}

run::Json Sandbox::latest() const {
  const Result<std::string> text = read_file(results() / "latest" / "results.json");
  return run::Json::parse(text ? *text : "", nullptr, false);
}

run::Json Sandbox::record(const std::string& name, const std::string& flavour) const {
  for (const run::Json& each : run::member(latest(), "cases")) {
    if (run::get_string(each, "case") == name && run::get_string(each, "flavour") == flavour) {
      return each;
    }
  }
  return nullptr;
}

std::vector<std::string> Sandbox::starts() const {
  std::vector<std::string> out;
  std::ifstream lines(log());
  std::string how;
  std::string pid;
  while (lines >> how >> pid) {
    out.push_back(how);
  }
  return out;
}

std::vector<std::string> Sandbox::left_behind() const {
  std::vector<std::string> out;
  std::ifstream lines(log());
  std::string how;
  pid_t pid = 0;
  while (lines >> how >> pid) {
    if (runs(pid)) {
      out.push_back(fmt::format("process {}", pid));
    }
  }
  std::error_code error;
  for (const fs::path& folder : {root_ / "tmp", results(), cache() / "snapshots"}) {
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
      if (folder.filename() == "tmp" || entry.path().filename().string().starts_with(".")) {
        out.push_back(entry.path().string());
      }
    }
  }
  return out;
}

void SandboxTest::TearDown() {
  EXPECT_THAT(box.left_behind(), testing::IsEmpty());
}

run::Json fake_case(const std::vector<std::string>& expected, const std::vector<std::string>& verdict,
                    const std::string& then) {
  return {{"expected", expected}, {"verdict", verdict}, {"then", then}};
}

}  // namespace zlt::test
