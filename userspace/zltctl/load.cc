// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/load.h"

#include <unistd.h>

#include <cerrno>

#include "module/abi/debugfs.h"
#include "userspace/base/files.h"
#include "userspace/zltctl/explain.h"
#include "userspace/zltctl/kernel_log.h"
#include "userspace/zltctl/ko_file.h"
#include "userspace/zltctl/request.h"

namespace zlt::ctl {
namespace {

constexpr const char* kBuildIt = "build it for this kernel: make module KDIR=/lib/modules/$(uname -r)/build";

Status check_params(const Params& params) {
  for (const auto& [key, value] : params) {
    if (Status status = check_param(key, value); !status) return status;
  }
  return {};
}

std::string options_of(const Params& params) {
  std::string out;
  for (const auto& [key, value] : params) out.append(out.empty() ? "" : " ").append(key).append("=").append(value);
  return out;
}

Error explain_permission(const Environment& environment, const std::string& doing) {
  if (!environment.root) return {doing + " needs root", "run as root"};
  const Result<std::string> disabled = read_file(environment.modules_disabled);
  if (disabled && disabled->starts_with("1")) {
    return {"this kernel takes no modules any more (kernel.modules_disabled=1)", "reboot without it"};
  }
  if (locked_down(environment)) {
    return {"the kernel is locked down and takes signed modules only", "boot without secure boot or lockdown="};
  }
  return {doing + " is not permitted, even to root", "run with CAP_SYS_MODULE"};
}

// The kernel looked at the file and refused it: the file's fault, or a kernel's that differs from what it was built
// for.
Error explain_content(const Environment& environment, const std::string& name, std::string_view bytes, int error,
                      const std::string& said) {
  const std::string cannot = "cannot load " + name + ": ";
  const KoFile ko = inspect_ko(bytes);
  if (ko.elf && !ko.whole) return {cannot + "the file is cut short", "copy or build it again"};
  if (!ko.vermagic.empty() && ko.built_for() != environment.release) {
    return {cannot + "it was built for kernel " + ko.built_for() + ", this one is " + environment.release, kBuildIt};
  }
  if (said.find("version magic") != std::string::npos) return {cannot + said, kBuildIt};
  if (!said.empty()) return {cannot + "the kernel says: " + said, "see dmesg"};
  if (error == ENOEXEC) return {cannot + "it is no kernel module for this machine", kBuildIt};
  return {cannot + describe_errno(error), "see dmesg"};
}

// `path`: empty for the installed one.
Error explain_load(const Environment& environment, const std::string& path, int error, const std::string& said) {
  const std::string name = path.empty() ? std::string("the installed ") + abi::kModuleName : path;
  if (error == EEXIST) return {std::string(abi::kModuleName) + " is loaded already", "zltctl unload, to load another"};
  if (error == EPERM) return explain_permission(environment, "loading a module");
  if (error == EKEYREJECTED || error == ENOKEY || error == EBADMSG) {
    return {"cannot load " + name + ": the kernel takes signed modules only",
            "sign it, or boot without module.sig_enforce"};
  }
  if (path.empty()) {
    if (error != ENOENT) return explain_content(environment, name, {}, error, said);
    return {std::string("no module ") + abi::kModuleName + " is installed for kernel " + environment.release,
            "install it and run depmod, or name a file: zltctl load FILE"};
  }
  const Result<std::string> bytes = read_file(path);
  if (!bytes) return {bytes.error().what, "name a .ko that you may read"};
  if (bytes->empty()) return {"cannot load " + path + ": the file is empty", "copy or build it again"};
  return explain_content(environment, name, *bytes, error, said);
}

}  // namespace

Status load_file(const Environment& environment, FileLoader& loader, const std::string& path, const Params& params) {
  if (Status status = check_params(params); !status) return status;
  KernelLog log = KernelLog::from_now(environment);
  const Sys<void> loaded = loader.load_file(path, options_of(params));
  if (loaded) return {};
  return tl::unexpected(explain_load(environment, path, loaded.error(), last_about_module(log.messages())));
}

Status load_installed(const Environment& environment, Loader& loader, const Params& params) {
  if (Status status = check_params(params); !status) return status;
  KernelLog log = KernelLog::from_now(environment);
  const Sys<void> loaded = loader.load_installed(options_of(params));
  if (loaded) return {};
  return tl::unexpected(explain_load(environment, "", loaded.error(), last_about_module(log.messages())));
}

Status unload(const Environment& environment, Loader& loader) {
  const Sys<void> unloaded = loader.unload();
  if (unloaded) return {};
  switch (unloaded.error()) {
    case ENOENT:
      return failure(std::string(abi::kModuleName) + " is not loaded", "nothing to do");
    case EPERM:
      return tl::unexpected(explain_permission(environment, "unloading a module"));
    case EBUSY:
    case EAGAIN:
      return failure(std::string(abi::kModuleName) + " is in use", "close its debugfs files (lsof), then try again");
    default:
      return failure(std::string("cannot unload ") + abi::kModuleName + ": " + describe_errno(unloaded.error()),
                     "see dmesg");
  }
}

}  // namespace zlt::ctl
