// SPDX-License-Identifier: GPL-2.0-only
//
// Kernel threads of the fake kernel. A thread that waits for another one still takes the interrupts of its CPU.
#include <atomic>
#include <thread>

#include "module/tests/fake_shim.h"
#include "module/tests/fake_shim_context.h"

using zlt::FakeKernel;

struct zlt_thread {
  std::thread worker;
  std::atomic<bool> started{false};
  std::atomic<bool> done{false};
};

extern "C" {

int zlt_thread_start(zlt_thread** thread, const char* name, unsigned int cpu, void (*function)(void*), void* argument) {
  FakeKernel& kernel = FakeKernel::current();
  if (kernel.config().thread_error != 0 && std::string(name) == kernel.config().failing_thread)
    return kernel.config().thread_error;
  auto* created = new zlt_thread;
  created->worker = std::thread([created, cpu, function, argument] {
    const zlt::fake::OnCpu on(cpu);
    created->started = true;
    function(argument);
    if (!zlt::fake::context().balanced()) FakeKernel::current().violation("a thread ends in atomic context");
    created->done = true;
  });
  while (!created->started) zlt::fake::relax();
  ++kernel.threads();
  *thread = created;
  return 0;
}

void zlt_thread_join(zlt_thread* thread) {
  FakeKernel& kernel = FakeKernel::current();
  if (!zlt::fake::preemptible()) kernel.violation("a thread is joined in atomic context");
  while (!thread->done) zlt_sleep_us(50);
  thread->worker.join();
  delete thread;
  --kernel.threads();
}
}
