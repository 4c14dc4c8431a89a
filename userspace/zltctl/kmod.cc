// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/kmod.h"

#include <libkmod.h>

#include <cerrno>

#include "module/abi/debugfs.h"

namespace zlt::ctl {
namespace {

struct Unref {
  void operator()(kmod_module* module) const { kmod_module_unref(module); }
};
using Handle = std::unique_ptr<kmod_module, Unref>;

// libkmod returns 0, or an errno value negated.
Sys<void> answer(int result) {
  if (result == 0) return {};
  return tl::unexpected(result < 0 ? -result : EINVAL);
}

// It would print errors by itself; what it returns is told in words of our own.
void say_nothing(void* /*data*/, int /*priority*/, const char* /*file*/, int /*line*/, const char* /*function*/,
                 const char* /*format*/, va_list /*arguments*/) {}

}  // namespace

Kmod::Kmod() : context_(kmod_new(nullptr, nullptr)) {
  if (context_ != nullptr) kmod_set_log_fn(context_, say_nothing, nullptr);
}

Kmod::~Kmod() {
  if (context_ != nullptr) kmod_unref(context_);
}

Sys<void> Kmod::load_file(const std::string& path, const std::string& options) {
  if (context_ == nullptr) return tl::unexpected(ENOMEM);
  kmod_module* module = nullptr;
  const int found = kmod_module_new_from_path(context_, path.c_str(), &module);
  if (found < 0) return answer(found);
  const Handle handle(module);
  return answer(kmod_module_insert_module(module, 0, options.c_str()));
}

Sys<void> Kmod::load_installed(const std::string& options) {
  if (context_ == nullptr) return tl::unexpected(ENOMEM);
  kmod_list* list = nullptr;
  const int found = kmod_module_new_from_lookup(context_, abi::kModuleName, &list);
  if (found < 0) return answer(found);
  if (list == nullptr) return tl::unexpected(ENOENT);
  const Handle handle(kmod_module_get_module(list));
  kmod_module_unref_list(list);
  return answer(kmod_module_probe_insert_module(handle.get(), KMOD_PROBE_FAIL_ON_LOADED, options.c_str(), nullptr,
                                                nullptr, nullptr));
}

Sys<void> Kmod::unload() {
  if (context_ == nullptr) return tl::unexpected(ENOMEM);
  kmod_module* module = nullptr;
  const int found = kmod_module_new_from_name(context_, abi::kModuleName, &module);
  if (found < 0) return answer(found);
  const Handle handle(module);
  return answer(kmod_module_remove_module(module, KMOD_REMOVE_NOLOG));
}

}  // namespace zlt::ctl
