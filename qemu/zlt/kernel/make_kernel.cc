// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/kernel/make_kernel.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "qemu/zlt/io/child.h"
#include "qemu/zlt/io/output_of.h"
#include "qemu/zlt/io/pump.h"
#include "userspace/base/files.h"
#include "userspace/base/line_splitter.h"

namespace zlt::run {
namespace fs = std::filesystem;
namespace {

constexpr auto kLongestBuild = std::chrono::hours(2);
constexpr size_t kLongestLine = 4096;
constexpr auto kLongestLook = std::chrono::minutes(10);  // into the cache, all of which may have to be read
constexpr std::string_view kDamaged = " is damaged";     // in what scripts say of that
constexpr std::string_view kElf = "\177ELF";

struct Maker {
  const char* verb;
  const char* script;
};

Maker maker(const Flavour& flavour) {
  return flavour.origin == Origin::kDebian ? Maker{"fetch", "fetch-kernel"} : Maker{"build", "build-kernel"};
}

// What the script said, without its name, when it was of damage; else nothing.
std::string damage_in(const std::string& line) {
  const size_t name = line.find(": ");
  return line.find(kDamaged) == std::string::npos || name == std::string::npos ? "" : line.substr(name + 2);
}

// Says those lines that have to stay, and notes all of them.
OnLine passed_on(const MakeVoice& voice) {
  return [&voice](const std::string& line) {
    if (const std::string damage = damage_in(line); !damage.empty()) {
      voice.say(damage);
    }
    voice.note(line);
  };
}

// The module of an installation: nothing is built there, so what is wrong can only be said.
Result<std::string> installed_module(const fs::path& file, const Kernel& kernel) {
  const std::string hint = fmt::format("build it in the source tree: make module KDIR={}", kernel.kdir.string());
  Result<std::string> module = read_file(file);
  if (!module) {
    return failure(fmt::format("no module for {} ({})", kernel.release, module.error().what), hint);
  }
  std::error_code error;
  const std::string folder = file.parent_path().string();
  const bool sealed = fs::exists(file.parent_path() / ".digests", error);
  if (!module->starts_with(kElf) ||
      (sealed &&
       !output_of({"sh", "-c", "cd \"$1\" && sha256sum --check --quiet .digests", "-", folder}, kLongestLook))) {
    return failure(file.string() + " is damaged", hint);
  }
  return module;
}

}  // namespace

Result<std::string> run_script(const std::vector<std::string>& argv, const Stop& stop, const OnLine& on_line) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    return failure(fmt::format("cannot run {}: {}", argv[0], std::strerror(errno)));
  }
  const UniqueFd read_end(ends[0]);
  UniqueFd write_end(ends[1]);
  Result<Child> child = Child::spawn({argv, {}, write_end.get(), kScriptGrace});
  if (!child) {
    return tl::unexpected(child.error());
  }
  write_end.reset();
  std::string last;
  LineSplitter lines(kLongestLine);
  const auto take = [&](std::string_view data) {
    lines.feed(data);
    while (const auto line = lines.next()) {
      if (!line->text.empty()) {
        last = line->text;
        on_line(last);
      }
    }
  };
  Pump pump(stop);
  bool ended = false;
  pump.watch(read_end.get(), take);
  pump.watch_once(child->pidfd(), [&] { ended = true; });
  const Pump::Wait waited = pump.run_until([&] { return ended; }, Clock::now() + kLongestBuild);
  if (waited == Pump::Wait::kStopped) {
    return interrupted();
  }
  if (waited == Pump::Wait::kTimeout) {
    return failure(fmt::format("{} did not end", argv[0]));
  }
  const std::optional<int> status = child->wait(std::chrono::seconds(5));
  pump.drain(Clock::now() + std::chrono::seconds(1));
  take("\n");
  if (!status || *status != 0) {
    return failure(fmt::format("{} failed ({}): {}", fs::path(argv[0]).filename().string(),
                               describe_status(status.value_or(0)), last));
  }
  return last;
}

bool kernel_is_cached(const Paths& paths, const Flavour& flavour, const Stop& stop) {
  return cached_kernel(paths, flavour, stop).has_value();
}

Result<Kernel> cached_kernel(const Paths& paths, const Flavour& flavour, const Stop& stop) {
  const Result<std::string> entry = output_of({paths.script("kernel-path").string(), flavour.name}, kLongestLook, stop);
  if (!entry && entry.error().kind == ErrorKind::kRefused) {
    return refused(fmt::format("no kernel for flavour {} in the cache ({})", flavour.name, entry.error().what),
                   fmt::format("get it with `zlt kernel {} {}`", maker(flavour).verb, flavour.name));
  }
  if (!entry) {
    return tl::unexpected(entry.error());
  }
  return load_kernel(last_line(*entry), flavour.name);
}

Result<Kernel> need_kernel(const Paths& paths, const Flavour& flavour, const Stop& stop, const MakeVoice& voice) {
  const Result<std::string> there = output_of({paths.script("kernel-path").string(), flavour.name}, kLongestLook, stop);
  if (!there && there.error().kind == ErrorKind::kInterrupted) {
    return tl::unexpected(there.error());
  }
  if (!there) {
    std::string damage;
    const OnLine pass = passed_on(voice);
    const Result<std::string> made =
        run_script({paths.script(maker(flavour).script).string(), flavour.name}, stop, [&](const std::string& line) {
          damage = damage.empty() ? damage_in(line) : damage;
          pass(line);
        });
    if (!made && made.error().kind != ErrorKind::kInterrupted && !damage.empty()) {
      return failure(fmt::format("{}: {}", damage, made.error().what),
                     fmt::format("make it again with `zlt kernel {} {}`", maker(flavour).verb, flavour.name));
    }
    if (!made) {
      return tl::unexpected(made.error());
    }
  }
  return cached_kernel(paths, flavour, stop);
}

Result<std::string> need_module(const Paths& paths, const Kernel& kernel, const Stop& stop, const MakeVoice& voice) {
  if (!paths.source_tree) {
    return installed_module(paths.modules / kernel.release / "zltorture.ko", kernel);
  }
  const Result<std::string> made =
      run_script({paths.script("build-module").string(), kernel.kdir.string()}, stop, passed_on(voice));
  if (!made) {
    return tl::unexpected(made.error());
  }
  return read_file(*made);
}

}  // namespace zlt::run
