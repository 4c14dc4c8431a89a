// SPDX-License-Identifier: GPL-2.0-only
//
// printk of the fake kernel: a log, and consoles. The thread that prints writes to the consoles at once; while
// printing is deferred, the next interrupt of its CPU does it. A thread that prints while another one writes waits
// to take over, one at a time, as in console_trylock_spinning(): that is how a writer gets stuck behind somebody
// else's line. On RT a separate thread writes.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "module/tests/fake_shim.h"
#include "module/tests/fake_shim_context.h"

struct zlt_console {
  void (*write)(void*);
  void* argument;
  size_t next_line;  // the first one it has not written
};

namespace zlt::fake {

class Printk {
 public:
  explicit Printk(FakeKernel& kernel);
  ~Printk();
  Printk(const Printk&) = delete;
  Printk& operator=(const Printk&) = delete;

  void print(std::string line);
  [[nodiscard]] std::vector<std::string> lines() const;
  void run_irq_work(unsigned int cpu);

  void add(zlt_console* console);
  void remove(zlt_console* console);
  // console_lock, console_unlock
  void settle();
  [[nodiscard]] size_t consoles() const;
  [[nodiscard]] bool pending() const;  // a console has lines to write
  void stop();  // ends the printing thread, which answers interrupts and so must go before the timers

  std::atomic<bool>& deferral_found() { return deferral_found_; }

 private:
  [[nodiscard]] bool try_console_lock() { return !console_lock_.exchange(true); }
  [[nodiscard]] bool take_over();  // from the one who writes, spinning
  void lock_consoles();
  void unlock_consoles();
  void try_write_out();
  // Console lock held. False: a waiter has taken over, with the lock.
  [[nodiscard]] bool write_out();
  void write_and_unlock();
  void serve();  // the body of the RT printing thread

  FakeKernel& kernel_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool quit_ = false;
  std::vector<std::string> lines_;
  std::vector<zlt_console*> consoles_;  // changed under both locks
  std::atomic<bool> console_lock_{false};
  const Context* writing_ = nullptr;         // inside a console's write()
  std::atomic<bool> waiting_{false};         // somebody wants to take over
  std::vector<std::atomic<bool>> irq_work_;  // by CPU
  std::atomic<bool> deferral_found_{false};
  std::thread servant_;
};

}  // namespace zlt::fake
