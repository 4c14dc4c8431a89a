// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/guest/accel.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "qemu/zlt/guest/guest.h"
#include "qemu/zlt/io/json_get.h"
#include "userspace/base/files.h"
#include "userspace/base/temp_folder.h"

namespace zlt::run {
namespace fs = std::filesystem;
namespace {

constexpr const char* kTcg = "tcg,thread=multi";
constexpr const char* kDevice = "/dev/kvm";
constexpr const char* kFirstKernelLine = "Linux version";
constexpr auto kKernelWithin = std::chrono::seconds(5);

std::string boot_id() {
  const Result<std::string> id = read_file("/proc/sys/kernel/random/boot_id");
  return id ? id->substr(0, id->find('\n')) : "";
}

// What an earlier run of the same host boot and QEMU found.
std::optional<bool> remembered(const fs::path& file, const std::string& qemu) {
  const Result<std::string> text = read_file(file);
  const Json note = Json::parse(text ? *text : "", nullptr, false);
  if (get_string(note, "boot_id") != boot_id() || get_string(note, "qemu") != qemu || boot_id().empty()) {
    return std::nullopt;
  }
  return get_bool(note, "kvm");
}

// Nothing depends on the note: without it the next run tries again.
void remember(const fs::path& file, const std::string& qemu, bool works) {
  const Json note = {{"boot_id", boot_id()}, {"qemu", qemu}, {"kvm", works}};
  if (make_folders(file.parent_path())) {
    [[maybe_unused]] const Status written = replace_file(file, note.dump() + "\n");
  }
}

Result<bool> kernel_runs(Machine machine, const Stop& stop) {
  const Result<TempFolder> folder = TempFolder::create();
  if (!folder) {
    return tl::unexpected(folder.error());
  }
  machine.accel = "kvm";
  const Guest::Options options{machine, {}, folder->path(), kFirstKernelLine};
  const Result<std::unique_ptr<Guest>> guest = Guest::start(options, stop);
  if (!guest) {
    return false;
  }
  Guest& g = **guest;
  const Pump::Wait waited =
      g.pump().run_until([&g] { return g.console().seen() || g.gone() || g.shutdown(); }, Clock::now() + kKernelWithin);
  if (waited == Pump::Wait::kStopped) {
    return interrupted();
  }
  return g.console().seen();
}

}  // namespace

Result<Accel> choose_accel(AccelMode mode, Machine machine, const fs::path& cache, const Stop& stop) {
  const auto tcg = [](std::string why) { return Accel{kTcg, "tcg", std::move(why)}; };
  if (mode == AccelMode::kTcg) {
    return tcg("TCG, as asked");
  }
  std::string why_not;
  if (const UniqueFd device(::open(kDevice, O_RDWR | O_CLOEXEC)); !device.valid()) {
    why_not = fmt::format("{}: {}", kDevice, std::strerror(errno));
  } else {
    const fs::path note = cache / "accel.json";
    std::optional<bool> works = remembered(note, machine.qemu);
    if (!works) {
      const std::string qemu = machine.qemu;
      const Result<bool> tried = kernel_runs(std::move(machine), stop);
      if (!tried) {
        return tl::unexpected(tried.error());
      }
      works = *tried;
      remember(note, qemu, *works);
    }
    if (*works) {
      return Accel{"kvm", "kvm", "KVM: a guest kernel was seen running under it"};
    }
    why_not = fmt::format("{} opens, but no guest kernel came up under it", kDevice);
  }
  if (mode == AccelMode::kKvm) {
    return failure("KVM does not work here: " + why_not, "use --accel tcg");
  }
  return tcg("TCG: " + why_not);
}

}  // namespace zlt::run
