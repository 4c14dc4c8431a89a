// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/json.h"

#include "module/abi/debugfs.h"

namespace zlt::ctl {

Json to_json(const Case& item) {
  return {{"case", item.id},
          {"form", item.form},
          {"hazard", item.hazard},
          {"expected", item.expected},
          {"summary", item.summary}};
}

Json to_json(const std::vector<Case>& cases) {
  Json out = Json::array();
  for (const Case& item : cases) out.push_back(to_json(item));
  return out;
}

Json to_json(const RunStatus& status) {
  return {{"abi", abi::kVersion}, {"state", status.state}, {"case", status.id},     {"form", status.form},
          {"turn", status.turn},  {"steps", status.steps}, {"loops", status.loops}, {"runs", status.runs}};
}

Json to_json(const KernelFacts& kernel) {
  Json out = {{"release", kernel.release}};
  for (const auto& [name, value] : kernel.flags) out[name] = value;
  return out;
}

Json to_json(const RunResult& result, const KernelFacts& kernel) {
  Json counters = Json::object();
  for (const auto& [name, value] : result.counters) counters[name] = value;
  Json facts = Json::object();
  for (const auto& [name, value] : result.facts) facts[name] = value;
  Json params = Json::object();
  for (const auto& [name, value] : result.params) params[name] = value;
  // 64 random bits do not fit a double, which is what many readers of JSON make of a number.
  if (params.contains("seed")) params["seed"] = result.seed;
  return {{"case", result.id},         {"form", result.form},
          {"verdict", result.verdict}, {"expected", result.expected},
          {"ok", result.ok},           {"stopped", result.stopped},
          {"reason", result.reason},   {"seed", result.seed},
          {"plan", result.plan},       {"run_ns", result.run_ns},
          {"kernel", to_json(kernel)}, {"counters", std::move(counters)},
          {"facts", std::move(facts)}, {"params", std::move(params)}};
}

Json to_json(const std::vector<Bucket>& histogram) {
  Json out = Json::array();
  for (const Bucket& bucket : histogram) {
    out.push_back(
        {{"name", bucket.name}, {"from_ns", bucket.from_ns}, {"to_ns", bucket.to_ns}, {"count", bucket.count}});
  }
  return out;
}

std::string line_of(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace zlt::ctl
