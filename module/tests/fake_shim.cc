// SPDX-License-Identifier: GPL-2.0-only
//
// The fake kernel itself, its log, time and memory.
#include "module/tests/fake_shim.h"

#include <algorithm>
#include <chrono>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <thread>

#include "module/tests/fake_shim_context.h"
#include "module/tests/fake_shim_debugfs.h"
#include "module/tests/fake_shim_pages.h"
#include "module/tests/fake_shim_printk.h"
#include "module/tests/fake_shim_probe.h"
#include "module/tests/fake_shim_timers.h"

namespace zlt {
namespace {

std::atomic<FakeKernel*> the_kernel{nullptr};

}  // namespace

FakeKernel::FakeKernel(const FakeConfig& config) : config_(config) {
  if (the_kernel.exchange(this) != nullptr) fake::die("two kernels at once");
  printk_ = std::make_unique<fake::Printk>(*this);
  timers_ = std::make_unique<fake::Timers>(*this);
  debugfs_ = std::make_unique<fake::Debugfs>();
  probes_ = std::make_unique<fake::Probes>();
  pages_ = std::make_unique<fake::Pages>();
}

// A kernel that ends with something of the module's still in it: the module would run into freed memory.
FakeKernel::~FakeKernel() {
  if (threads_ != 0) fake::die("a thread of the module's was never joined");
  if (caches_ != 0) fake::die("a slab cache of the module's was never destroyed");
  if (timers_->alive() != 0) fake::die("a timer of the module's was never destroyed");
  if (printk_->consoles() != 0) fake::die("a console of the module's was never unregistered");
  if (debugfs_->present()) fake::die("the module's debugfs files were never removed");
  if (pages_->taken() != 0) fake::die("a page of the module's was never freed");
  if (pages_->registered() != 0) fake::die("a shrinker or memory notifier of the module's was never removed");
  if (probes_->planted() != 0) fake::die("a probe of the module's was never removed");
  if (!fake::context().balanced()) fake::die("the test ends in atomic context");
  printk_->stop();
  timers_.reset();
  printk_.reset();
  the_kernel = nullptr;
}

FakeKernel& FakeKernel::current() {
  FakeKernel* kernel = the_kernel;
  if (kernel == nullptr) fake::die("the shim is called without a kernel");
  return *kernel;
}

std::vector<std::string> FakeKernel::log() const {
  return printk_->lines();
}

bool FakeKernel::logged(const std::string& part) const {
  const auto lines = log();
  return std::any_of(lines.begin(), lines.end(),
                     [&](const std::string& line) { return line.find(part) != std::string::npos; });
}

std::vector<std::string> FakeKernel::violations() const {
  const std::lock_guard guard(mutex_);
  return violations_;
}

abi::Verdict FakeKernel::splats() const {
  const std::lock_guard guard(mutex_);
  return splats_;
}

std::optional<std::string> FakeKernel::read(const std::string& name) {
  return debugfs_->read(name);
}

int FakeKernel::write(const std::string& name, const std::string& text) {
  return debugfs_->write(name, text);
}

uint64_t FakeKernel::now_ns() const {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count()) * config_.time_scale;
}

void FakeKernel::violation(const std::string& what) {
  const std::lock_guard guard(mutex_);
  violations_.push_back(what);
}

void FakeKernel::splat(abi::Outcome outcome) {
  if (!config_.atomic_sleep) return;
  const std::lock_guard guard(mutex_);
  splats_ |= outcome;
}

void FakeKernel::slept(unsigned int us) {
  unsigned int longest = longest_sleep_us_;
  while (us > longest && !longest_sleep_us_.compare_exchange_weak(longest, us)) {
  }
}

}  // namespace zlt

using zlt::FakeKernel;

namespace {

std::string format_all(const char* format, va_list args) {
  char text[1024];
  std::vsnprintf(text, sizeof(text), format, args);
  return text;
}

}  // namespace

extern "C" {

void zlt_kernel_describe(zlt_kernel* kernel) {
  const auto& config = FakeKernel::current().config();
  *kernel = zlt_kernel{.release = config.release,
                       .version = ZLT_VERSION(6, 12),
                       .rt = config.rt,
                       .lockdep = config.lockdep,
                       .raw_nesting = config.raw_nesting,
                       .trylock_tells = config.trylock_tells,
                       .atomic_sleep = config.atomic_sleep,
                       .smp = config.smp,
                       .kprobes = config.kprobes,
                       .hot_remove = config.hot_remove,
                       .printk_deferral = zlt_printk_deferred_find()};
}

void zlt_log(zlt_level, const char* format, ...) {
  va_list args;
  va_start(args, format);
  const std::string line = format_all(format, args);
  va_end(args);
  FakeKernel::current().printk().print("zltorture: " + line);
}

int zlt_format(char* buffer, size_t size, const char* format, ...) {
  va_list args;
  va_start(args, format);
  const int length = std::vsnprintf(buffer, size, format, args);
  va_end(args);
  return std::min(length, static_cast<int>(size) - 1);
}

uint64_t zlt_now_ns() {
  zlt::fake::deliver_interrupts();
  return FakeKernel::current().now_ns();
}

void zlt_relax() {
  zlt::fake::relax();
}

void zlt_sleep_us(unsigned int us) {
  FakeKernel& kernel = FakeKernel::current();
  if (!zlt::fake::preemptible()) kernel.violation("scheduling while atomic: zlt_sleep_us");
  kernel.slept(us);
  const uint64_t until_ns = kernel.now_ns() + uint64_t{us} * 1000;
  for (;;) {
    zlt::fake::deliver_interrupts();
    const uint64_t now_ns = kernel.now_ns();
    if (now_ns >= until_ns) return;
    const uint64_t slice_ns = std::min<uint64_t>((until_ns - now_ns) / kernel.config().time_scale, 200'000);
    std::this_thread::sleep_for(std::chrono::nanoseconds(slice_ns + 1));
  }
}

bool zlt_irqs_disabled() {
  return zlt::fake::context().irqs_off;
}

bool zlt_in_hardirq() {
  return zlt::fake::context().hardirq;
}

bool zlt_preemptible() {
  return zlt::fake::preemptible();
}

unsigned int zlt_cpu() {
  return zlt::fake::current_cpu();
}

bool zlt_cpu_online(unsigned int cpu) {
  return cpu < FakeKernel::current().config().cpus;
}

unsigned int zlt_cpus_online() {
  return FakeKernel::current().config().cpus;
}

uint64_t zlt_random() {
  thread_local std::mt19937_64 generator{std::random_device{}()};
  return generator();
}

bool zlt_highres_timers() {
  return FakeKernel::current().config().highres_timers;
}

void* zlt_alloc_atomic(size_t size) {
  FakeKernel& kernel = FakeKernel::current();
  if (kernel.config().rt && zlt_in_hardirq()) kernel.violation("RT: an allocation in hard interrupt context");
  return kernel.config().alloc_fails ? nullptr : std::malloc(size);
}

void zlt_free(void* memory) {
  std::free(memory);
}
}
