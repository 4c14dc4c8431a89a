// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/bench/bench_boot.h"

#include <fmt/format.h>

#include "qemu/zlt/guest/conversation.h"
#include "qemu/zlt/guest/guest.h"
#include "qemu/zlt/guest/initramfs.h"
#include "qemu/zlt/kernel/flavour.h"
#include "qemu/zlt/kernel/make_kernel.h"
#include "userspace/base/temp_folder.h"

namespace zlt::run {
namespace {

constexpr double kTarget = 1.15;
constexpr auto kBootWithin = std::chrono::seconds(300);

// Seconds from exec until `done` holds.
Result<double> boot_until(const Machine& machine, const Stop& stop,
                          const std::function<bool(Guest&, const Conversation&)>& done) {
  const Result<TempFolder> folder = TempFolder::create();
  if (!folder) {
    return tl::unexpected(folder.error());
  }
  const Result<std::unique_ptr<Guest>> started = Guest::start({machine, {}, folder->path()}, stop);
  if (!started) {
    return tl::unexpected(started.error());
  }
  Guest& guest = **started;
  Conversation talk;
  guest.control().on_event([&talk](const Result<protocol::Event>& event) { talk.take(event); });
  const Pump::Wait waited =
      guest.pump().run_until([&] { return done(guest, talk) || guest.gone(); }, Clock::now() + kBootWithin);
  const double took = seconds(Clock::now() - guest.started());
  if (waited != Pump::Wait::kDone || guest.gone()) {
    return failure("the guest did not boot");
  }
  return took;
}

}  // namespace

Result<Figure> measure_first_event(const Paths& paths, const std::string& flavour, unsigned rounds, const Stop& stop) {
  const auto flavours = load_flavours(paths.flavours());
  const Result<Flavour> found =
      flavours ? find_flavour(*flavours, flavour) : Result<Flavour>(tl::unexpected(flavours.error()));
  if (!found) {
    return tl::unexpected(found.error());
  }
  const OnLine nobody = [](const std::string& /*line*/) {};
  const MakeVoice quiet = {nobody, nobody};
  const Result<Kernel> kernel = need_kernel(paths, *found, stop, quiet);
  if (!kernel) {
    return tl::unexpected(kernel.error());
  }
  const Result<std::string> module = need_module(paths, *kernel, stop, quiet);
  if (!module) {
    return tl::unexpected(module.error());
  }
  Machine ours;
  ours.kernel = kernel->image;
  ours.append = kernel_command_line(found->cmdline);
  Machine bare = ours;
  const auto place = paths.cache / "initramfs";
  const Result<Initramfs> full = cached_initramfs({paths.init, *module, kernel->drivers}, place, flavour);
  const Result<Initramfs> empty =
      cached_initramfs({paths.init.parent_path() / "zlt-poweroff", {}, {}}, place, fmt::format("{}-bare", flavour));
  if (!full || !empty) {
    return tl::unexpected(full ? empty.error() : full.error());
  }
  ours.initramfs = full->file;
  bare.initramfs = empty->file;

  std::vector<double> first_event;
  std::vector<double> power_off;
  for (unsigned n = 0; n < rounds; ++n) {
    const Result<double> a =
        boot_until(ours, stop, [](Guest& /*guest*/, const Conversation& talk) { return talk.hello(); });
    const Result<double> b =
        boot_until(bare, stop, [](Guest& guest, const Conversation& /*talk*/) { return guest.shutdown().has_value(); });
    if (!a || !b) {
      return tl::unexpected(a ? b.error() : a.error());
    }
    first_event.push_back(*a);
    power_off.push_back(*b);
  }
  return Figure{
      .what = fmt::format("exec to first event against a bare boot, {}", flavour),
      .measured = median(first_event) / median(power_off),
      .unit = "x",
      .target = kTarget,
      .how = fmt::format("{:.2f} s against {:.2f} s, medians of {}", median(first_event), median(power_off), rounds)};
}

}  // namespace zlt::run
