// SPDX-License-Identifier: GPL-2.0-only
//
// What serial consoles, collectors and other messages do to a log changes neither its reports nor their titles: each
// disturbance on each log of the corpus.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "userspace/splat/line.h"
#include "userspace/splat/scanner.h"
#include "userspace/tests/splat_corpus.h"

namespace zlt::splat {
namespace {

using Lines = std::vector<std::string>;

Lines lines_of(std::string_view log) {
  Lines lines;
  while (!log.empty()) {
    const size_t end = std::min(log.find('\n'), log.size());
    lines.emplace_back(log.substr(0, end));
    log.remove_prefix(std::min(end + 1, log.size()));
  }
  return lines;
}

std::string join(const Lines& lines, std::string_view end = "\n") {
  std::string log;
  for (const auto& line : lines) log.append(line).append(end);
  return log;
}

// A line that the kernel's console printed, with nothing in front of its timestamp.
bool is_stamped(std::string_view line) {
  return stamp_length(line, true) > 0;
}

bool has_caller(std::string_view line) {
  const size_t stamp = stamp_length(line, true);
  return stamp > 0 && (line.substr(stamp).starts_with("[ ") || line.substr(stamp).starts_with("[T"));
}

// `change` on every line, or on every stamped one.
std::string each(std::string_view log, const std::function<std::string(const std::string&)>& change) {
  Lines lines = lines_of(log);
  for (auto& line : lines) line = change(line);
  return join(lines);
}

std::string each_stamped(std::string_view log, const std::function<std::string(const std::string&)>& change) {
  return each(log, [&](const std::string& line) { return is_stamped(line) ? change(line) : line; });
}

std::string carriage_returns(std::string_view log) {
  return join(lines_of(log), "\r\n");
}

std::string no_final_newline(std::string_view log) {
  while (log.ends_with('\n')) log.remove_suffix(1);
  return std::string(log);
}

std::string colours(std::string_view log) {
  return each(log, [](const std::string& line) {
    const size_t stamp = stamp_length(line, true);
    return "\x1b[32m" + line.substr(0, stamp) + "\x1b[0m" + line.substr(stamp) + "\x1b[m";
  });
}

std::string levels(std::string_view log) {
  return each_stamped(log, [](const std::string& line) { return "<4>" + line; });
}

std::string syslog(std::string_view log) {
  return each_stamped(log, [](const std::string& line) { return "Nov 21 07:00:01 host kernel: " + line; });
}

std::string iso_syslog(std::string_view log) {
  return each_stamped(
      log, [](const std::string& line) { return "2026-11-21T07:00:01.123456+00:00 host.example kernel: " + line; });
}

std::string dates(std::string_view log) {
  return each_stamped(log, [](const std::string& line) {
    return "[Sat Nov 21 07:00:01 2026]" + line.substr(stamp_length(line, true));
  });
}

std::string collector_clock(std::string_view log) {
  return each_stamped(log, [](const std::string& line) { return "2026-11-21 07:00:01.123 " + line; });
}

// /dev/kmsg, as netconsole's extended format sends it: the caller becomes a field.
std::string kmsg(std::string_view log) {
  int sequence = 0;
  return each_stamped(log, [&](const std::string& line) {
    std::string_view text = std::string_view(line).substr(stamp_length(line, true));
    std::string caller;
    if (has_caller(line)) {
      const size_t close = text.find(']');
      caller = text.substr(1, close - 1);
      caller = ",caller=" + caller.substr(caller.find_first_not_of(' '));
      text.remove_prefix(close + 1);
    }
    if (text.starts_with(' ')) text.remove_prefix(1);
    ++sequence;
    const std::string stamp = line.substr(1, line.find(']') - 1);
    const size_t digit = stamp.find_first_not_of(' ');
    const long long seconds = std::stoll(stamp.substr(digit));
    const long long time = seconds * 1000000 + std::stoll(stamp.substr(stamp.find('.') + 1, 6));
    return fmt::format("4,{},{},-{};{}", sequence, time, caller, text);
  });
}

std::string stray_bytes(std::string_view log) {
  return each_stamped(log, [](const std::string& line) { return std::string("\0\0\x07", 3) + line + "\x01"; });
}

std::string prompts(std::string_view log) {
  int number = 0;
  return each_stamped(log, [&](const std::string& line) {
    constexpr const char* kPrompts[] = {"", "host login: ", "", "root@host:~# ", "", "", "/ # "};
    return kPrompts[static_cast<size_t>(number++) % std::size(kPrompts)] + line;
  });
}

// Two messages on one line, as when a newline got lost.
std::string merged(std::string_view log) {
  std::string out;
  const Lines lines = lines_of(log);
  for (size_t i = 0; i < lines.size(); ++i) {
    out += lines[i];
    const bool both = i + 1 < lines.size() && is_stamped(lines[i]) && is_stamped(lines[i + 1]);
    if (!both || i % 7 != 3) out += '\n';
  }
  return out;
}

std::string user_space(std::string_view log) {
  return each_stamped(log, [](const std::string& line) { return line + "\nsystemd[1]: Started a service."; });
}

// Firmware and boot loader in front of the log.
std::string firmware(std::string_view log) {
  return "\x1b[2J\x1b[1;1HSeaBIOS (version 1.16.2-debian-1.16.2-1)\r\niPXE (https://ipxe.org) 00:03.0\r\n"
         "Booting from ROM..\x1b[H\r\n" +
         std::string(log);
}

std::string another_caller(std::string_view log) {
  return each(log, [](const std::string& line) {
    return has_caller(line) ? line + "\n[    9.000000][T99999] usb 1-1: new high-speed USB device" : line;
  });
}

// Both the early and the real console write to the same port.
std::string doubled(std::string_view log) {
  return each_stamped(log, [](const std::string& line) { return line + "\n" + line; });
}

// What a console prints when a message was cut by one of more importance: the mark stands behind what was printed.
std::string replayed(std::string_view log) {
  int number = 0;
  return each_stamped(log, [&](const std::string& line) {
    if (number++ % 5 != 2) return line;
    const size_t stamp = stamp_length(line, true);
    const size_t cut = stamp + (line.size() - stamp) / 2;
    return line.substr(0, cut) + "** replaying previous printk message **\n" + line;
  });
}

struct Disturbance {
  const char* name;
  std::string (*apply)(std::string_view log);
};

constexpr Disturbance kDisturbances[] = {
    {"CarriageReturns", carriage_returns},
    {"NoFinalNewline", no_final_newline},
    {"Colours", colours},
    {"Levels", levels},
    {"Syslog", syslog},
    {"IsoSyslog", iso_syslog},
    {"Dates", dates},
    {"CollectorClock", collector_clock},
    {"Kmsg", kmsg},
    {"StrayBytes", stray_bytes},
    {"Prompts", prompts},
    {"Merged", merged},
    {"UserSpace", user_space},
    {"Firmware", firmware},
    {"AnotherCaller", another_caller},
    {"Replayed", replayed},
    {"Doubled", doubled},
};

Lines found_in(std::string_view log) {
  Lines found;
  for (const Record& record : scan(log)) found.push_back(record.kind + ": " + record.title);
  return found;
}

class Disturbed : public testing::TestWithParam<Disturbance> {};

TEST_P(Disturbed, CorpusHasTheSameReports) {
  int changed = 0;
  for (const std::string& name : corpus_names()) {
    const std::string log = corpus_log(name);
    const std::string disturbed = GetParam().apply(log);
    changed += disturbed != log ? 1 : 0;
    EXPECT_EQ(found_in(disturbed), found_in(log)) << name;
  }
  EXPECT_GT(changed, 30) << "the disturbance does nothing";
}

INSTANTIATE_TEST_SUITE_P(By, Disturbed, testing::ValuesIn(kDisturbances),
                         [](const auto& disturbance) { return std::string(disturbance.param.name); });

}  // namespace
}  // namespace zlt::splat
