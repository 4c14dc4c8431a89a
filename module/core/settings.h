// SPDX-License-Identifier: GPL-2.0-only
//
// The settings of a run are the values of its parameters. They start as the module's parameters, and the words after
// CASE change them.
#pragma once

#include "module/abi/params.h"
#include "module/core/atomic.h"
#include "module/core/form.h"
#include "module/core/result.h"
#include "module/core/text.h"

namespace zlt {

struct Settings {
  Form form;
  uint64_t values[abi::kParamCount];

  [[nodiscard]] constexpr uint64_t get(abi::Param param) const { return values[static_cast<size_t>(param)]; }
  constexpr void set(abi::Param param, uint64_t value) { values[static_cast<size_t>(param)] = value; }
};

// The module's parameters: what a run starts from. insmod sets them before anything else is there, sysfs at any time.
class Defaults {
 public:
  void set(size_t param, uint64_t value) { values_[param].store(value); }
  [[nodiscard]] uint64_t get(size_t param) const { return values_[param].load(); }
  [[nodiscard]] Settings settings() const {
    Settings settings = {Form::kBounded, {}};
    for (size_t i = 0; i < abi::kParamCount; ++i) settings.values[i] = get(i);
    return settings;
  }

 private:
  Atomic<uint64_t> values_[abi::kParamCount] = {
#define ZLT_PARAM(name, enumerator, min, max, fallback, unit, help) Atomic<uint64_t>(fallback),
#include "module/abi/params.def"
#undef ZLT_PARAM
  };
};

// Checks `text` against the range of parameter `index`. kInval, and the log names the range.
[[nodiscard]] Result<uint64_t> parse_param(size_t index, View text);

// Applies `key=value` words to `settings`. kInval, and the log names what is valid.
[[nodiscard]] int apply_words(View words, Settings& settings);

// A reader_cpu that nobody chose, and that is not online, becomes the writer's.
void resolve_cpus(Settings& settings);
// Checks what depends on the machine: that both CPUs are online. kInval, and the log says which is not.
[[nodiscard]] int check_cpus(const Settings& settings);

// " allow_hang=0 seed=7 …", every parameter, whatever their values.
constexpr size_t params_text_size() {
  size_t size = 1;
  for (const abi::ParamSpec& spec : abi::kParams) size += View(spec.name).size() + sizeof(" =18446744073709551615");
  return size;
}
using ParamsText = Text<params_text_size()>;
void append_params(ParamsText& text, const Settings& settings);

}  // namespace zlt
