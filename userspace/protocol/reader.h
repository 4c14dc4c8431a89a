// SPDX-License-Identifier: GPL-2.0-only
//
// Members of a JSON object, read strictly and written the same way. A type of the protocol describes its members once,
// in describe.h, and a Reader or a Writer is handed through that description.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "userspace/protocol/id.h"
#include "userspace/protocol/outcome.h"
#include "userspace/protocol/wire.h"

namespace zlt::protocol {

using Words = std::vector<std::string_view>;

// What a text must be, in words for the error, and the test of it.
struct TextRule {
  const char* what;
  bool (*valid)(std::string_view);
};

// Every member is there and of its type, or the first that is not ends the reading; members not asked for do not
// matter.
class Reader {
 public:
  // `place`: where the object stands in the message, "result."; empty for the message itself.
  Reader(const Json& object, std::string place, Status& status)
      : object_(&object), place_(std::move(place)), status_(&status) {}

  void id(Id& out);
  void text(const char* key, std::string& out);  // of at most kLongestText bytes
  void rule(const char* key, std::string& out, const TextRule& rule);
  void word(const char* key, std::string& out, const Words& words);
  void maybe_word(const char* key, std::string& out, const Words& words);  // may be missing: then empty
  void flag(const char* key, bool& out);
  void maybe_flag(const char* key, std::optional<bool>& out);  // null: nothing
  template <typename T>
  void number(const char* key, T& out) {
    std::uint64_t wide = 0;
    wide_number(key, wide, std::numeric_limits<T>::max());
    out = static_cast<T>(wide);
  }
  template <typename T>
  void maybe_number(const char* key, std::optional<T>& out) {  // may be missing
    out.reset();
    if (has(key)) number(key, out.emplace());
  }
  void constant(const char* key, std::uint64_t value);
  void seed(const char* key, std::uint64_t& out);     // a text of digits: 64 bits do not fit a double
  void address(const char* key, std::uint64_t& out);  // "0x…"; "": 0
  void outcomes(const char* key, Outcomes& out);
  void numbers(const char* key, std::map<std::string, std::uint64_t>& out);  // by key; texts of digits too
  void flags(std::map<std::string, bool>& out, const Words& needed);  // every member of the object that is a flag
  void words(const char* key,
             std::map<std::string, std::string>& out);  // numbers and flags too; may be missing or null
  void facts(std::map<std::string, std::string>& out, const char* but);  // every member but one, a text or a number
  void number_list(const char* key, std::vector<unsigned>& out);
  void maybe_number_list(const char* key, std::optional<std::vector<unsigned>>& out);

  template <typename T>
  void object(const char* key, T& out) {
    if (const Json* value = get(key, &Json::is_object, "an object")) {
      Reader inner(*value, place_ + key + ".", *status_);
      describe(inner, out);
    }
  }
  template <typename T>
  void maybe_object(const char* key, std::optional<T>& out) {  // null: nothing
    out.reset();
    if (const Json* value = find(key); value != nullptr && !value->is_null()) object(key, out.emplace());
  }
  // What is described as members of their own lies within the object on the wire.
  template <typename T>
  void inlined(T& out) {
    describe(*this, out);
  }
  template <typename T>
  void list(const char* key, std::vector<T>& out) {
    const Json* value = get(key, &Json::is_array, "a list");
    out.clear();
    for (size_t i = 0; value != nullptr && i < value->size() && *status_; ++i) {
      const std::string place = place_ + key + "[" + std::to_string(i) + "]";
      if (!(*value)[i].is_object()) return wrong(place, (*value)[i], "an object");
      Reader inner((*value)[i], place + ".", *status_);
      describe(inner, out.emplace_back());
    }
  }
  // A rule over several members.
  void demand(bool good, const char* what);

 private:
  [[nodiscard]] bool has(const char* key) const;
  const Json* find(const char* key);  // null, and the status says so, when it is missing
  const Json* get(const char* key, bool (Json::*is)() const noexcept, const char* what);
  void wide_number(const char* key, std::uint64_t& out, std::uint64_t most);
  void wrong(const std::string& place, const Json& value, const std::string& what);

  const Json* object_;
  std::string place_;
  Status* status_;
};

class Writer {
 public:
  void id(const Id& value);
  void text(const char* key, const std::string& value) { out_[key] = value; }
  void rule(const char* key, const std::string& value, const TextRule& /*rule*/) { out_[key] = value; }
  void word(const char* key, const std::string& value, const Words& /*words*/) { out_[key] = value; }
  void maybe_word(const char* key, const std::string& value, const Words& /*words*/) {
    if (!value.empty()) out_[key] = value;
  }
  void flag(const char* key, bool value) { out_[key] = value; }
  void maybe_flag(const char* key, std::optional<bool> value) { out_[key] = value ? Json(*value) : Json(); }
  template <typename T>
  void number(const char* key, T value) {
    out_[key] = value;
  }
  template <typename T>
  void maybe_number(const char* key, const std::optional<T>& value) {
    if (value) out_[key] = *value;
  }
  void constant(const char* key, std::uint64_t value) { out_[key] = value; }
  void seed(const char* key, std::uint64_t value) { out_[key] = std::to_string(value); }
  void address(const char* key, std::uint64_t value);
  void outcomes(const char* key, const Outcomes& value) { out_[key] = names_of(value); }
  void numbers(const char* key, const std::map<std::string, std::uint64_t>& value);
  void flags(const std::map<std::string, bool>& value, const Words& /*needed*/);
  void words(const char* key, const std::map<std::string, std::string>& value);
  void facts(const std::map<std::string, std::string>& value, const char* but);
  void number_list(const char* key, const std::vector<unsigned>& value) { out_[key] = value; }
  void maybe_number_list(const char* key, const std::optional<std::vector<unsigned>>& value) {
    if (value) out_[key] = *value;
  }
  template <typename T>
  void object(const char* key, const T& value) {
    Writer inner;
    describe(inner, value);
    out_[key] = inner.take();
  }
  template <typename T>
  void maybe_object(const char* key, const std::optional<T>& value) {
    out_[key] = nullptr;
    if (value) object(key, *value);
  }
  template <typename T>
  void inlined(const T& value) {
    describe(*this, value);
  }
  template <typename T>
  void list(const char* key, const std::vector<T>& value) {
    Json items = Json::array();
    for (const T& each : value) {
      Writer inner;
      describe(inner, each);
      items.push_back(inner.take());
    }
    out_[key] = std::move(items);
  }
  void demand(bool /*good*/, const char* /*what*/) {}

  [[nodiscard]] Json take() { return std::move(out_); }

 private:
  Json out_ = Json::object();
};

}  // namespace zlt::protocol
