// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/bench/bench_runs.h"

#include <fmt/format.h>

#include <algorithm>

#include "qemu/zlt/io/output_of.h"
#include "userspace/base/files.h"
#include "userspace/base/nearest.h"
#include "userspace/base/temp_folder.h"

namespace zlt::run {
namespace fs = std::filesystem;
namespace {

constexpr auto kLongestRun = std::chrono::hours(1);

}  // namespace

std::vector<Json> TimedRun::cases(const std::string& flavour) const {
  std::vector<Json> out;
  for (const Json& record : member(results, "cases")) {
    if (flavour.empty() || get_string(record, "flavour") == flavour) {
      out.push_back(record);
    }
  }
  return out;
}

std::vector<double> TimedRun::case_walls(const std::string& flavour) const {
  std::vector<double> out;
  for (const Json& record : cases(flavour)) {
    const Json& wall = member(record, "wall_s");
    out.push_back(wall.is_number() ? wall.get<double>() : 0);
  }
  return out;
}

std::vector<std::string> TimedRun::verdicts() const {
  std::vector<std::string> out;
  for (const Json& record : cases()) {
    out.push_back(fmt::format("{} {}: {}", get_string(record, "flavour"), get_string(record, "case"),
                              joined(get_strings(record, "observed"), ",")));
  }
  std::sort(out.begin(), out.end());
  return out;
}

Result<TimedRun> timed_run(const std::vector<std::string>& words) {
  std::error_code error;
  const fs::path zlt = fs::read_symlink("/proc/self/exe", error).parent_path() / "zlt";
  const Result<TempFolder> folder = TempFolder::create();
  if (!folder) {
    return tl::unexpected(folder.error());
  }
  std::vector<std::string> argv = {zlt.string(), "run", "--results", folder->path().string()};
  argv.insert(argv.end(), words.begin(), words.end());
  const TimePoint begin = Clock::now();
  const Result<std::string> output = output_of(argv, kLongestRun);
  TimedRun out;
  out.wall_s = seconds(Clock::now() - begin);
  const Result<std::string> text = read_file(folder->path() / "latest" / "results.json");
  out.results = Json::parse(text ? *text : "", nullptr, false);
  if (get_number(member(out.results, "summary"), "cases") == 0) {
    return failure("zlt run " + joined(words, " ") + " gave no results",
                   output ? last_line(*output) : output.error().what);
  }
  return out;
}

}  // namespace zlt::run
