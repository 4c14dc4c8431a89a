// SPDX-License-Identifier: GPL-2.0-only
//
// Fuzz target: any bytes in, in pieces that the bytes themselves choose. Records have to be well formed and the pieces
// must not matter.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "userspace/splat/json.h"
#include "userspace/splat/scanner.h"

namespace {

using zlt::splat::Record;
using zlt::splat::Scanner;

std::string with_text(const Record& record) {
  zlt::splat::JsonExtras extras;
  extras.text = true;
  return to_json_line(record, extras);
}

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view log(reinterpret_cast<const char*>(data), size);
  std::vector<std::string> whole;
  uint64_t last_begin = 0;
  Scanner scanner([&](Record&& record) {
    require(!record.kind.empty() && !record.fingerprint.empty());
    require(record.begin < record.end && record.end <= log.size());
    require(record.first_line >= 1 && record.first_line <= record.last_line);
    require(record.begin >= last_begin);  // handed out in the order of their beginnings
    last_begin = record.begin;
    whole.push_back(with_text(record));
  });
  scanner.feed(log);
  scanner.finish();

  std::vector<std::string> pieces;
  Scanner again([&](Record&& record) { pieces.push_back(with_text(record)); });
  size_t step = 1;
  for (size_t at = 0; at < log.size(); at += step) {
    step = 1 + (data[at] & 0x3fU);
    again.feed(log.substr(at, step));
  }
  again.finish();
  require(whole == pieces);
  return 0;
}
