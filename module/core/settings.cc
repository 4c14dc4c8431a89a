// SPDX-License-Identifier: GPL-2.0-only
#include "module/core/settings.h"

namespace zlt {

using abi::kParamCount;
using abi::kParams;
using abi::Param;

namespace {

int refuse_key(View key) {
  Text<256> valid;
  for (const auto& spec : kParams) valid.append(" %s", spec.name);
  zlt_log(ZLT_ERR, "unknown key '%.*s'; valid: %s%s", key.size(), key.data(), abi::kFormKey, valid.c_str());
  return errc::kInval;
}

int apply_form(View value, Settings& settings) {
  for (const Form form : kForms) {
    if (value != View(name_of(form))) continue;
    settings.form = form;
    return 0;
  }
  zlt_log(ZLT_ERR, "%s='%.*s' is neither %s nor %s", abi::kFormKey, value.size(), value.data(), abi::kFormBounded,
          abi::kFormFaithful);
  return errc::kInval;
}

int apply_word(View word, Settings& settings) {
  View value = word;
  View key;
  if (!value.take_until('=', key)) {
    zlt_log(ZLT_ERR, "'%.*s' is not key=value", word.size(), word.data());
    return errc::kInval;
  }
  if (key == View(abi::kFormKey)) return apply_form(value, settings);
  for (size_t i = 0; i < kParamCount; ++i) {
    if (key != View(kParams[i].name)) continue;
    const auto number = parse_param(i, value);
    if (!number) return number.error();
    settings.values[i] = *number;
    return 0;
  }
  return refuse_key(key);
}

int check_cpu(Param param, uint64_t cpu) {
  if (zlt_cpu_online(static_cast<unsigned int>(cpu))) return 0;
  zlt_log(ZLT_ERR, "%s=%llu is not an online CPU; %u are online", kParams[static_cast<size_t>(param)].name,
          static_cast<unsigned long long>(cpu), zlt_cpus_online());
  return errc::kInval;
}

}  // namespace

Result<uint64_t> parse_param(size_t index, View text) {
  const auto& spec = kParams[index];
  uint64_t number = 0;
  if (!text.to_number(number) || number < spec.min || number > spec.max) {
    zlt_log(ZLT_ERR, "%s='%.*s' is not a number from %llu to %llu%s%s", spec.name, text.size(), text.data(),
            static_cast<unsigned long long>(spec.min), static_cast<unsigned long long>(spec.max),
            spec.unit[0] != '\0' ? " " : "", spec.unit);
    return Result<uint64_t>::failure(errc::kInval);
  }
  return number;
}

int apply_words(View words, Settings& settings) {
  for (View word = words.take_word(); !word.empty(); word = words.take_word()) {
    const int error = apply_word(word, settings);
    if (error != 0) return error;
  }
  return 0;
}

void resolve_cpus(Settings& settings) {
  const uint64_t reader = settings.get(Param::kReaderCpu);
  const uint64_t untouched = kParams[static_cast<size_t>(Param::kReaderCpu)].fallback;
  if (reader == untouched && !zlt_cpu_online(static_cast<unsigned int>(reader))) {
    settings.set(Param::kReaderCpu, settings.get(Param::kWriterCpu));
  }
}

int check_cpus(const Settings& settings) {
  const int error = check_cpu(Param::kWriterCpu, settings.get(Param::kWriterCpu));
  return error != 0 ? error : check_cpu(Param::kReaderCpu, settings.get(Param::kReaderCpu));
}

void append_params(ParamsText& text, const Settings& settings) {
  for (size_t i = 0; i < kParamCount; ++i) {
    text.append(" %s=%llu", kParams[i].name, static_cast<unsigned long long>(settings.values[i]));
  }
}

}  // namespace zlt
