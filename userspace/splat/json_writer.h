// SPDX-License-Identifier: GPL-2.0-only
//
// Writes JSON text straight into a string: a log full of reports is turned into records faster than a tree of values
// could be built.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace zlt::splat {

class JsonWriter {
 public:
  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }
  // The name of the next value, inside an object.
  void key(std::string_view name);
  // Bytes that are not UTF-8 become U+FFFD.
  void value(std::string_view text);
  void value(int64_t number);
  void value(uint64_t number);
  void value(bool flag);

  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  void open(char bracket);
  void close(char bracket);
  void separate();
  void escape(std::string_view text);
  void escape_code(unsigned code);

  std::string out_;
  bool first_ = true;  // of its object or array
};

}  // namespace zlt::splat
