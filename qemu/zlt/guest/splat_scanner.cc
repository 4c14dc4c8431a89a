// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/guest/splat_scanner.h"

#include <string>
#include <utility>

#include "userspace/splat/scanner.h"

namespace zlt::run {
namespace {

constexpr size_t kMostReports = 64;  // of one case; a flood of them says no more
constexpr std::string_view kPanicLine = "Kernel panic - not syncing";
constexpr const char* kPanicFamily = "panic";

}  // namespace

class SplatScanner::Impl {
 public:
  explicit Impl(std::string log) : log_(std::move(log)) {}
  void feed(std::string_view data) {
    scanner_.feed(data);
    // The engine tells of a panic once its report is complete; whoever waits for the guest wants to know now.
    window_.append(data);
    panicked_ = panicked_ || window_.find(kPanicLine) != std::string::npos;
    if (window_.size() > kPanicLine.size()) {
      window_.erase(0, window_.size() - kPanicLine.size());
    }
  }
  void finish() { scanner_.finish(); }
  [[nodiscard]] const std::vector<report::Splat>& splats() const { return splats_; }
  [[nodiscard]] bool panicked() const { return panicked_; }

 private:
  void take(splat::Record&& record) {
    if (!record.note && splats_.size() < kMostReports) {
      report::Splat splat;
      splat.outcome = record.family == kPanicFamily ? kPanicFamily : "splat:" + record.kind;
      splat.log = log_;
      static_cast<splat::Record&>(splat) = std::move(record);
      splats_.push_back(std::move(splat));
    }
  }

  std::string log_;
  splat::Scanner scanner_{[this](splat::Record&& record) { take(std::move(record)); }};
  std::vector<report::Splat> splats_;
  std::string window_;  // the end of what was read, for a match across pieces
  bool panicked_ = false;
};

SplatScanner::SplatScanner(std::string log) : impl_(std::make_unique<Impl>(std::move(log))) {}
SplatScanner::~SplatScanner() = default;
void SplatScanner::feed(std::string_view data) {
  impl_->feed(data);
}
void SplatScanner::finish() {
  impl_->finish();
}
const std::vector<report::Splat>& SplatScanner::splats() const {
  return impl_->splats();
}
bool SplatScanner::panicked() const {
  return impl_->panicked();
}

}  // namespace zlt::run
