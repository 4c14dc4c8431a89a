// SPDX-License-Identifier: GPL-2.0-only
#include "module/tests/fake_shim_printk.h"

#include <algorithm>
#include <utility>

namespace zlt::fake {

Printk::Printk(FakeKernel& kernel) : kernel_(kernel), irq_work_(kernel.driver_cpu() + 1) {
  if (kernel.config().rt) servant_ = std::thread([this] { serve(); });
}

Printk::~Printk() {
  stop();
}

void Printk::stop() {
  {
    const std::lock_guard guard(mutex_);
    quit_ = true;
  }
  changed_.notify_all();
  if (servant_.joinable()) servant_.join();
}

void Printk::print(std::string line) {
  {
    const std::lock_guard guard(mutex_);
    lines_.push_back(std::move(line));
  }
  if (kernel_.config().rt) {
    changed_.notify_all();
  } else if (context().printk_deferred > 0) {
    irq_work_[current_cpu()] = true;
  } else {
    const bool irqs_were_off = mask_irqs();
    if (take_over()) write_and_unlock();
    try_write_out();
    restore_irqs(irqs_were_off);
  }
}

std::vector<std::string> Printk::lines() const {
  const std::lock_guard guard(mutex_);
  return lines_;
}

void Printk::run_irq_work(unsigned int cpu) {
  if (irq_work_[cpu].load() && irq_work_[cpu].exchange(false)) try_write_out();
}

void Printk::add(zlt_console* console) {
  lock_consoles();
  {
    const std::lock_guard guard(mutex_);
    console->next_line = lines_.size();
    consoles_.push_back(console);
  }
  unlock_consoles();
}

void Printk::remove(zlt_console* console) {
  lock_consoles();
  {
    const std::lock_guard guard(mutex_);
    std::erase(consoles_, console);
  }
  unlock_consoles();
}

void Printk::settle() {
  lock_consoles();
  unlock_consoles();
}

size_t Printk::consoles() const {
  const std::lock_guard guard(mutex_);
  return consoles_.size();
}

void Printk::lock_consoles() {
  if (!preemptible()) kernel_.violation("console_lock in atomic context");
  while (!try_console_lock()) relax();
}

void Printk::unlock_consoles() {
  write_and_unlock();
  try_write_out();
}

bool Printk::take_over() {
  {
    const std::lock_guard guard(mutex_);
    if (writing_ == nullptr || writing_ == &context() || waiting_) return false;
    waiting_ = true;
  }
  while (waiting_) relax();
  return true;
}

// Who neither gets the console lock nor may wait leaves his line to the one who has it, who looks once more after
// letting go.
void Printk::try_write_out() {
  while (pending() && try_console_lock()) write_and_unlock();
}

void Printk::write_and_unlock() {
  if (write_out()) console_lock_ = false;
}

bool Printk::write_out() {
  for (zlt_console* console : consoles_) {
    for (;;) {
      {
        const std::lock_guard guard(mutex_);
        if (console->next_line == lines_.size()) break;
        ++console->next_line;
        writing_ = &context();
      }
      console->write(console->argument);
      const std::lock_guard guard(mutex_);
      writing_ = nullptr;
      if (waiting_.exchange(false)) return false;
    }
  }
  return true;
}

bool Printk::pending() const {
  const std::lock_guard guard(mutex_);
  return std::any_of(consoles_.begin(), consoles_.end(),
                     [this](const zlt_console* console) { return console->next_line != lines_.size(); });
}

void Printk::serve() {
  std::unique_lock guard(mutex_);
  size_t seen = 0;
  while (!quit_) {
    if (lines_.size() == seen) {
      changed_.wait(guard);
      continue;
    }
    seen = lines_.size();
    guard.unlock();
    lock_consoles();
    unlock_consoles();
    guard.lock();
  }
}

}  // namespace zlt::fake

using zlt::FakeKernel;

extern "C" {

void zlt_printk_crit(const char* message) {
  FakeKernel::current().printk().print(std::string("zltorture: ") + message);
}

int zlt_printk_deferred_find() {
  FakeKernel& kernel = FakeKernel::current();
  if (!kernel.config().kprobes) return -95;  // EOPNOTSUPP, of the empty register_kprobe()
  if (kernel.config().kprobe_error == 0) kernel.printk().deferral_found() = true;
  return kernel.config().kprobe_error;
}

void zlt_printk_deferred_enter() {
  FakeKernel& kernel = FakeKernel::current();
  if (!kernel.printk().deferral_found()) zlt::fake::die("printk_deferred_enter was called before it was found");
  if (zlt::fake::preemptible() && zlt::fake::context().migration_off == 0 && kernel.config().atomic_sleep) {
    kernel.splat(zlt::abi::Outcome::kSplatNonMigratable);
  }
  ++zlt::fake::context().printk_deferred;
}

void zlt_printk_deferred_exit() {
  --zlt::fake::context().printk_deferred;
}

int zlt_console_register(zlt_console** console, const char*, void (*write)(void*), void* argument) {
  FakeKernel& kernel = FakeKernel::current();
  if (kernel.config().console_error != 0) return kernel.config().console_error;
  *console = new zlt_console{write, argument, 0};
  kernel.printk().add(*console);
  return 0;
}

void zlt_console_unregister(zlt_console* console) {
  FakeKernel::current().printk().remove(console);
  delete console;
}

void zlt_console_settle() {
  FakeKernel::current().printk().settle();
}
}
