// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/explain.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <system_error>

#include "module/abi/debugfs.h"
#include "userspace/base/nearest.h"
#include "userspace/zltctl/formats.h"
#include "userspace/zltctl/kernel_log.h"
#include "userspace/zltctl/text.h"

namespace zlt::ctl {
namespace {

constexpr size_t kNamesShown = 5;

bool is_directory(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

// A mounted debugfs always has something in it; the folder it is mounted on has nothing.
bool is_empty(const std::string& path) {
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(path.c_str()), ::closedir);
  if (!directory) return false;
  while (const dirent* entry = ::readdir(directory.get())) {
    const std::string_view name(static_cast<const char*>(entry->d_name));
    if (name != "." && name != "..") return false;
  }
  return true;
}

std::string cannot_open(const std::string& path, int error) {
  return "cannot open " + path + ": " + describe_errno(error);
}

Error explain_absence(const Environment& environment, File file, int error) {
  const std::string directory = environment.debugfs + "/" + abi::kDirectory;
  if (is_directory(directory)) {
    return {cannot_open(directory + "/" + name_of(file), error), "use a module and a zltctl of one build"};
  }
  if (!has_debugfs(environment)) {
    return {"this kernel has no debugfs, which zltorture is driven through",
            "boot one with CONFIG_DEBUG_FS=y, and without debugfs=off"};
  }
  if (!is_directory(environment.debugfs)) {
    return {environment.debugfs + " is no folder", "mount sysfs and debugfs, or say where debugfs is: --debugfs DIR"};
  }
  if (is_empty(environment.debugfs)) {
    return {"debugfs is not mounted on " + environment.debugfs, "mount -t debugfs debugfs " + environment.debugfs};
  }
  return {"the module zltorture is not loaded", "zltctl load FILE"};
}

Error explain_invalid(const Environment& environment, Module& module, const RunRequest& request) {
  const Sys<std::string> text = module.read(File::kCases);
  const Result<std::vector<Case>> cases = text ? parse_cases(*text) : Result<std::vector<Case>>(std::vector<Case>());
  if (cases && !cases->empty()) {
    std::vector<std::string> known;
    for (const Case& item : *cases) known.push_back(item.name);
    if (std::find(known.begin(), known.end(), request.id) == known.end()) {
      return explain_unknown_case(request.id, known);
    }
  }
  if (const Status checked = check(request); !checked) return checked.error();
  if (cases && !cases->empty()) {
    const bool has_form = std::any_of(cases->begin(), cases->end(), [&](const Case& item) {
      return item.name == request.id && item.form == request.form;
    });
    if (!has_form) return {request.id + " has no " + request.form + " form", "`zltctl list` shows what it has"};
  }
  const std::string online = cpus_online(environment);
  for (const auto& [key, value] : request.params) {
    if (!key.ends_with("_cpu") || online.empty() || cpu_in_list(online, to_number(value).value_or(0))) continue;
    std::string what = key;
    what.append("=").append(value).append(" is not an online CPU");
    return {what, "online: " + online};
  }
  const std::string said = last_line_of_module(environment);
  return {"the module refused: " + request.line() + (said.empty() ? "" : " (" + said + ")"), "see dmesg"};
}

}  // namespace

std::string describe_errno(int error) {
  return std::error_code(error, std::generic_category()).message();
}

Error explain_access(const Environment& environment, File file, int error) {
  const std::string path = environment.debugfs + "/" + abi::kDirectory + "/" + name_of(file);
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return explain_absence(environment, file, error);
    case EACCES:
      return {cannot_open(path, error),
              environment.root ? "look at who may enter " + environment.debugfs : "run as root"};
    case EPERM:
      return {cannot_open(path, error), locked_down(environment)
                                            ? "the kernel is locked down: boot without secure boot or lockdown="
                                            : "run as root"};
    case EIO:  // debugfs, of a file that is being removed
    case ENXIO:
    case ENODEV:
      return {"the module zltorture went away", "zltctl load FILE"};
    default:
      return {"cannot use " + path + ": " + describe_errno(error), "see dmesg"};
  }
}

Error explain_refusal(const Environment& environment, Module& module, const RunRequest& request, int error) {
  if (error == EINVAL) return explain_invalid(environment, module, request);
  if (error == EPERM && request.form == abi::kFormFaithful && !locked_down(environment)) {
    return {request.id + " in its faithful form needs allow_hang=1", "it may hang this machine"};
  }
  if (error == EBUSY) {
    const Sys<std::string> text = module.read(File::kStatus);
    const auto status = text ? parse_status(*text) : Result<RunStatus>(RunStatus());
    const bool known = status && !status->name.empty();
    return {"a run" + (known ? " of " + status->name : std::string()) + " is going on", "zltctl stop"};
  }
  return explain_access(environment, File::kRun, error);
}

Error explain_unknown_case(const std::string& wanted, const std::vector<std::string>& known) {
  std::vector<std::string> names = nearest_first(wanted, known);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  if (names.empty()) return {"unknown case '" + wanted + "'", ""};
  const std::string nearest = names.front();
  if (names.size() > kNamesShown) names.resize(kNamesShown);
  return {"unknown case '" + wanted + "'",
          "did you mean " + nearest + "? `zltctl list` shows all: " + joined(names) + ", …"};
}

}  // namespace zlt::ctl
