// SPDX-License-Identifier: GPL-2.0-only
//
// A kernel made of threads: the second implementation of module/shim/zlt_shim.h, for the host.
//
// A fake CPU is a number that a thread is bound to. One thread for each CPU is the faithful case, and all that the
// scenarios need. A thread delivers its interrupts itself, wherever it calls the shim while they are not masked. The
// thread that drives a test has a CPU of its own, which is not among the online ones.
//
// One FakeKernel lives at a time. What would crash a real kernel is collected in violations(): a test that ends with
// any has failed. What would hang a real machine for good inside one thread ends the process.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "module/abi/verdict.h"
#include "module/shim/zlt_shim.h"

namespace zlt {

namespace fake {
class Timers;
class Printk;
class Debugfs;
class Probes;
class Pages;
}  // namespace fake

struct FakeConfig {
  const char* release = "6.12.0-fake";
  bool rt = false;
  bool lockdep = false;
  bool raw_nesting = false;
  bool trylock_tells = true;
  bool atomic_sleep = false;
  bool smp = true;
  bool kprobes = true;
  bool hot_remove = false;
  bool highres_timers = true;
  unsigned int cpus = 2;    // online
  unsigned int nodes = 2;   // online
  uint64_t time_scale = 1;  // fake nanoseconds in a real one: makes the core's limits cheap to reach

  // Errors to inject; errno values are negative, 0 is none.
  int debugfs_error = 0;
  int kprobe_error = 0;
  int console_error = 0;
  int cache_error = 0;
  int thread_error = 0;
  const char* failing_thread = "";  // the name thread_error applies to
  bool alloc_fails = false;         // except for those who can wait
  bool timers_fire = true;
};

class FakeKernel {
 public:
  explicit FakeKernel(const FakeConfig& config = {});
  ~FakeKernel();
  FakeKernel(const FakeKernel&) = delete;
  FakeKernel& operator=(const FakeKernel&) = delete;

  static FakeKernel& current();

  // ---- what a test sees ----
  [[nodiscard]] const FakeConfig& config() const { return config_; }
  [[nodiscard]] std::vector<std::string> log() const;  // without levels, as `dmesg -t` shows it
  [[nodiscard]] bool logged(const std::string& part) const;
  [[nodiscard]] std::vector<std::string> violations() const;
  [[nodiscard]] abi::Verdict splats() const;  // of the checks that this kernel has and the fake knows: atomic_sleep
  [[nodiscard]] unsigned int longest_sleep_us() const { return longest_sleep_us_.load(); }
  // debugfs as a process sees it: nothing and -ENOENT when there is no such file.
  [[nodiscard]] std::optional<std::string> read(const std::string& name);
  [[nodiscard]] int write(const std::string& name, const std::string& text);

  // ---- for the implementation ----
  [[nodiscard]] uint64_t now_ns() const;
  [[nodiscard]] unsigned int driver_cpu() const { return config_.cpus; }
  void violation(const std::string& what);
  void splat(abi::Outcome outcome);
  void slept(unsigned int us);
  fake::Timers& timers() { return *timers_; }
  fake::Printk& printk() { return *printk_; }
  fake::Debugfs& debugfs() { return *debugfs_; }
  fake::Probes& probes() { return *probes_; }
  fake::Pages& pages() { return *pages_; }
  std::atomic<int>& threads() { return threads_; }
  std::atomic<int>& caches() { return caches_; }

 private:
  const FakeConfig config_;
  mutable std::mutex mutex_;
  std::vector<std::string> violations_;
  abi::Verdict splats_;
  std::atomic<unsigned int> longest_sleep_us_{0};
  std::atomic<int> threads_{0};  // started and not joined
  std::atomic<int> caches_{0};   // created and not destroyed
  std::unique_ptr<fake::Printk> printk_;
  std::unique_ptr<fake::Timers> timers_;
  std::unique_ptr<fake::Debugfs> debugfs_;
  std::unique_ptr<fake::Probes> probes_;
  std::unique_ptr<fake::Pages> pages_;
};

}  // namespace zlt
