// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/tests/splat_render.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "userspace/splat/line.h"
#include "userspace/splat/text.h"

namespace zlt::splat {
namespace {

using Messages = std::vector<Printed>;

std::string clock(int64_t time) {
  const int64_t seconds = time / 1000000;
  return fmt::format("{:02}:{:02}:{:02}", 8 + seconds / 3600 % 12, seconds / 60 % 60, seconds % 60);
}

std::string stamp(int64_t time) {
  return fmt::format("[{:5}.{:06}]", time / 1000000, time % 1000000);
}

// How a further line of a message is printed.
enum class Further { kLikeTheFirst, kIndented, kBare };

size_t columns(std::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80; }));
}

template <typename Head>
std::string with_heads(const Messages& messages, Head head, Further further = Further::kLikeTheFirst) {
  std::string log;
  for (size_t i = 0; i < messages.size(); ++i) {
    const std::string front = head(messages[i].time, i);
    if (!messages[i].further || further == Further::kLikeTheFirst) {
      log += front;
    } else if (further == Further::kIndented && !messages[i].text.empty()) {
      log += std::string(columns(front), ' ');
    }
    log += messages[i].text + "\n";
  }
  return log;
}

// Each line of `log` through `change`.
template <typename Change>
std::string each(std::string_view log, Change change) {
  std::string out;
  for (size_t i = 0; !log.empty(); ++i) {
    const size_t end = std::min(log.find('\n'), log.size());
    out += change(log.substr(0, end), i) + "\n";
    log.remove_prefix(std::min(end + 1, log.size()));
  }
  return out;
}

std::string plain(const Messages& messages) {
  return with_heads(messages, [](int64_t, size_t) { return std::string(); });
}

std::string in_front(const std::string& log, std::string_view mark) {
  return each(log, [&](std::string_view line, size_t) { return std::string(mark) + std::string(line); });
}

std::string without_trailing_blanks(const std::string& log) {
  return each(log, [](std::string_view line, size_t) {
    while (line.ends_with(' ')) line.remove_suffix(1);
    return std::string(line);
  });
}

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '"' ? "&quot;" : std::string(1, c);
  }
  return out;
}

std::string quoted_printable(const std::string& log) {
  return each(log, [](std::string_view line, size_t) {
    std::string out;
    size_t column = 0;
    for (size_t i = 0; i < line.size(); ++i) {
      const auto byte = static_cast<unsigned char>(line[i]);
      const bool last_blank = i + 1 == line.size() && (byte == ' ' || byte == '\t');
      const std::string code = byte == '=' || byte >= 0x7f || byte < 0x20 || last_blank ? fmt::format("={:02X}", byte)
                                                                                        : std::string(1, line[i]);
      if (column + code.size() > 75) {
        out += "=\n";
        column = 0;
      }
      out += code;
      column += code.size();
    }
    return out;
  });
}

std::string wrapped_at(const std::string& log, size_t width, std::string_view mark, bool flowed) {
  return each(log, [&](std::string_view line, size_t) {
    std::string out(mark);
    while (line.size() + mark.size() > width) {
      const size_t room = width - mark.size();
      size_t blank = line.rfind(' ', room);
      if (blank == std::string_view::npos || line.find_first_not_of(' ') >= blank) blank = line.find(' ', room);
      if (blank == std::string_view::npos || blank + 1 >= line.size()) break;
      out += std::string(line.substr(0, flowed ? blank + 1 : blank)) + "\n" + std::string(mark);
      line.remove_prefix(blank + 1);
    }
    return out + std::string(line);
  });
}

std::string typographic(const std::string& log) {
  return each(log, [](std::string_view line, size_t) {
    std::string out;
    for (size_t i = 0; i < line.size(); ++i) {
      if (line.substr(i).starts_with(" - ")) {
        out += " \xe2\x80\x94 ";
        i += 2;
      } else if (line[i] == '"') {
        out += "\xe2\x80\x9d";
      } else if (line[i] == ' ' && i > 0 && line[i - 1] == ' ') {
        out += "\xc2\xa0";
      } else {
        out += line[i];
      }
    }
    return out;
  });
}

#define ZLT_HEAD(...)                              \
  [](const Messages& m) {                          \
    return with_heads(m, [](int64_t t, size_t i) { \
      (void)t;                                     \
      (void)i;                                     \
      return __VA_ARGS__;                          \
    });                                            \
  }
#define ZLT_INDENTED(...)         \
  [](const Messages& m) {         \
    return with_heads(            \
        m,                        \
        [](int64_t t, size_t i) { \
          (void)t;                \
          (void)i;                \
          return __VA_ARGS__;     \
        },                        \
        Further::kIndented);      \
  }

const auto kForms = std::to_array<LogForm>({
    {"Serial", serial},
    {"SerialWithLevels", ZLT_HEAD(fmt::format("<4>{} ", stamp(t)))},
    {"SerialWithCpus", ZLT_HEAD(fmt::format("[{:5}.{:06}@{}] ", t / 1000000, t % 1000000, i % 4))},
    {"Dmesg", ZLT_INDENTED(stamp(t) + " ")},
    {"DmesgCopiedWithoutTrailingBlanks",
     [](const Messages& m) {
       return without_trailing_blanks(
           with_heads(m, [](int64_t t, size_t) { return stamp(t) + " "; }, Further::kIndented));
     }},
    {"DmesgOfBusybox",
     [](const Messages& m) { return with_heads(m, [](int64_t t, size_t) { return stamp(t) + " "; }, Further::kBare); }},
    {"DmesgWithoutStamps", plain, false},
    {"DmesgInWords", ZLT_INDENTED(fmt::format("kern  :warn  : {} ", stamp(t)))},
    {"DmesgWithDates", ZLT_INDENTED(fmt::format("[Wed Jan 10 {} 2024] ", clock(t))), false},
    {"DmesgWithDatesInGerman", ZLT_INDENTED(fmt::format("[Mi M\xc3\xa4r 10 {} 2024] ", clock(t))), false},
    {"DmesgWithDatesInChinese", ZLT_INDENTED(fmt::format("[\xe4\xb8\x89 1\xe6\x9c\x88 10 {} 2024] ", clock(t))), false},
    {"DmesgForPeople", ZLT_INDENTED(i % 40 == 0 ? fmt::format("[Jan10 {}] ", clock(t).substr(0, 5))
                                                : fmt::format("[  +0.{:06}] ", i % 1000)), false},
    {"DmesgWithDeltas", ZLT_INDENTED(fmt::format("[{:5}.{:06} <    0.{:06}>] ", t / 1000000, t % 1000000, i % 1000))},
    {"DmesgIso", ZLT_INDENTED(fmt::format("2024-01-10T{},{:06}+01:00 ", clock(t), t % 1000000)), false},
    {"DmesgWithCallers", ZLT_INDENTED(fmt::format("{} [   T77] ", stamp(t)))},
    {"JournalShort", ZLT_INDENTED(fmt::format("Jan 10 {} box kernel: ", clock(t))), false},
    {"JournalShortInRussian", ZLT_INDENTED(fmt::format("\xd1\x8f\xd0\xbd\xd0\xb2 10 {} box kernel: ", clock(t))), false},
    {"JournalShortInFrench", ZLT_INDENTED(fmt::format("f\xc3\xa9vr. 10 {} box kernel: ", clock(t))), false},
    {"JournalWithoutHost", ZLT_INDENTED(fmt::format("Jan 10 {} kernel: ", clock(t))), false},
    {"JournalPrecise", ZLT_INDENTED(fmt::format("Jan 10 {}.{:06} box kernel: ", clock(t), t % 1000000)), false},
    {"JournalIso", ZLT_INDENTED(fmt::format("2024-01-10T{}+0100 box kernel: ", clock(t))), false},
    {"JournalIsoPrecise", ZLT_INDENTED(fmt::format("2024-01-10T{}.{:06}+01:00 box.example kernel: ", clock(t), t % 1000000)),
     false},
    {"JournalFull", ZLT_INDENTED(fmt::format("Wed 2024-01-10 {} CET box kernel: ", clock(t))), false},
    {"JournalFullInGerman", ZLT_INDENTED(fmt::format("Mi 2024-01-10 {} CET box kernel: ", clock(t))), false},
    {"JournalMonotonic", ZLT_INDENTED(stamp(t) + " box kernel: ")},
    {"JournalMonotonicWithoutHost", ZLT_INDENTED(stamp(t) + " kernel: ")},
    {"JournalUnix", ZLT_INDENTED(fmt::format("1704892083.{:06} box kernel: ", t % 1000000)), false},
    {"JournalDelta", ZLT_INDENTED(fmt::format("[{:5}.{:06} <    0.{:06} >] box kernel: ", t / 1000000, t % 1000000, i % 1000))},
    {"KernLog", ZLT_HEAD(fmt::format("Jan 10 {} box kernel: {} ", clock(t), stamp(t)))},
    {"Rfc5424", ZLT_HEAD(fmt::format("<4>1 2024-01-10T{}.{:06}+01:00 box kernel - - - ", clock(t), t % 1000000)), false},
    {"Kmsg", ZLT_HEAD(fmt::format("4,{},{},-;", i, t))},
    {"NetconsoleCollected", ZLT_HEAD(fmt::format("Jan 10 {} box 4,{},{},-;", clock(t), i, t))},
    {"Samsung", ZLT_HEAD(fmt::format("<4>{}  [{}:  {:>15}:{:5}] ", stamp(t), i % 4, i % 3 == 0 ? "swapper/1" : "loader", i % 99))},
    {"SamsungWithLetters", ZLT_HEAD(fmt::format("{} I[{}:  {:>15}:{:5}] ", stamp(t), i % 4, "loader", i % 99))},
    {"Mediatek", ZLT_HEAD(fmt::format("<4>{}-({})[{}:loader]", stamp(t), i % 4, i % 99))},
    {"LogcatBrief", ZLT_HEAD(fmt::format("W/kernel  ({:5}): ", 0)), false},
    {"LogcatThreadtime", ZLT_HEAD(fmt::format("01-10 {}.{:03} {:5} {:5} {} kernel  : ", clock(t), i % 1000, 0, i % 9, i % 2 == 0 ? 'W' : 'E')),
     false},
    {"LogcatLong", ZLT_HEAD(fmt::format("[ 01-10 {}.{:03} {:5}:{:5} W/kernel   ]\n", clock(t), i % 1000, 0, 0)), false},
    {"Docker", ZLT_HEAD(fmt::format("2024-01-10T{}.{:09}Z ", clock(t), t % 1000000)), false},
    {"DockerStamped", ZLT_HEAD(fmt::format("2024-01-10T{}.{:09}Z {} ", clock(t), t % 1000000, stamp(t)))},
    {"Compose", ZLT_HEAD(std::string("qemu-1  | ")), false},
    {"ComposeStamped", ZLT_INDENTED("qemu-1  | " + stamp(t) + " ")},
    {"KubernetesPrefix", ZLT_HEAD(std::string("[pod/qemu-7d9f/console] ")), false},
    {"KubernetesFile", ZLT_HEAD(fmt::format("2024-01-10T{}.{:09}Z stderr F ", clock(t), t % 1000000)), false},
    {"GithubActions", ZLT_HEAD(fmt::format("2024-01-10T{}.{:07}Z ", clock(t), t % 1000000)), false},
    {"GithubActionsOfGh", ZLT_HEAD(fmt::format("boot\tRun guest\t2024-01-10T{}.{:07}Z ", clock(t), t % 1000000)), false},
    {"Gitlab", ZLT_HEAD(fmt::format("2024-01-10T{}.{:06}Z 01O ", clock(t), t % 1000000)), false},
    {"Jenkins", ZLT_HEAD(fmt::format("[2024-01-10T{}.{:03}Z] ", clock(t), t % 1000)), false},
    {"JenkinsWithoutDate", ZLT_HEAD(fmt::format("{}  ", clock(t))), false},
    {"Teamcity", ZLT_HEAD(fmt::format("[{}]W:\t [Step 1/2] ", clock(t))), false},
    {"Zuul", ZLT_HEAD(fmt::format("2024-01-10 {}.{:06} | node | ", clock(t), t % 1000000)), false},
    {"Lava", ZLT_HEAD(fmt::format("2024-01-10T{}.{:06}  {} ", clock(t), t % 1000000, stamp(t)))},
    {"AnythingElse", ZLT_HEAD(fmt::format("{{rig 7}} <{}> #{} :: ", clock(t), i)), false},
    {"Quoted", [](const Messages& m) { return in_front(serial(m), "> "); }},
    {"QuotedTwice", [](const Messages& m) { return in_front(serial(m), ">> "); }},
    {"QuotedTwiceApart", [](const Messages& m) { return in_front(plain(m), "> > "); }, false},
    {"QuotedPlain", [](const Messages& m) { return in_front(plain(m), "> "); }, false},
    {"QuotedTwicePlain", [](const Messages& m) { return in_front(plain(m), ">> "); }, false},
    {"QuotedWithoutTrailingBlanks", [](const Messages& m) { return without_trailing_blanks(in_front(serial(m), "> ")); }},
    {"QuotedWithABar", [](const Messages& m) { return in_front(plain(m), "| "); }, false},
    {"QuotedWithBoth", [](const Messages& m) { return in_front(serial(m), "> | "); }},
    {"Indented", [](const Messages& m) { return in_front(serial(m), "    "); }},
    {"IndentedPlain", [](const Messages& m) { return in_front(plain(m), "    "); }, false},
    {"IndentedByATab", [](const Messages& m) { return in_front(plain(m), "\t"); }, false},
    {"Html", [](const Messages& m) { return "<html><body><pre>" + escape_html(serial(m)) + "</pre></body></html>\n"; }},
    {"HtmlPlain", [](const Messages& m) { return "<pre><code>" + escape_html(plain(m)) + "</code></pre>\n"; }, false},
    {"HtmlOfRows",
     [](const Messages& m) {
       return each(serial(m), [](std::string_view line, size_t) { return "<tr><td>" + escape_html(line) + "</td></tr>"; });
     }},
    {"HtmlWithBreaks",
     [](const Messages& m) {
       return each(serial(m), [](std::string_view line, size_t) { return escape_html(line) + "<br/>"; });
     }},
    {"TagInFront", [](const Messages& m) { return "<pre><code>" + serial(m) + "</code></pre>\n"; }},
    // A banner that is cut has another text.
    {"QuotedPrintable", [](const Messages& m) { return quoted_printable(serial(m)); }, false},
    {"QuotedPrintablePlain", [](const Messages& m) { return quoted_printable(plain(m)); }, false},
    {"QuotedPrintableDmesg",
     [](const Messages& m) {
       return quoted_printable(with_heads(m, [](int64_t t, size_t) { return stamp(t) + " "; }, Further::kIndented));
     },
     false},
    {"Typographic", [](const Messages& m) { return typographic(serial(m)); }},
    {"CarriageReturns", [](const Messages& m) { return each(serial(m), [](std::string_view l, size_t) { return std::string(l) + "\r"; }); }},
    {"ColoursOfC1",
     [](const Messages& m) {
       return each(serial(m), [](std::string_view l, size_t) { return "\xc2\x9b" "32m" + std::string(l) + "\x9b" "0m\x1b]0;t\x07"; });
     }},
});

const auto kWrappedForms = std::to_array<LogForm>({
    {"WrappedAt72", [](const Messages& m) { return wrapped_at(serial(m), 72, "", false); }},
    {"WrappedAt76", [](const Messages& m) { return wrapped_at(serial(m), 76, "", false); }},
    {"WrappedAt80", [](const Messages& m) { return wrapped_at(serial(m), 80, "", false); }},
    {"Flowed", [](const Messages& m) { return wrapped_at(serial(m), 72, "", true); }},
    {"QuotedAndWrapped", [](const Messages& m) { return wrapped_at(serial(m), 76, "> ", false); }},
});

}  // namespace

std::vector<Printed> messages_of(std::string_view log) {
  Messages all;
  std::vector<bool> printed;  // by the kernel
  LineSplitter splitter;
  int64_t last = 1000000;
  Source source_in_front;
  int further_lines = 0;
  while (!log.empty()) {
    const std::string_view line = log.substr(0, log.find('\n'));
    log.remove_prefix(std::min(line.size() + 1, log.size()));
    splitter.reset(line);
    std::string_view text;
    Source source;
    size_t at = 0;
    while (splitter.next(text, source, at)) {
      std::string_view stamp = splitter.prefix();
      stamp.remove_prefix(std::min(stamp.find('['), stamp.size()));
      int64_t time = last + (source.origin == Origin::kPlain ? 0 : 100);
      if (stamp_length(stamp, true) > 0) {
        stamp.remove_prefix(std::min(stamp.find_first_not_of("[ "), stamp.size()));
        time = to_number(stamp) * 1000000 + to_number(stamp.substr(stamp.find('.') + 1));
      }
      // The newline that a message begins with makes an empty line in front of it; rules are messages of their own.
      const bool rule = text.starts_with("====") || text.starts_with("----");
      further_lines = rule ? 0 : further_lines + 1;
      const bool further = !all.empty() && all.back().time == time && source == source_in_front &&
                           source.origin != Origin::kPlain && !rule && further_lines < 4 &&
                           (all.back().text.empty() || all.back().further);
      if (!further) further_lines = 0;
      source_in_front = source;
      last = time;
      all.push_back({time, std::string(text), further});
      printed.push_back(source.origin != Origin::kPlain);
    }
  }
  if (std::find(printed.begin(), printed.end(), true) == printed.end()) {
    for (size_t i = 0; i < all.size(); ++i) all[i].time += static_cast<int64_t>(i) * 100;
    return all;
  }
  Messages messages;
  for (size_t i = 0; i < all.size(); ++i) {
    if (printed[i]) messages.push_back(std::move(all[i]));
  }
  return messages;
}

std::string serial(const Messages& messages) {
  return with_heads(messages, [](int64_t t, size_t) { return stamp(t) + " "; });
}

std::span<const LogForm> log_forms() {
  return kForms;
}

std::span<const LogForm> wrapped_forms() {
  return kWrappedForms;
}

}  // namespace zlt::splat
