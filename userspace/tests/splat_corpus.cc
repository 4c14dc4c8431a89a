// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/tests/splat_corpus.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "userspace/splat/json.h"
#include "userspace/splat/scanner.h"

namespace zlt::splat {
namespace {

using Json = nlohmann::ordered_json;

bool is_leaf(const Json& json) {
  for (const auto& member : json) {
    if (member.is_structured()) return false;
  }
  return true;
}

// Pretty, but what holds only plain values stands on one line: a frame, a lock without a place.
void print(const Json& json, const std::string& indent, std::string& out) {
  constexpr auto kReplace = Json::error_handler_t::replace;
  if (!json.is_structured() || is_leaf(json)) {
    out += json.dump(-1, ' ', false, kReplace);
    return;
  }
  out += json.is_object() ? "{\n" : "[\n";
  const std::string inner = indent + " ";
  bool first = true;
  for (const auto& item : json.items()) {
    if (!first) out += ",\n";
    first = false;
    out += inner;
    if (json.is_object()) out += Json(item.key()).dump() + ": ";
    print(item.value(), inner, out);
  }
  out += "\n" + indent + (json.is_object() ? "}" : "]");
}

}  // namespace

const std::string& corpus_folder() {
  static const std::string folder = ZLT_SPLAT_DATA;
  return folder;
}

std::vector<std::string> corpus_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(corpus_folder())) {
    if (entry.path().extension() == ".log") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string read_whole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string corpus_log(const std::string& name) {
  return read_whole(corpus_folder() + "/" + name + ".log");
}

std::map<std::string, Expected> corpus_expected() {
  std::map<std::string, Expected> expected;
  std::istringstream lines(read_whole(corpus_folder() + "/EXPECTED"));
  std::string line;
  Expected* current = nullptr;
  while (std::getline(lines, line)) {
    if (line.empty() || line[0] == '#') continue;
    if (line[0] != ' ') {
      current = &expected[line];
      continue;
    }
    // "  KIND<blanks>TITLE"
    const size_t kind = line.find_first_not_of(' ');
    const size_t end = line.find(' ', kind);
    const size_t title = line.find_first_not_of(' ', end);
    if (current == nullptr || title == std::string::npos) throw std::runtime_error("EXPECTED: cannot read: " + line);
    current->emplace_back(line.substr(kind, end - kind), line.substr(title));
  }
  return expected;
}

std::string golden(std::string_view log) {
  Json records = Json::array();
  for (const Record& record : scan(log)) records.push_back(Json::parse(to_json_line(record)));
  std::string out;
  print(records, "", out);
  return out + "\n";
}

std::vector<Record> scan_in_pieces(std::string_view log, size_t size) {
  std::vector<Record> records;
  Scanner scanner([&](Record&& record) {
    if (!record.note) records.push_back(std::move(record));
  });
  for (size_t at = 0; at < log.size(); at += size) scanner.feed(log.substr(at, size));
  scanner.finish();
  return records;
}

}  // namespace zlt::splat
