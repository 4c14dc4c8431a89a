// SPDX-License-Identifier: GPL-2.0-only
//
// The program from outside: options, output, exit status.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "userspace/tests/splat_corpus.h"

namespace zlt::splat {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Outcome {
  int status = -1;
  std::string out;  // and error output
};

Outcome run(const std::string& arguments) {
  const std::string command = std::string(ZLT_SPLAT_PROGRAM) + " " + arguments + " 2>&1";
  Outcome outcome;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return outcome;
  char buffer[4096];
  for (size_t got = 0; (got = fread(buffer, 1, sizeof(buffer), pipe)) > 0;) outcome.out.append(buffer, got);
  const int status = pclose(pipe);
  outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return outcome;
}

constexpr const char kLog[] =
    "[    1.000000] usb 1-1: before\n[    1.000000] BUG: sleeping function called from invalid context at a.c:1\n"
    "[    1.000000] Call Trace:\n[    1.000000]  foo+0x1/0x2\n[    1.000000] usb 1-1: after\n";

class Cli : public testing::Test {
 protected:
  Cli() { std::filesystem::create_directories(folder_); }
  ~Cli() override { std::filesystem::remove_all(folder_); }
  Cli(const Cli&) = delete;
  Cli& operator=(const Cli&) = delete;

  std::string file(const std::string& name, const std::string& content) const {
    std::ofstream(folder_ / name, std::ios::binary) << content;
    return (folder_ / name).string();
  }

  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("zlt-splat-test." + std::to_string(getpid()));
};

TEST_F(Cli, SaysWhatItFound) {
  const Outcome outcome = run(file("log", kLog));
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.out,
              HasSubstr("log:2-4: BUG: sleeping function called from invalid context in foo [sleeping-atomic]"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("\x1b")));
}

TEST_F(Cli, NothingFound) {
  const Outcome outcome = run(file("log", "[    1.000000] all is well\n"));
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.out, "");
}

TEST_F(Cli, UnreadableFile) {
  const Outcome outcome = run((folder_ / "missing").string());
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.out, HasSubstr("cannot open"));
  EXPECT_THAT(run(folder_.string()).status, 2) << "a folder";
}

TEST_F(Cli, UnreadableFileAmongGoodOnes) {
  const Outcome outcome = run((folder_ / "missing").string() + " " + file("log", kLog));
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.out, HasSubstr("[sleeping-atomic]"));
}

TEST_F(Cli, UnreadableSymbols) {
  const std::string log = file("log", kLog);
  const Outcome missing = run("--symbols " + (folder_ / "missing").string() + " " + log);
  EXPECT_EQ(missing.status, 2);
  EXPECT_THAT(missing.out, HasSubstr("missing"));
  EXPECT_EQ(run("--symbols " + folder_.string() + " " + log).status, 2) << "a folder";
  EXPECT_EQ(run("--symbols " + log + " " + log).status, 2) << "no symbols";
  EXPECT_EQ(run("--symbols " + file("cut.ko", "\177ELF\2\1\1") + " " + log).status, 2) << "a cut file";
}

TEST_F(Cli, EmptyLog) {
  const Outcome outcome = run(file("log", ""));
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.out, "");
}

TEST_F(Cli, AFullDiskIsAFailure) {
  const Outcome outcome = run(file("log", kLog) + " > /dev/full");
  EXPECT_EQ(outcome.status, 2);
}

TEST_F(Cli, BadUsage) {
  EXPECT_EQ(run("--no-such-option").status, 2);
  EXPECT_EQ(run("--follow a b").status, 2);
  const Outcome outcome = run("--kind no-such-kind /dev/null");
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.out, HasSubstr("no-such-kind"));
  EXPECT_EQ(run("--help").status, 0);
}

TEST_F(Cli, CompressedLogs) {
  const std::string log = file("log", kLog);
  for (const char* tool : {"gzip", "xz", "zstd"}) {
    const std::string packed = log + "." + tool;
    std::string command = tool;
    for (const std::string& word : {std::string(" -c "), log, std::string(" > "), packed}) command += word;
    ASSERT_EQ(std::system(command.c_str()), 0) << tool;
    EXPECT_THAT(run(packed).out, HasSubstr(":2-4: BUG: sleeping function called from invalid context in foo")) << tool;
  }
  EXPECT_EQ(run(file("broken.gz", "\x1f\x8b\x08 no more")).status, 2);
}

TEST_F(Cli, MailsAndMailboxes) {
  const std::string mail =
      "From a@b Thu Jan  1 00:00:00 2024\nFrom: a@b\nSubject: x\nMIME-Version: 1.0\n"
      "Content-Type: multipart/mixed; boundary=\"sep\"\n\n--sep\nContent-Type: text/plain\n"
      "Content-Transfer-Encoding: base64\n\n"
      "QlVHOiBzbGVlcGluZyBmdW5jdGlvbiBjYWxsZWQgZnJvbSBpbnZhbGlkIGNvbnRleHQgYXQgYS5j\n"
      "OjEKQ2FsbCBUcmFjZToKIGZvbysweDEvMHgyCg==\n--sep--\n\n";
  const std::string second =
      "From a@b Thu Jan  1 00:00:00 2024\nFrom: a@b\nDate: x\nContent-Transfer-Encoding: "
      "quoted-printable\n\nBUG: KASAN: slab-out-of-bounds in ba=\nr+0x1/0x2\n";
  const Outcome outcome = run(file("mbox", mail + second));
  EXPECT_THAT(outcome.out, HasSubstr("invalid context in foo"));
  EXPECT_THAT(outcome.out, HasSubstr("slab-out-of-bounds in bar"));
}

TEST_F(Cli, Pages) {
  EXPECT_THAT(run(file("page",
                       "<!DOCTYPE html><html><script>BUG: KASAN: x in y+0x1/0x2</script><body>BUG: KASAN: "
                       "slab-out-of-bounds in bar+0x1/0x2<br>Call Trace:</body></html>"))
                  .out,
              HasSubstr("KASAN: slab-out-of-bounds in bar"));
}

TEST_F(Cli, Explains) {
  const Outcome outcome =
      run("--explain " + file("log", "x | BUG: KASAN: slab-out-of-bounds in bar+0x1/0x2\nx | Call Trace:\n"));
  EXPECT_THAT(outcome.out, HasSubstr("why: line 1 says \"BUG: KASAN:\""));
  EXPECT_THAT(outcome.out, HasSubstr("took: lines 1-2"));
  EXPECT_THAT(outcome.out, HasSubstr("undone: the prefix \"x | \""));
}

TEST_F(Cli, HostileTextStaysText) {
  const std::string log = file("log",
                               "Kernel panic - not syncing: a\x9b"
                               "31mb\xc2\x9b"
                               "1mc\x1b]0;title\x07"
                               "d\x1b]8;;http://x\x1b\\e\xe2\x80\xae"
                               "f\x7f\n");
  for (const char* options : {"", "--json ", "--context 1 ", "--json --context 1 "}) {
    for (const char bad : {'\x1b', '\x9b', '\x07', '\x7f'}) {
      EXPECT_EQ(run(options + log).out.find(bad), std::string::npos) << options << static_cast<int>(bad);
    }
    EXPECT_EQ(run(options + log).out.find("\xe2\x80\xae"), std::string::npos) << options;
  }
}

TEST_F(Cli, StandardInput) {
  EXPECT_THAT(run("< " + file("log", kLog)).out, HasSubstr("stdin:2-4:"));
  EXPECT_THAT(run("- < " + file("log", kLog)).out, HasSubstr("stdin:2-4:"));
}

TEST_F(Cli, Json) {
  const Outcome outcome = run("--json " + file("log", std::string(kLog) + kLog));
  EXPECT_EQ(outcome.status, 1);
  std::istringstream lines(outcome.out);
  std::string line;
  size_t count = 0;
  while (std::getline(lines, line)) {
    const auto json = nlohmann::json::parse(line);
    EXPECT_EQ(json["kind"], "sleeping-atomic");
    EXPECT_EQ(json["guilty"]["function"], "foo");
    ++count;
  }
  EXPECT_EQ(count, 2U);
}

TEST_F(Cli, FirstKindAndDedup) {
  const std::string log = file("log", std::string(kLog) + "[    2.000000] Kernel panic - not syncing: foo\n" + kLog);
  const auto count = [](const std::string& text, const std::string& what) {
    size_t n = 0;
    for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
    return n;
  };
  EXPECT_EQ(count(run(log).out, "[sleeping-atomic]"), 2U);
  EXPECT_EQ(count(run("--first " + log).out, "[sleeping-atomic]"), 1U);
  EXPECT_EQ(count(run("--kind circular,stall " + log).out, "["), 0U);
  EXPECT_EQ(run("--kind circular " + log).status, 0);
  EXPECT_EQ(count(run("--kind sched " + log).out, "[sleeping-atomic]"), 2U);
  const std::string once = run("--dedup " + log).out;
  EXPECT_EQ(count(once, "[sleeping-atomic]"), 1U);
  EXPECT_THAT(once, HasSubstr("2 times BUG: sleeping function"));
}

TEST_F(Cli, Context) {
  const std::string log = file("log", kLog);
  EXPECT_THAT(run("--context 0 " + log).out, Not(HasSubstr("usb")));
  const std::string around = run("--context 1 " + log).out;
  EXPECT_THAT(around, HasSubstr("usb 1-1: before"));
  EXPECT_THAT(around, HasSubstr("Call Trace:"));
  EXPECT_THAT(around, HasSubstr("usb 1-1: after"));
}

TEST_F(Cli, Colour) {
  EXPECT_THAT(run("--color always " + file("log", kLog)).out, HasSubstr("\x1b[1;31m"));
}

TEST_F(Cli, ControlBytesOfTheLogStayAway) {
  const Outcome outcome =
      run("--context 0 " +
          file("log",
               "BUG: sleeping function called from invalid context at \x1b]0;evil\x07\nCall Trace:\n foo+0x1/0x2\n"));
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.out, Not(HasSubstr("\x1b")));
}

TEST_F(Cli, NotesOnRequest) {
  const std::string log = file("log", "[    1.000000] INFO: lockdep is turned off.\n");
  EXPECT_EQ(run(log).out, "");
  const Outcome outcome = run("--notes " + log);
  EXPECT_EQ(outcome.status, 0) << "a note is no report";
  EXPECT_THAT(outcome.out, HasSubstr("[lockdep-off]"));
}

TEST_F(Cli, ListsKinds) {
  const Outcome outcome = run("--kinds");
  EXPECT_EQ(outcome.status, 0);
  for (const char* kind : {"circular", "inconsistent-state", "sleeping-atomic", "scheduling-atomic", "wait-context",
                           "irq-safe-unsafe", "preemptible", "non-migratable", "reboot"}) {
    EXPECT_THAT(outcome.out, HasSubstr(std::string(kind) + " "));
  }
}

// `zlt splat --follow FILE` in a process of its own.
class Follower {
 public:
  Follower(const std::string& log, std::string out) : out_(std::move(out)), child_(fork()) {
    if (child_ != 0) return;
    const int fd = open(out_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(fd, STDOUT_FILENO);
    execl(ZLT_SPLAT_PROGRAM, "zlt-splat", "--follow", log.c_str(), nullptr);
    _exit(127);
  }
  ~Follower() {
    if (child_ <= 0) return;
    kill(child_, SIGTERM);
    waitpid(child_, nullptr, 0);
  }
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  // Whether it prints `what` within a minute.
  [[nodiscard]] bool prints(const std::string& what) const {
    for (int i = 0; i < 600; ++i) {
      if (std::filesystem::exists(out_) && read_whole(out_).find(what) != std::string::npos) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return false;
  }

 private:
  std::string out_;
  pid_t child_;
};

TEST_F(Cli, FollowsAFileThatGrows) {
  const std::string log = file("log", "[    1.000000] boot\n");
  const Follower follower(log, (folder_ / "out").string());
  std::ofstream(log, std::ios::app) << kLog;
  // The report is complete, and after a while without anything new it is handed out.
  EXPECT_TRUE(follower.prints("[sleeping-atomic]"));
}

TEST_F(Cli, FollowsAFileThatIsReplaced) {
  const std::string log = file("log", std::string(kLog));
  const Follower follower(log, (folder_ / "out").string());
  ASSERT_TRUE(follower.prints("[sleeping-atomic]"));
  std::filesystem::rename(log, folder_ / "log.1");
  file("log", "[    2.000000] Kernel panic - not syncing: replaced\n[    2.000000] Rebooting in 1 seconds..\n");
  ASSERT_TRUE(follower.prints("kernel panic: replaced"));
  file("log", "Kernel panic - not syncing: cut\nRebooting in 1 seconds..\n");  // shorter than what was read
  EXPECT_TRUE(follower.prints("kernel panic: cut"));
}

}  // namespace
}  // namespace zlt::splat
