// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/formats.h"

#include "module/abi/debugfs.h"
#include "userspace/zltctl/text.h"

namespace zlt::ctl {
namespace {

std::string in_line(size_t number, std::string_view why) {
  return "line " + std::to_string(number) + " " + std::string(why);
}

// Takes fields one after the other and keeps the first failure.
class Reader {
 public:
  explicit Reader(const Fields& fields) : fields_(fields) {}
  void text(const char* key, std::string& out) { take(fields_.text(key), out); }
  void number(const char* key, uint64_t& out) { take(fields_.number(key), out); }
  void flag(const char* key, bool& out) { take(fields_.flag(key), out); }
  void outcomes(const char* key, protocol::Outcomes& out) {
    std::string names;
    text(key, names);
    if (!status_) return;
    if (auto parsed = protocol::parse_outcomes(names)) {
      out = std::move(*parsed);
    } else {
      status_ = malformed(abi::kFileResult, std::string(key) + "='" + names + "' is no list of outcomes");
    }
  }
  void numbers(const char* prefix, protocol::Numbers& out) {
    fields_.each(prefix, [&](std::string_view key, std::string_view value) {
      const std::optional<uint64_t> parsed = to_number(value);
      if (parsed) {
        out[std::string(key)] = *parsed;
      } else if (status_) {
        status_ = malformed(abi::kFileResult, std::string(prefix) + std::string(key) + " is not a number");
      }
    });
  }
  [[nodiscard]] const Status& status() const { return status_; }

 private:
  template <typename T>
  void take(Result<T> value, T& out) {
    if (!status_) return;
    if (value) {
      out = std::move(*value);
    } else {
      status_ = tl::unexpected(value.error());
    }
  }

  const Fields& fields_;
  Status status_;
};

KernelFacts kernel_facts(const Fields& fields) {
  KernelFacts out;
  fields.each(abi::kKernelPrefix, [&out](std::string_view key, std::string_view value) {
    if (key == "release") {
      out.release = value;
    } else {
      out.flags[std::string(key)] = value == "1";
    }
  });
  return out;
}

}  // namespace

Result<std::vector<Case>> parse_cases(std::string_view text) {
  std::vector<Case> out;
  const std::vector<std::string_view> lines = lines_of(text);
  for (size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].empty() || lines[i].front() == '#') continue;
    const std::vector<std::string_view> fields = split(lines[i], '\t');
    if (fields.size() != 5) return malformed(abi::kFileCases, in_line(i + 1, "does not have 5 fields"));
    auto expected = protocol::parse_outcomes(std::string(fields[3]));
    if (fields[0].empty() || fields[1].empty() || !expected) {
      return malformed(abi::kFileCases, in_line(i + 1, "has an empty field"));
    }
    out.push_back(Case{std::string(fields[0]), std::string(fields[1]), std::string(fields[2]), std::move(*expected),
                       std::string(fields[4])});
  }
  if (out.empty()) return malformed(abi::kFileCases, "it has no case");
  return out;
}

Result<RunStatus> parse_status(std::string_view text) {
  const Result<Fields> fields = Fields::parse(abi::kFileStatus, text);
  if (!fields) return tl::unexpected(fields.error());
  RunStatus out;
  Reader reader(*fields);
  reader.text("state", out.state);
  reader.text("case", out.name);
  reader.text("form", out.form);
  reader.number("turn", out.turn);
  reader.number("steps", out.steps);
  reader.number("loops", out.loops);
  reader.number("runs", out.runs);
  if (!reader.status()) return tl::unexpected(reader.status().error());
  if (out.state != abi::kStateIdle && out.state != abi::kStateRunning && out.state != abi::kStateStopping) {
    return malformed(abi::kFileStatus, "unknown state '" + out.state + "'");
  }
  return out;
}

Result<ResultFile> parse_result(std::string_view text) {
  const Result<Fields> fields = Fields::parse(abi::kFileResult, text);
  if (!fields) return tl::unexpected(fields.error());
  ResultFile out;
  Reader reader(*fields);
  reader.number("runs", out.runs);
  out.kernel = kernel_facts(*fields);
  if (reader.status() && out.runs > 0) {
    RunResult& last = out.last.emplace();
    last.kernel = out.kernel;
    reader.text("case", last.name);
    reader.text("form", last.form);
    reader.outcomes("verdict", last.verdict);
    reader.outcomes("expected", last.expected);
    reader.flag("ok", last.ok);
    reader.flag("stopped", last.stopped);
    reader.text("reason", last.reason);
    reader.number("seed", last.seed);
    reader.text("plan", last.plan);
    reader.number("run_ns", last.run_ns);
    reader.numbers(abi::kCounterPrefix, last.counters);
    reader.numbers(abi::kFactPrefix, last.facts);
    reader.numbers(abi::kParamPrefix, last.params);
  }
  if (!reader.status()) return tl::unexpected(reader.status().error());
  return out;
}

Result<std::vector<Bucket>> parse_histogram(std::string_view text) {
  std::vector<Bucket> out;
  const std::vector<std::string_view> lines = lines_of(text);
  for (size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].empty() || lines[i].front() == '#') continue;
    const std::vector<std::string_view> fields = split(lines[i], ' ');
    if (fields.size() != 4) return malformed(abi::kFileHistogram, in_line(i + 1, "does not have 4 fields"));
    const auto from = to_number(fields[1]);
    const auto to = to_number(fields[2]);
    const auto count = to_number(fields[3]);
    if (fields[0].empty() || !from || !to || !count) {
      return malformed(abi::kFileHistogram, in_line(i + 1, "is not a name and three numbers"));
    }
    out.push_back(Bucket{std::string(fields[0]), *from, *to, *count});
  }
  return out;
}

}  // namespace zlt::ctl
