// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/watch.h"

#include <cerrno>

#include "module/abi/debugfs.h"
#include "module/abi/watch.h"
#include "userspace/zltctl/explain.h"
#include "userspace/zltctl/text.h"

namespace zlt::ctl {
namespace {

struct TextMember {
  const char* key;
  std::string WatchReport::*member;
};
struct NumberMember {
  const char* key;
  uint64_t WatchReport::*member;
};

constexpr TextMember kTexts[] = {{"state", &WatchReport::state},      {"reason", &WatchReport::reason},
                                 {"lock", &WatchReport::lock},        {"deferral", &WatchReport::deferral},
                                 {"bounds", &WatchReport::bounds},    {"probes", &WatchReport::probes},
                                 {"ordering", &WatchReport::ordering}};
constexpr NumberMember kNumbers[] = {
    {"rebuilds", &WatchReport::rebuilds},       {"incomplete", &WatchReport::incomplete},
    {"missed_hits", &WatchReport::missed_hits}, {"odd_ns.min", &WatchReport::odd_ns_min},
    {"odd_ns.max", &WatchReport::odd_ns_max},   {"odd_ns.total", &WatchReport::odd_ns_total}};

Result<WatchedRebuild> parse_rebuild(std::string_view number, std::string_view words) {
  WatchedRebuild out;
  const std::optional<uint64_t> parsed = to_number(number);
  if (!parsed) return malformed(abi::kFileWatch, "rebuild." + std::string(number) + " has no number");
  out.number = *parsed;
  for (const std::string_view word : split(words, ' ')) {
    const size_t equals = word.find('=');
    if (equals == 0 || equals == std::string_view::npos) {
      return malformed(abi::kFileWatch, "'" + std::string(word) + "' is not key=value");
    }
    out.facts[std::string(word.substr(0, equals))] = word.substr(equals + 1);
  }
  return out;
}

}  // namespace

Result<WatchReport> parse_watch(std::string_view text) {
  const Result<Fields> fields = Fields::parse(abi::kFileWatch, text);
  if (!fields) return tl::unexpected(fields.error());
  WatchReport out;
  for (const TextMember& each : kTexts) {
    Result<std::string> value = fields->text(each.key);
    if (!value) return tl::unexpected(value.error());
    out.*each.member = std::move(*value);
  }
  for (const NumberMember& each : kNumbers) {
    const Result<uint64_t> value = fields->number(each.key);
    if (!value) return tl::unexpected(value.error());
    out.*each.member = *value;
  }
  Status status;
  fields->each(abi::kRebuildsPrefix, [&](std::string_view key, std::string_view value) {
    const std::optional<uint64_t> count = to_number(value);
    if (!count) {
      status = malformed(abi::kFileWatch, "rebuilds." + std::string(key) + " is not a number");
    } else {
      out.by_ordering[std::string(key)] = *count;
    }
  });
  fields->each(abi::kRebuildPrefix, [&](std::string_view key, std::string_view value) {
    Result<WatchedRebuild> rebuild = parse_rebuild(key, value);
    if (rebuild) {
      out.last.push_back(std::move(*rebuild));
    } else {
      status = tl::unexpected(rebuild.error());
    }
  });
  if (!status) return tl::unexpected(status.error());
  return out;
}

Result<WatchReport> read_watch(const Environment& environment, Module& module) {
  const Sys<std::string> text = module.read(File::kWatch);
  if (!text) return tl::unexpected(explain_access(environment, File::kWatch, text.error()));
  return parse_watch(*text);
}

Error explain_watch(const Environment& environment, Module& module, int error) {
  const Result<WatchReport> report = read_watch(environment, module);
  if (report && report->state == abi::kWatchUnsupported) {
    return {"this kernel cannot be watched: " + report->reason, "boot one with CONFIG_KPROBES=y and kallsyms"};
  }
  return explain_access(environment, File::kWatch, error);
}

}  // namespace zlt::ctl
