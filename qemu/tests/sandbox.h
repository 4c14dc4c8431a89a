// SPDX-License-Identifier: GPL-2.0-only
//
// A place of its own for one run of zlt: cache, data, results and temporary files, with the fake QEMU and one or two
// fake flavours. What zlt leaves behind can be seen.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "qemu/zlt/io/child.h"
#include "qemu/zlt/io/json_get.h"

namespace zlt::test {

struct Ran {
  int status = -1;     // exit status; 128 + signal
  std::string output;  // stdout and stderr
};

class Sandbox {
 public:
  Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;
  ~Sandbox();

  // What the fake does; see fake/script.h.
  run::Json script;
  // More words for the environment of zlt, "NAME=value".
  std::vector<std::string> environment;

  // Runs `zlt WORDS…`; `zlt run` gets --qemu, --data, --results, --flavour fake and --accel tcg unless told otherwise.
  [[nodiscard]] Ran zlt(const std::vector<std::string>& words);
  [[nodiscard]] Ran run(const std::vector<std::string>& words);
  // Starts `zlt run` and leaves it running, its output in output_file().
  [[nodiscard]] run::Child start(const std::vector<std::string>& words);
  [[nodiscard]] std::filesystem::path output_file() const { return root_ / "output"; }

  void add_flavour(const std::string& name, const std::string& more = "");
  // A script of the data's, for the shell.
  void add_script(const std::string& name, const std::string& text);

  [[nodiscard]] const std::filesystem::path& root() const { return root_; }
  [[nodiscard]] std::filesystem::path data() const { return root_ / "data"; }
  [[nodiscard]] std::filesystem::path cache() const { return root_ / "cache" / "zltorture"; }
  [[nodiscard]] std::filesystem::path results() const { return root_ / "results"; }
  [[nodiscard]] run::Json latest() const;
  // The one record of results.json with that case.
  [[nodiscard]] run::Json record(const std::string& name, const std::string& flavour = "fake") const;
  // "start", "restore": what guests were started how, in order.
  [[nodiscard]] std::vector<std::string> starts() const;
  // Everything that should not be there: processes, temporary files, unfinished folders.
  [[nodiscard]] std::vector<std::string> left_behind() const;

 private:
  [[nodiscard]] std::vector<std::string> command(const std::vector<std::string>& words) const;
  [[nodiscard]] std::filesystem::path log() const { return root_ / "starts"; }
  void write_script();

  std::filesystem::path root_;
};

// A test that has a sandbox, and in which zlt leaves nothing behind.
class SandboxTest : public testing::Test {
 protected:
  void TearDown() override;

  Sandbox box;
};

// A case for `script["cases"]`.
[[nodiscard]] run::Json fake_case(const std::vector<std::string>& expected, const std::vector<std::string>& verdict,
                                  const std::string& then = "result");

}  // namespace zlt::test
