// SPDX-License-Identifier: GPL-2.0-only
//
// A thread on reader_cpu that feeds a port: it allocates again and again under the lock of the port, and the port has a
// console that takes the lock to print.
#pragma once

#include "module/core/port.h"
#include "module/core/pressure/station.h"

namespace zlt {

class Feeder {
 public:
  // `port_class`: of the port's lock.
  Feeder(const ReaderSetup& setup, zlt_class& port_class)
      : setup_(setup),
        port_(setup.run, port_class, pressed::kConsoleWrites),
        console_(setup.run, port_),
        reader_(setup, 0, visits_),
        worker_(setup.run, "feeder", setup.run.reader_cpu(), main, this, "cannot start the feeder's thread") {}
  Feeder(const Feeder&) = delete;
  Feeder& operator=(const Feeder&) = delete;
  ~Feeder() = default;

  [[nodiscard]] uint64_t visits() const { return visits_.load(); }

 private:
  static void main(void* self) { static_cast<Feeder*>(self)->serve(); }
  void serve();

  const ReaderSetup& setup_;
  Port port_;
  PortConsole console_;
  Atomic<uint64_t> visits_{0};
  AtomicReader reader_;
  Worker worker_;
};

}  // namespace zlt
