// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/report/json_writer.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "userspace/base/printable.h"
#include "userspace/protocol/json.h"
#include "userspace/splat/json.h"

namespace zlt::report {
namespace {

using Json = nlohmann::ordered_json;

double milliseconds_exact(double seconds) {
  return std::round(seconds * 1000.0) / 1000.0;
}

Json splat_json(const Splat& splat) {
  splat::JsonExtras extras;
  extras.text = true;
  extras.file = splat.log;
  Json out = Json::parse(splat::to_json_line(splat, extras));
  out["outcome"] = splat.outcome;
  return out;
}

Json origin_json(const Origin& origin) {
  if (origin.snapshot.empty()) {
    return {{"from", "boot"}};
  }
  return {{"from", "snapshot"},
          {"key", origin.snapshot},
          {"made", origin.made},
          {"age_s", milliseconds_exact(origin.age_s)},
          {"proven", origin.proven}};
}

Json confirmation_json(const Confirmation& confirmation) {
  Json out = {{"wanted", confirmation.wanted}, {"agreed", confirmation.agreed}};
  if (!confirmation.by_case.empty()) {
    out["by"] = confirmation.by_case;
  }
  out["runs"] = Json::array();
  for (const Rerun& rerun : confirmation.runs) {
    out["runs"].push_back({{"guest", origin_json(rerun.origin)},
                           {"observed", names_of(rerun.observed)},
                           {"agrees", rerun.agrees},
                           {"reason", rerun.reason},
                           {"artifacts", rerun.artifacts}});
  }
  return out;
}

Json case_json(const CaseRecord& record) {
  Json out;
  out["case"] = record.name;
  out["flavour"] = record.flavour;
  out["form"] = record.form;
  out["repeat"] = record.repeat;
  out["expected"] = names_of(record.expected);
  out["expected_by"] = record.expected_by;
  out["observed"] = names_of(record.observed);
  out["ok"] = record.ok;
  out["standing"] = name_of(record.standing());
  if (record.confirmation) {
    out["confirmation"] = confirmation_json(*record.confirmation);
  }
  if (!record.disease.empty()) {
    out["disease"] = record.disease;
  }
  out["guest"] = origin_json(record.origin);
  out["reason"] = record.reason;
  out["seed"] = std::to_string(record.seed);  // 64 bits do not fit a double
  out["wall_s"] = milliseconds_exact(record.wall_s);
  out["run_s"] = record.run_s;
  if (record.run) {
    out["run"] = protocol::to_json(*record.run);
  }
  out["splats"] = Json::array();
  for (const Splat& splat : record.splats) {
    out["splats"].push_back(splat_json(splat));
  }
  out["counters"] = Json(record.counters.empty() ? Json::object() : Json(record.counters));
  if (!record.facts.empty()) {
    out["facts"] = record.facts;
  }
  out["artifacts"] = record.artifacts;
  return out;
}

}  // namespace

std::string to_json(const Run& run) {
  Json out;
  out["schema"] = kSchema;
  out["started"] = run.started;
  out["seed"] = std::to_string(run.seed);
  out["wall_s"] = milliseconds_exact(run.wall_s);
  out["host"] = run.host;
  out["flavours"] = Json::object();
  for (const auto& [name, flavour] : run.flavours) {
    out["flavours"][name] = {{"release", flavour.release}, {"rt", flavour.rt}, {"lockdep", flavour.lockdep}};
  }
  out["cases"] = Json::array();
  for (const CaseRecord& record : run.cases) {
    out["cases"].push_back(case_json(record));
  }
  const Summary sum = summarise(run);
  out["summary"] = {{"cases", sum.cases},
                    {"expected", sum.expected},
                    {"unexpected", sum.unexpected},
                    {"unconfirmed", sum.unconfirmed},
                    {"infra", sum.infra}};
  return printable_json(out.dump(2, ' ', false, Json::error_handler_t::replace)) + "\n";
}

}  // namespace zlt::report
