// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/cli/splat_cli.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <set>

#include "userspace/base/program.h"
#include "userspace/splat/cli/log_input.h"
#include "userspace/splat/cli/log_window.h"
#include "userspace/splat/cli/options.h"
#include "userspace/splat/cli/symbols.h"
#include "userspace/splat/cli/text_output.h"
#include "userspace/splat/json.h"
#include "userspace/splat/kinds.h"
#include "userspace/splat/scanner.h"

namespace zlt::splat {
namespace {

constexpr size_t kMaxSeen = 20000;

class Command {
 public:
  explicit Command(const Options& options)
      : options_(options),
        color_(options_.color == "always" || (options_.color == "auto" && isatty(STDOUT_FILENO) != 0)) {}

  int run() {
    for (const auto& path : options_.symbols) {
      if (const Status added = symbols_.add(path); !added) return fail(added.error());
    }
    for (const auto& file : options_.files) {
      if (const Status read = scan_file(file); !read) {
        fail(read.error());
        failed_ = true;
      }
      if (enough()) break;
    }
    if (options_.dedup && !options_.json) summarise();
    return failed_ ? 2 : (found_ ? 1 : 0);
  }

 private:
  struct Seen {
    std::string title;
    uint64_t times = 1;
  };

  static int fail(const Error& error) {
    std::fputs(("zlt splat: " + printable(error.line()) + "\n").c_str(), stderr);
    return 2;
  }

  [[nodiscard]] bool enough() const { return (options_.first && found_) || output_error() != 0; }

  Status scan_file(const std::string& name) {
    const auto restart = [&] {
      window_ = {};
      scanner_ = std::make_unique<Scanner>([this, &name](Record&& record) { take(std::move(record), name); });
    };
    restart();
    const InputEvents events{
        [&](std::string_view piece) {
          if (options_.context) window_.append(piece);
          scanner_->feed(piece);
          return !enough();
        },
        [&] { scanner_->settle(); },
        [&] {
          scanner_->finish();
          restart();
        },
    };
    Status status = read_log(name, options_.follow, events);
    if (!enough()) scanner_->finish();
    return status;
  }

  [[nodiscard]] bool wanted(const Record& record) const {
    if (record.note && !options_.notes) return false;
    if (options_.kinds.empty()) return true;
    const auto is = [&](const std::string& name) { return name == record.kind || name == record.family; };
    return std::any_of(options_.kinds.begin(), options_.kinds.end(), is);
  }

  void take(Record&& record, const std::string& name) {
    if (enough() || !wanted(record)) return;
    found_ = found_ || !record.note;
    if (options_.dedup && was_seen(record)) return;
    if (!options_.symbols.empty()) symbols_.resolve(record);
    const std::string shown = name == "-" ? "stdin" : name;
    std::string out;
    if (options_.json) {
      JsonExtras extras;
      extras.file = shown;
      extras.explain = options_.explain;
      if (options_.context) extras.lines = window_.lines(record.begin, record.end, *options_.context);
      out = to_json_line(record, extras) + "\n";
    } else {
      out = to_text(record, printable(shown), color_);
      if (options_.explain) out += explanation(record);
      if (options_.context) out += printable(window_.lines(record.begin, record.end, *options_.context)) + "\n";
    }
    std::fwrite(out.data(), 1, out.size(), stdout);
    if (options_.follow) std::fflush(stdout);
  }

  // Beyond kMaxSeen bugs new ones are no longer remembered, and so shown each time.
  bool was_seen(const Record& record) {
    if (const auto known = seen_.find(record.fingerprint); known != seen_.end()) {
      ++known->second.times;
      return true;
    }
    if (seen_.size() < kMaxSeen) seen_.emplace(record.fingerprint, Seen{record.title, 1});
    return false;
  }

  void summarise() const {
    for (const auto& [fingerprint, seen] : seen_) {
      if (seen.times > 1) fmt::print("{} times {} ({})\n", seen.times, printable(seen.title), fingerprint);
    }
  }

  Options options_;
  bool color_;
  bool found_ = false;
  bool failed_ = false;
  Symbols symbols_;
  LogWindow window_;
  std::unique_ptr<Scanner> scanner_;
  std::map<std::string, Seen> seen_;
};

void list_kinds() {
  std::set<std::string> shown;
  for (const auto& family : all_kinds()) {
    for (const Kind& kind : family) {
      if (shown.emplace(kind.slug).second) fmt::print("{:<24}{}\n", kind.slug, kind.family);
    }
  }
  fmt::print("{:<24}{}\n", "reboot", "reboot");
}

}  // namespace

int splat_main(int argc, char** argv) {
  const Parsed parsed = parse_options(argc, argv);
  if (parsed.status) return *parsed.status;
  if (parsed.options.list_kinds) {
    list_kinds();
    return 0;
  }
  return Command(parsed.options).run();
}

}  // namespace zlt::splat
