// SPDX-License-Identifier: GPL-2.0-only
#include "module/tests/fake_shim_probe.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "module/tests/fake_shim.h"

namespace zlt::fake {

void Probes::add(const Symbol& symbol) {
  const std::lock_guard guard(mutex_);
  symbols_.push_back(symbol);
}

void Probes::set_code(uint64_t address, const std::vector<uint8_t>& bytes) {
  const std::lock_guard guard(mutex_);
  code_[address] = bytes;
}

void Probes::set_seqlock(const KernelSeqlock& seqlock) {
  seqlock_ = seqlock;
}

void Probes::refuse(uint64_t address, int error) {
  const std::lock_guard guard(mutex_);
  refused_[address] = error;
}

bool Probes::hit(uint64_t address, const zlt_hit& hit) {
  std::vector<zlt_probe*> there;
  {
    const std::lock_guard guard(mutex_);
    if (!armed_) return false;
    const auto range = planted_.equal_range(address);
    std::transform(range.first, range.second, std::back_inserter(there), [](const auto& pair) { return pair.second; });
  }
  for (zlt_probe* probe : there) probe->function(probe->argument, &hit);
  return !there.empty();
}

size_t Probes::planted() const {
  const std::lock_guard guard(mutex_);
  return planted_.size();
}

int Probes::address_of(const std::string& name, unsigned long& address) const {
  const std::lock_guard guard(mutex_);
  for (const Symbol& symbol : symbols_) {
    if (symbol.name != name) continue;
    address = symbol.address;
    return 0;
  }
  return -ENOENT;
}

std::string Probes::location(uint64_t address) const {
  const std::lock_guard guard(mutex_);
  char text[160];
  std::snprintf(text, sizeof(text), "0x%llx", static_cast<unsigned long long>(address));
  for (const Symbol& symbol : symbols_) {
    if (address < symbol.address || address >= symbol.address + symbol.size) continue;
    std::snprintf(text, sizeof(text), "%s+0x%llx/0x%llx", symbol.name.c_str(),
                  static_cast<unsigned long long>(address - symbol.address),
                  static_cast<unsigned long long>(symbol.size));
  }
  return text;
}

int Probes::read(void* to, uint64_t from, size_t size) const {
  const std::lock_guard guard(mutex_);
  const auto code = code_.find(from);
  if (code == code_.end() || code->second.size() < size) return -EFAULT;
  std::memcpy(to, code->second.data(), size);
  return 0;
}

int Probes::plant(zlt_probe* probe, uint64_t address) {
  const std::lock_guard guard(mutex_);
  const auto refused = refused_.find(address);
  if (refused != refused_.end()) return refused->second;
  const bool known = std::any_of(symbols_.begin(), symbols_.end(), [address](const Symbol& symbol) {
    return address >= symbol.address && address < symbol.address + symbol.size;
  });
  if (!known) FakeKernel::current().violation("a probe outside the kernel's functions");
  planted_.emplace(address, probe);
  return 0;
}

void Probes::remove(zlt_probe* probe) {
  const std::lock_guard guard(mutex_);
  const auto found =
      std::find_if(planted_.begin(), planted_.end(), [&](const auto& pair) { return pair.second == probe; });
  if (found == planted_.end()) return FakeKernel::current().violation("a probe is removed that is not there");
  planted_.erase(found);
}

}  // namespace zlt::fake

using zlt::FakeKernel;

extern "C" {

int zlt_symbol_address(const char* name, unsigned long* address) {
  FakeKernel& kernel = FakeKernel::current();
  if (!kernel.config().kprobes) return -EOPNOTSUPP;
  return kernel.probes().address_of(name, *address);
}

void zlt_symbol_location(unsigned long address, char* text, size_t size) {
  std::snprintf(text, size, "%s", FakeKernel::current().probes().location(address).c_str());
}

int zlt_kernel_read(void* to, unsigned long from, size_t size) {
  return FakeKernel::current().probes().read(to, from, size);
}

int zlt_probe_register(zlt_probe* probe, unsigned long address, void (*function)(void*, const zlt_hit*),
                       void* argument) {
  FakeKernel& kernel = FakeKernel::current();
  if (!kernel.config().kprobes) return -EOPNOTSUPP;
  probe->function = function;
  probe->argument = argument;
  return kernel.probes().plant(probe, address);
}

void zlt_probes_unregister(zlt_probe* const* probes, size_t count) {
  for (size_t i = 0; i < count; ++i) FakeKernel::current().probes().remove(probes[i]);
}

unsigned long zlt_probe_missed(const zlt_probe*) {
  return FakeKernel::current().probes().missed();
}

unsigned long zlt_probe_target() {
  return zlt::fake::Probes::kTarget;
}

void zlt_probe_target_call() {
  FakeKernel::current().probes().hit(zlt::fake::Probes::kTarget, zlt_hit{});
}

void zlt_task_describe(zlt_task* task) {
  *task = zlt_task{.pid = 42, .comm = "kworker/0:1 x"};
}

uint64_t zlt_clock_ns() {
  return FakeKernel::current().now_ns();
}

unsigned int zlt_nodes_online() {
  return FakeKernel::current().config().nodes;
}

const zlt_seqlock* zlt_seqlock_at(unsigned long) {
  return FakeKernel::current().probes().seqlock().actual;
}

unsigned long zlt_seqlock_lock(const zlt_seqlock*) {
  return FakeKernel::current().probes().seqlock().lock;
}

unsigned long zlt_seqlock_sequence(const zlt_seqlock*) {
  return FakeKernel::current().probes().seqlock().sequence;
}
}
