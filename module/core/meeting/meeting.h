// SPDX-License-Identifier: GPL-2.0-only
//
// A meeting is one turn's rendezvous of one writer and one reader. It records how far the two have come; each of
// them only ever moves it forward.
#pragma once

#include "module/core/atomic.h"
#include "module/shim/zlt_shim.h"

namespace zlt {

class Meeting {
 public:
  enum class Stage : uint8_t {
    kApart,    // nothing arranged yet
    kAsked,    // the writer asked the reader to get ready
    kReady,    // the reader is ready: it holds what it has to hold
    kInvited,  // the writer is in its section; the reader may come
    kArrived,  // the reader is there
    kLeft,     // the reader is through, or gave up
  };
  enum class By : uint8_t { kInterrupt, kThread };  // what carries the reader to the writer

  // ---- writer ----
  void reset() {
    odd_.store(false);
    masked_.store(false);
    stage_.store(Stage::kApart);
  }
  void ask() { stage_.store(Stage::kAsked); }
  // `due_ns`: when the reader is wanted.
  void invite(By by, uint64_t due_ns) {
    by_ = by;
    due_ns_ = due_ns;
    stage_.store(Stage::kInvited);
  }
  // The reader was due inside the section, and masked interrupts held it off.
  void note_masked() { masked_.store(true); }

  // ---- reader ----
  // Not a step back when the writer has invited meanwhile.
  void ready() { stage_.advance(Stage::kAsked, Stage::kReady); }
  void arrive(bool odd) {
    odd_.store(odd);
    stage_.store(Stage::kArrived);
  }
  void leave() { stage_.store(Stage::kLeft); }

  // ---- both ----
  [[nodiscard]] Stage stage() const { return stage_.load(); }
  [[nodiscard]] bool met_odd() const { return odd_.load(); }
  [[nodiscard]] bool met_masked() const { return masked_.load() && !odd_.load(); }
  // Valid from kInvited on.
  [[nodiscard]] By by() const { return by_; }
  [[nodiscard]] uint64_t due_ns() const { return due_ns_; }

 private:
  Atomic<Stage> stage_{Stage::kApart};
  Atomic<bool> odd_{false};
  Atomic<bool> masked_{false};
  By by_ = By::kThread;  // written before kInvited is published
  uint64_t due_ns_ = 0;
};

}  // namespace zlt
