// SPDX-License-Identifier: GPL-2.0-only
#include "module/core/watch/watch.h"

#include "module/core/result.h"

namespace zlt {

namespace {

constinit zlt_class watch_class = {"zlt_watch", {}};

constexpr const char kWriter[] = "__build_all_zonelists";

}  // namespace

constinit Watch kernel_watch;

void Watch::init() {
  mutex_.init(watch_class);
  state_ = State::kOff;
  reason_.clear();
  code_read_ = false;
  map_ = WriterMap();
  forget();
}

void Watch::forget() {
  owner_.store(nullptr);
  finishing_.store(0);
  rebuilds_.store(0);
  incomplete_.store(0);
  for (auto& count : by_ordering_) count.store(0);
  odd_ns_.store(0);
  odd_ns_min_.store(0);
  odd_ns_max_.store(0);
  probes_.forget_missed();
}

int Watch::refuse(int error) {
  zlt_log(ZLT_WARN, "watch: unsupported: %s", reason_.c_str());
  return error;
}

int Watch::on() {
  const auto guard = mutex_.lock();
  if (state_ == State::kOn) return 0;
  state_ = State::kUnsupported;
  reason_.clear();
  int error = code_read_ ? 0 : read_code();
  if (error != 0) return error;
  error = check_probes_fire(reason_);
  if (error != 0) return refuse(error);

  forget();
  error = plant();
  if (error != 0) {
    probes_.remove();
    return error;
  }
  state_ = State::kOn;
  return 0;
}

void Watch::off() {
  const auto guard = mutex_.lock();
  probes_.remove();
  if (state_ == State::kOn) state_ = State::kOff;
}

bool Watch::is_on() {
  const auto guard = mutex_.lock();
  return state_ == State::kOn;
}

int Watch::read_code() {
  FunctionCode code;
  const int error = code.read(kWriter, reason_);
  seqlock_ = error == 0 ? find_zonelist_seqlock(reason_) : nullptr;
  if (seqlock_ == nullptr) return refuse(error != 0 ? error : errc::kNotSupported);

  Text<80> name;
  map_ =
      WriterMap({code.bytes(), code.size(), code.address(), zlt_seqlock_sequence(seqlock_), zlt_seqlock_lock(seqlock_)},
                [&name](uint64_t target) {
                  const Location at(target);
                  name.clear();
                  if (at.at_start()) name.append("%.*s", at.name().size(), at.name().data());
                  return View(name.c_str());
                });
  if (!map_.complete()) {
    reason_.append("%s takes and drops no lock known here: a kernel for one CPU, or not for x86-64", kWriter);
    return refuse(errc::kNotSupported);
  }
  address_ = code.address();
  code_read_ = true;
  return 0;
}

int Watch::plant() {
  for (size_t i = 0; i < map_.count(); ++i) {
    spots_[i] = {this, map_[i].roles, i == 0};
    const int error = probes_.plant(address_ + map_[i].offset, hit, &spots_[i], reason_);
    if (error != 0) return refuse(error);
  }
  return 0;
}

// ---- handlers. They run in the writer's context with preemption off, take no lock, and are all that watching costs
// ----

void Watch::hit(void* argument, const zlt_hit* hit) {
  const Spot& spot = *static_cast<const Spot*>(argument);
  Watch& watch = *spot.watch;
  if (spot.first) watch.begin(*hit);
  if (watch.owner_.load() != hit->task) return;
  if ((spot.roles & kDeferred) != 0) watch.deferred();
  if ((spot.roles & kLocking) != 0) watch.locking(*hit);
  if ((spot.roles & kOddFrom) != 0) watch.current_.odd_from_ns = zlt_clock_ns();
  if ((spot.roles & kOddTo) != 0) watch.finish();
}

void Watch::begin(const zlt_hit& hit) {
  if (owner_.load() != nullptr) incomplete_.store(incomplete_.load() + 1);
  current_.seen = {};
  current_.odd_from_ns = 0;
  owner_.store(hit.task);
}

void Watch::deferred() {
  current_.seen.deferral = (zlt_seq_peek(seqlock_) & 1) != 0 ? Evidence::Deferral::kOdd : Evidence::Deferral::kEven;
}

void Watch::locking(const zlt_hit& hit) {
  if (!map_.lock_is_certain() && hit.argument != zlt_seqlock_lock(seqlock_)) return;
  current_.seen.locked = true;
  current_.seen.lock_masks = map_.lock_masks();
  current_.seen.irqs_off = hit.irqs_off;
}

void Watch::finish() {
  current_.odd_to_ns = zlt_clock_ns();
  if (current_.seen.locked && current_.odd_from_ns != 0) {
    zlt_task task = {};
    zlt_task_describe(&task);
    current_.pid = task.pid;
    __builtin_memcpy(current_.comm, task.comm, sizeof(current_.comm));
    current_.cpu = zlt_cpu();
    current_.zonelists = zlt_nodes_online();
    current_.ordering = ordering_of(current_.seen);
    publish();
  } else {
    incomplete_.add(1);
  }
  owner_.store(nullptr);
}

void Watch::publish() {
  const uint64_t odd_ns = current_.odd_to_ns - current_.odd_from_ns;
  const uint64_t number = rebuilds_.load();
  finishing_.store(number + 1);
  if (number == 0 || odd_ns < odd_ns_min_.load()) odd_ns_min_.store(odd_ns);
  if (odd_ns > odd_ns_max_.load()) odd_ns_max_.store(odd_ns);
  odd_ns_.store(odd_ns_.load() + odd_ns);
  auto& same = by_ordering_[static_cast<size_t>(current_.ordering)];
  same.store(same.load() + 1);
  kept_[number % (kKept + 1)].store(current_);
  rebuilds_.store(number + 1);
}

}  // namespace zlt
