// SPDX-License-Identifier: GPL-2.0-only
//
// The command line of every program here, over CLI11: strict values, and for what is wrong one line that says what was
// probably meant. For programs that link CLI11; the library beside it does without.
#pragma once

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "userspace/base/nearest.h"
#include "userspace/base/result.h"
#include "userspace/base/version.h"

namespace zlt {

// For an option's transform(): a whole number, decimal, and nothing else. CLI11 alone takes 0x10, and 010 for 8.
[[nodiscard]] inline CLI::Validator whole_number(std::uint64_t least, std::uint64_t most) {
  return CLI::Validator(
      [least, most](std::string& text) -> std::string {
        std::uint64_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc() || end != text.data() + text.size() || value < least || value > most) {
          return quote(text) + " is no whole number from " + std::to_string(least) + " to " + std::to_string(most);
        }
        text = std::to_string(value);
        return {};
      },
      std::to_string(least) + " to " + std::to_string(most));
}

// The same with a fraction: 0.5, 2, 1e3.
[[nodiscard]] inline CLI::Validator number(double least, double most) {
  const auto word = [](double value) {
    std::ostringstream out;
    out << value;
    return out.str();
  };
  const std::string range = word(least) + " to " + word(most);
  return CLI::Validator(
      [least, most, range](std::string& text) -> std::string {
        double value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        const bool whole = error == std::errc() && end == text.data() + text.size();
        return whole && std::isfinite(value) && value >= least && value <= most
                   ? ""
                   : quote(text) + " is no number from " + range;
      },
      range);
}

// For an option's check().
[[nodiscard]] inline CLI::Validator not_empty() {
  return CLI::Validator(
      [](std::string& text) {
        return text.empty() ? std::string("is empty; leave it out, or say which") : std::string();
      },
      "");
}

// The same: one of these words.
[[nodiscard]] inline CLI::Validator one_of(const std::vector<std::string>& known) {
  return CLI::Validator(
      [known](std::string& text) {
        return std::find(known.begin(), known.end(), text) != known.end()
                   ? std::string()
                   : "unknown word " + quote(text) + "; known are " + joined(nearest_first(text, known));
      },
      joined(known, "|"));
}

namespace detail {

// "zlt kernel": how the part of the program that was asked for is called, and that part.
struct Asked {
  const CLI::App* app;
  std::string name;
};
[[nodiscard]] inline Asked asked_of(const CLI::App& app) {
  Asked out{&app, app.get_name()};
  while (!out.app->get_subcommands().empty()) {
    out.app = out.app->get_subcommands().back();
    out.name += " " + out.app->get_name();
  }
  return out;
}

[[nodiscard]] inline Error unknown_word(const Asked& asked, const std::string& word) {
  const std::string help = asked.name + " --help tells what there is";
  std::vector<std::string> known;
  if (word.starts_with("-")) {
    for (const CLI::App* each = asked.app; each != nullptr; each = each->get_parent()) {
      for (const CLI::Option* option : each->get_options()) {
        for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
      }
    }
    const std::string name = word.substr(0, word.find('='));
    return {"unknown option " + quote(name), "the nearest is " + nearest_first(name, known).front() + ", and " + help};
  }
  for (const CLI::App* each : asked.app->get_subcommands([](const CLI::App*) { return true; })) {
    known.push_back(each->get_name());
  }
  if (known.empty()) return {"unexpected word " + quote(word), help};
  return {"unknown subcommand " + quote(word), "known are " + joined(nearest_first(word, known))};
}

}  // namespace detail

// Takes the words. Nothing: go on. Else the exit status: help or the version was printed, or `complain` has said in one
// line what is wrong. The name of `app` is how people call it. Gives it --version.
template <typename Complain>
[[nodiscard]] std::optional<int> parse_command_line(CLI::App& app, int argc, char** argv, Complain complain) {
  app.set_version_flag("--version", app.get_name() + " " + version(), "print the version and exit");
  try {
    app.parse(argc, argv);
    return std::nullopt;
  } catch (const CLI::Success& wish) {
    std::ostringstream out;
    app.exit(wish, out, out);
    std::fputs(out.str().c_str(), stdout);
    return static_cast<int>(Exit::kExpected);
  } catch (const CLI::ParseError& problem) {
    const detail::Asked asked = detail::asked_of(app);
    const std::vector<std::string> unknown = app.remaining(/*recurse=*/true);
    complain(unknown.empty() ? Error{problem.what(), asked.name + " --help tells what there is"}
                             : detail::unknown_word(asked, unknown.front()));
    return static_cast<int>(Exit::kFailure);
  }
}

}  // namespace zlt
