// SPDX-License-Identifier: GPL-2.0-only
//
// A port is what a serial driver has: a lock, and a registered console whose write() takes that lock.
#pragma once

#include "module/core/lock.h"
#include "module/core/run.h"

namespace zlt {

class Port {
 public:
  // `writes`: where the calls of the console's write() are counted.
  Port(Run& run, zlt_class& cls, Counter writes) : run_(run), lock_(cls), writes_(writes) {}

  // The feeder's side: as tty_insert_flip_string_and_push_buffer() holds port->lock while it allocates.
  auto lock_irqsave() { return lock_.lock_irqsave(); }
  // The console waits for the lock now.
  [[nodiscard]] const Atomic<bool>& wanted() const { return wanted_; }

 private:
  friend class PortConsole;
  void write() {
    wanted_.store(true);
    {
      const auto held = lock_.lock_irqsave();
      run_.count(writes_);
    }
    wanted_.store(false);
  }

  Run& run_;
  SpinLock lock_;
  Counter writes_;
  Atomic<bool> wanted_{false};
};

// The registration of a port's console.
class PortConsole {
 public:
  PortConsole(Run& run, Port& port) {
    const int error = zlt_console_register(&console_, "zltport", write, &port);
    if (error != 0) run.fail("cannot register the port console", error);
  }
  ~PortConsole() {
    if (console_ != nullptr) zlt_console_unregister(console_);
  }
  PortConsole(const PortConsole&) = delete;
  PortConsole& operator=(const PortConsole&) = delete;

 private:
  static void write(void* port) { static_cast<Port*>(port)->write(); }

  zlt_console* console_ = nullptr;
};

// What a feeder holds while it reads.
struct HoldsPort {
  Port* port;
  auto operator()() const { return port->lock_irqsave(); }
};

}  // namespace zlt
