// SPDX-License-Identifier: GPL-2.0-only
//
// A sandbox in which runs make and find snapshots.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "qemu/tests/sandbox.h"

namespace zlt::test {

// The guests of a run that finds no snapshot: one is booted and saved, one is restored to prove that, one runs the
// case.
inline const auto kFirst = testing::ElementsAre("start", "restore", "restore");

class Snapshots : public SandboxTest {
 protected:
  Snapshots() { box.script["cases"] = {{"a/case", fake_case({"clean"}, {"clean"})}}; }

  // How the guests of one run were started.
  std::vector<std::string> starts_of(const std::vector<std::string>& words) {
    const size_t before = box.starts().size();
    const Ran ran = box.run(words);
    EXPECT_EQ(ran.status, 0) << ran.output;
    const std::vector<std::string> all = box.starts();
    return {all.begin() + static_cast<long>(before), all.end()};
  }
  [[nodiscard]] std::filesystem::path only_snapshot() const {
    std::vector<std::filesystem::path> found;
    for (const std::filesystem::directory_entry& entry :
         std::filesystem::directory_iterator(box.cache() / "snapshots")) {
      found.push_back(entry.path());
    }
    EXPECT_EQ(found.size(), 1U);
    return found.empty() ? std::filesystem::path() : found.front();
  }
};

}  // namespace zlt::test
