// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/plans/plan.h"

#include <fmt/format.h>

#include "qemu/zlt/guest/run_param.h"
#include "qemu/zlt/io/toml_reader.h"
#include "userspace/base/nearest.h"

namespace zlt::run {
namespace fs = std::filesystem;
namespace {

using Kind = PlanStep::Kind;

const std::vector<std::string>& policies() {
  static const std::vector<std::string> known = {"online_movable", "online_kernel", "online", "offline"};
  return known;
}

struct StepForm {
  const char* key;  // that makes a table this kind of step
  Kind kind;
  std::vector<std::string> others;
};
const std::vector<StepForm>& forms() {
  static const std::vector<StepForm> known = {
      {"plug", Kind::kPlug, {"node", "size_mib", "policy", "refused"}},
      {"unplug", Kind::kUnplug, {"refused"}},
      {"replug", Kind::kReplug, {"as", "node", "size_mib"}},
      {"online", Kind::kOnline, {"zone", "refused"}},
      {"offline", Kind::kOffline, {"refused"}},
      {"resize", Kind::kResize, {"size_mib", "policy"}},
      {"wait_for", Kind::kWaitFor, {"online", "has_memory"}},
      {"repeat", Kind::kRepeat, {"step", "no_leak"}},
      {"parallel", Kind::kParallel, {"step", "params"}},
  };
  return known;
}

const StepForm* form_of(TomlReader& reader, const toml::table& table) {
  const StepForm* found = nullptr;
  std::vector<std::string> keys;
  for (const StepForm& form : forms()) {
    keys.emplace_back(form.key);
    // `online` is a step, and also what wait_for may wait for.
    const bool other = form.kind == Kind::kOnline && table.contains("wait_for");
    if (table.contains(form.key) && !other) {
      if (found != nullptr) {
        reader.complain(table, fmt::format("a step is one thing, not both {} and {}", found->key, form.key));
      }
      found = &form;
    }
  }
  if (found == nullptr) {
    reader.complain(table, "a step says what to do", "one of " + joined(keys));
  }
  return found;
}

std::map<std::string, std::uint64_t> read_params(TomlReader& reader, const toml::table& table) {
  std::map<std::string, std::uint64_t> out;
  const toml::node* node = table.get("params");
  const toml::table* params = node != nullptr ? node->as_table() : nullptr;
  if (node != nullptr && params == nullptr) {
    reader.complain(*node, "\"params\" must be a table: params = { loops = 10 }");
  }
  if (params == nullptr) {
    return out;
  }
  for (const auto& [key, value] : *params) {
    const auto number = value.value_exact<std::int64_t>();
    const auto checked = parse_param(fmt::format("{}={}", key.str(), number.value_or(-1)));
    if (checked) {
      out.insert(*checked);
    } else {
      reader.complain(value, checked.error().what, checked.error().hint);
    }
  }
  return out;
}

std::vector<PlanStep> read_steps(TomlReader& reader, const toml::table& table);

PlanStep read_step(TomlReader& reader, const toml::table& table) {
  PlanStep out;
  out.line = table.source().begin.line;
  const StepForm* form = form_of(reader, table);
  if (form == nullptr) {
    return out;
  }
  // Where the step's own word stands, which is what a person looks for; the table begins at its bracket.
  out.line = table.get(form->key)->source().begin.line;
  out.kind = form->kind;
  std::vector<std::string> known = form->others;
  known.insert(known.begin(), form->key);
  reader.allow(table, known);
  if (out.kind == Kind::kRepeat) {
    out.times = reader.number(table, "repeat", 1, 1000000).value_or(1);
    out.no_leak = reader.flag(table, "no_leak").value_or(false);
  } else if (out.kind == Kind::kParallel) {
    out.case_name = reader.text(table, "parallel");
    out.params = read_params(reader, table);
  } else if (out.kind == Kind::kWaitFor) {
    out.node = reader.number(table, "wait_for", 0, 1023).value_or(0);
    out.online = reader.flag(table, "online");
    out.has_memory = reader.flag(table, "has_memory");
    if (!out.online && !out.has_memory) {
      reader.complain(table, "wait_for what?", "online = true or false, has_memory = true or false");
    }
  } else {
    out.device = reader.identifier(table, form->key);
  }
  const bool plugs = out.kind == Kind::kPlug || out.kind == Kind::kReplug;
  if (plugs) {
    reader.need(table, "node");
  }
  if (out.kind == Kind::kReplug) {
    out.next = reader.identifier(table, "as");
  }
  if (plugs || out.kind == Kind::kResize) {
    reader.need(table, "size_mib");
    out.size_mib = reader.number(table, "size_mib", 0, 1U << 20U).value_or(0);
    out.policy = reader.one_of(table, "policy", "", policies());
  }
  if (plugs) {
    out.node = reader.number(table, "node", 0, 1023).value_or(0);
  }
  out.zone = reader.one_of(table, "zone", out.zone, {"movable", "kernel"});
  out.refused = reader.flag(table, "refused").value_or(false);
  if (out.kind == Kind::kRepeat || out.kind == Kind::kParallel) {
    out.steps = read_steps(reader, table);
  }
  return out;
}

std::vector<PlanStep> read_steps(TomlReader& reader, const toml::table& table) {
  std::vector<PlanStep> out;
  for (const toml::table* step : reader.tables(table, "step")) {
    out.push_back(read_step(reader, *step));
  }
  if (out.empty()) {
    reader.complain(table, "there are no steps: [[step]]");
  }
  return out;
}

Plan read_plan(TomlReader& reader, const toml::table& table) {
  Plan out;
  out.file = reader.file();
  reader.allow(table, {"name", "summary", "machine", "policy", "limit_s", "step"});
  out.name = reader.name(table);
  reader.need(table, "machine");
  out.summary = reader.text(table, "summary");
  out.machine = reader.text(table, "machine");
  out.policy = reader.one_of(table, "policy", out.policy, policies());
  out.limit_s = reader.number(table, "limit_s", 1, 3600).value_or(30);
  out.steps = read_steps(reader, table);
  return out;
}

}  // namespace

std::string PlanStep::text() const {
  switch (kind) {
    case Kind::kPlug:
      return fmt::format("plug {} of {} MiB into node {}", device, size_mib, node);
    case Kind::kUnplug:
      return "unplug " + device;
    case Kind::kReplug:
      return fmt::format("unplug {} and plug {} of {} MiB into its slot at once", device, next, size_mib);
    case Kind::kOnline:
      return fmt::format("online {} ({})", device, zone);
    case Kind::kOffline:
      return "offline " + device;
    case Kind::kResize:
      return fmt::format("resize {} to {} MiB", device, size_mib);
    case Kind::kWaitFor:
      return fmt::format("wait for node {}", node);
    case Kind::kRepeat:
      return fmt::format("repeat {} times", times);
    case Kind::kParallel:
      break;
  }
  return "in parallel with " + case_name;
}

std::string Plan::at(const PlanStep& step) const {
  return fmt::format("{}:{}: {}", file.string(), step.line, step.text());
}

Result<Plan> load_plan(const fs::path& file) {
  return read_toml<Plan>(file, read_plan);
}

Result<std::vector<Plan>> load_plans(const fs::path& folder) {
  return load_folder<Plan>(folder, load_plan);
}

}  // namespace zlt::run
