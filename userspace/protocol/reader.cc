// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/protocol/reader.h"

#include <algorithm>
#include <charconv>

#include "userspace/base/nearest.h"
#include "userspace/protocol/words.h"

namespace zlt::protocol {
namespace {

// Decimal digits and nothing else, within 64 bits.
std::optional<std::uint64_t> digits(std::string_view text, int base = 10) {
  std::uint64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, base);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && !text.empty() ? std::optional(out) : std::nullopt;
}

std::string shown(const Json& value) {
  constexpr size_t kLongest = 80;
  return cut_to(printable(value.dump(-1, ' ', false, Json::error_handler_t::replace)), kLongest);
}

}  // namespace

bool Reader::has(const char* key) const {
  return *status_ && object_->contains(key);
}

const Json* Reader::find(const char* key) {
  if (!*status_) return nullptr;
  const auto found = object_->find(key);
  if (found != object_->end()) return &*found;
  *status_ = bad_input("`" + place_ + key + "` is missing");
  return nullptr;
}

const Json* Reader::get(const char* key, bool (Json::*is)() const noexcept, const char* what) {
  const Json* value = find(key);
  if (value == nullptr || (value->*is)()) return value;
  wrong(place_ + key, *value, what);
  return nullptr;
}

void Reader::wrong(const std::string& place, const Json& value, const std::string& what) {
  if (*status_) *status_ = bad_input("`" + place + "` is " + shown(value) + ", not " + what);
}

void Reader::demand(bool good, const char* what) {
  if (!good && *status_) *status_ = bad_input(what);
}

void Reader::id(Id& out) {
  out.value.emplace<std::monostate>();
  if (!has("id")) return;
  const Json& value = object_->at("id");
  out = id_in(*object_);
  if (out.none() && !value.is_null()) {
    wrong(place_ + "id", value, "a number from 0 to 18446744073709551615, a short text or null");
  }
}

void Reader::text(const char* key, std::string& out) {
  const Json* value = get(key, &Json::is_string, "a text");
  if (value == nullptr) return;
  out = value->get<std::string>();
  if (out.size() > kLongestText) wrong(place_ + key, *value, "a text of at most 4096 bytes");
}

void Reader::rule(const char* key, std::string& out, const TextRule& rule) {
  const Json* value = get(key, &Json::is_string, rule.what);
  if (value == nullptr) return;
  out = value->get<std::string>();
  if (!rule.valid(out)) wrong(place_ + key, *value, rule.what);
}

void Reader::word(const char* key, std::string& out, const Words& words) {
  const Json* value = find(key);
  if (value == nullptr) return;
  if (value->is_string()) out = value->get<std::string>();
  if (value->is_string() && std::find(words.begin(), words.end(), out) != words.end()) return;
  std::string known;
  for (const std::string_view each : words) {
    known.append(known.empty() ? "" : ", ").append(each.empty() ? "nothing" : each);
  }
  wrong(place_ + key, *value, "one of " + known);
}

void Reader::maybe_word(const char* key, std::string& out, const Words& words) {
  out.clear();
  if (has(key)) word(key, out, words);
}

void Reader::flag(const char* key, bool& out) {
  if (const Json* value = get(key, &Json::is_boolean, "true or false")) out = value->get<bool>();
}

void Reader::maybe_flag(const char* key, std::optional<bool>& out) {
  out.reset();
  const Json* value = find(key);
  if (value == nullptr || value->is_null()) return;
  if (value->is_boolean()) {
    out = value->get<bool>();
  } else {
    wrong(place_ + key, *value, "true, false or null");
  }
}

void Reader::wide_number(const char* key, std::uint64_t& out, std::uint64_t most) {
  const Json* value = find(key);
  if (value == nullptr) return;
  if (value->is_number_unsigned()) out = value->get<std::uint64_t>();
  if (!value->is_number_unsigned() || out > most) {
    wrong(place_ + key, *value, "a whole number from 0 to " + std::to_string(most));
  }
}

void Reader::constant(const char* key, std::uint64_t value) {
  std::uint64_t number = 0;
  wide_number(key, number, std::numeric_limits<std::uint64_t>::max());
  if (*status_ && number != value) wrong(place_ + key, object_->at(key), std::to_string(value));
}

void Reader::seed(const char* key, std::uint64_t& out) {
  const Json* value = find(key);
  if (value == nullptr) return;
  const auto number = value->is_string() ? digits(value->get_ref<const std::string&>()) : std::nullopt;
  out = number.value_or(0);
  if (!number) wrong(place_ + key, *value, "the digits of a number of 64 bits, as a text");
}

void Reader::address(const char* key, std::uint64_t& out) {
  constexpr std::string_view kPrefix = "0x";
  const Json* value = get(key, &Json::is_string, "an address");
  if (value == nullptr) return;
  const auto& text = value->get_ref<const std::string&>();
  out = 0;
  if (text.empty()) return;
  const auto number = text.starts_with(kPrefix) ? digits(text.substr(kPrefix.size()), 16) : std::nullopt;
  out = number.value_or(0);
  if (!number) wrong(place_ + key, *value, "an address, \"0x…\"");
}

void Reader::outcomes(const char* key, Outcomes& out) {
  const Json* value = get(key, &Json::is_array, "a list of outcomes");
  if (value == nullptr) return;
  std::vector<std::string> names;
  for (const Json& each : *value) {
    if (!each.is_string()) return wrong(place_ + key, *value, "a list of outcomes");
    names.push_back(each.get<std::string>());
  }
  Result<Outcomes> parsed = outcomes_from(names);
  if (parsed) {
    out = std::move(*parsed);
  } else {
    wrong(place_ + key, *value, "a verdict: " + parsed.error().what);
  }
}

void Reader::numbers(const char* key, std::map<std::string, std::uint64_t>& out) {
  out.clear();
  const Json* value = get(key, &Json::is_object, "an object of numbers");
  if (value == nullptr) return;
  for (const auto& [name, each] : value->items()) {
    const bool text = each.is_string();
    const auto number = text ? digits(each.get_ref<const std::string&>()) : std::nullopt;
    if (!is_key(name)) return wrong(place_ + key, name, "a name");
    if (!number && !each.is_number_unsigned())
      return wrong(place_ + key + "." + name, each, "a whole number from 0 on");
    out[name] = number ? *number : each.get<std::uint64_t>();
  }
}

void Reader::flags(std::map<std::string, bool>& out, const Words& needed) {
  out.clear();
  for (const auto& [name, each] : object_->items()) {
    if (each.is_boolean() && is_key(name)) out[name] = each.get<bool>();
  }
  for (const std::string_view name : needed) {
    const std::string key(name);
    if (bool there = false; !out.contains(key)) flag(key.c_str(), there);
  }
}

void Reader::words(const char* key, std::map<std::string, std::string>& out) {
  out.clear();
  if (!has(key)) return;
  if (object_->at(key).is_null()) return;
  const Json* value = get(key, &Json::is_object, "an object");
  if (value == nullptr) return;
  Json texts = *value;
  for (Json& each : texts) {
    if (each.is_boolean()) each = each.get<bool>() ? "1" : "0";
  }
  Reader inner(texts, place_ + key + ".", *status_);
  inner.facts(out, "");
}

void Reader::facts(std::map<std::string, std::string>& out, const char* but) {
  out.clear();
  for (const auto& [name, each] : object_->items()) {
    if (name == but) continue;
    if (!is_key(name)) return wrong(place_, name, "a name");
    const bool text = each.is_string() && each.get_ref<const std::string&>().size() <= kLongestName;
    if (!text && !each.is_number_unsigned())
      return wrong(place_ + name, each, "a short text or a whole number from 0 on");
    out[name] = text ? each.get<std::string>() : std::to_string(each.get<std::uint64_t>());
  }
}

void Reader::number_list(const char* key, std::vector<unsigned>& out) {
  out.clear();
  const Json* value = get(key, &Json::is_array, "a list of numbers");
  if (value == nullptr) return;
  for (const Json& each : *value) {
    if (!each.is_number_unsigned() || each.get<std::uint64_t>() > std::numeric_limits<unsigned>::max()) {
      return wrong(place_ + key, *value, "a list of whole numbers from 0 to 4294967295");
    }
    out.push_back(each.get<unsigned>());
  }
}

void Reader::maybe_number_list(const char* key, std::optional<std::vector<unsigned>>& out) {
  out.reset();
  if (has(key)) number_list(key, out.emplace());
}

void Writer::id(const Id& value) {
  if (const std::uint64_t* number = value.number()) {
    out_["id"] = *number;
  } else if (const auto* text = std::get_if<std::string>(&value.value)) {
    out_["id"] = *text;
  } else {
    out_["id"] = nullptr;
  }
}

void Writer::address(const char* key, std::uint64_t value) {
  char buffer[20] = "0x";
  const auto [end, error] = std::to_chars(buffer + 2, std::end(buffer), value, 16);
  out_[key] = value == 0 || error != std::errc() ? std::string() : std::string(buffer, end);
}

// 64 random bits do not fit a double, which is what many readers of JSON make of a number.
void Writer::numbers(const char* key, const std::map<std::string, std::uint64_t>& value) {
  Json out = Json::object();
  for (const auto& [name, number] : value) out[name] = name == "seed" ? Json(std::to_string(number)) : Json(number);
  out_[key] = std::move(out);
}

void Writer::flags(const std::map<std::string, bool>& value, const Words& /*needed*/) {
  for (const auto& [name, flag] : value) out_[name] = flag;
}

// What is written as a number is one. But a task may be called 12, and 64 bits of a seed do not fit a double.
void Writer::facts(const std::map<std::string, std::string>& value, const char* /*but*/) {
  for (const auto& [name, text] : value) {
    const auto number = name == "comm" || name == "seed" ? std::nullopt : digits(text);
    out_[name] = number && std::to_string(*number) == text ? Json(*number) : Json(text);
  }
}

void Writer::words(const char* key, const std::map<std::string, std::string>& value) {
  Writer inner;
  inner.facts(value, "");
  out_[key] = inner.take();
}

}  // namespace zlt::protocol
