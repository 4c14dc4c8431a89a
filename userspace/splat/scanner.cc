// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/scanner.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "userspace/splat/analyse.h"
#include "userspace/splat/anchors.h"
#include "userspace/splat/reader.h"
#include "userspace/splat/reboot.h"
#include "userspace/splat/reports.h"
#include "userspace/splat/text.h"

namespace zlt::splat {
namespace {

constexpr size_t kTail = 4096;  // how much of the log behind a boot is looked at; exactly that, whatever the pieces
static_assert(kTail <= kMaxLine);

}  // namespace

// Cuts the log into lines, but only where it has to: while no report is open, only lines that hold an anchor are looked
// at.
class Scanner::Impl {
 public:
  explicit Impl(Sink sink) : reports_(std::move(sink)), reader_(reports_) {}

  void feed(std::string_view piece) {
    if (!carry_.empty() || skipping_) {
      const size_t newline = piece.find('\n');
      take_rest(piece.substr(0, newline));
      if (newline == std::string_view::npos) return;
      finish_line(true);
      piece.remove_prefix(newline + 1);
    }
    const size_t last = piece.rfind('\n');
    const size_t whole = last == std::string_view::npos ? 0 : last + 1;
    block(piece.substr(0, whole));
    take_rest(piece.substr(whole));
  }

  void finish() {
    if (!carry_.empty()) finish_line(false);
    reader_.flush();
    reports_.finish();
  }

  void settle() {
    reader_.flush();
    reports_.settle();
  }

 private:
  // The beginning of a line whose end is not here yet. What goes beyond kMaxLine is dropped but counted.
  void take_rest(std::string_view part) {
    const size_t room = kMaxLine - std::min(kMaxLine, carry_.size());
    carry_.append(part.substr(0, room));
    if (part.size() > room) {
      skipped_ += part.size() - room;
      keep_end(skipped_end_, part.substr(room));
      skipping_ = true;
    }
  }

  void finish_line(bool newline) {
    if (newline && skipped_ == 0) carry_.push_back('\n');
    const uint64_t end = offset_ + carry_.size() + skipped_ + (newline && skipped_ != 0 ? 1 : 0);
    const std::string line = std::exchange(carry_, {});
    const bool cut = std::exchange(skipping_, false);
    skipped_ = 0;
    if (cut) {
      one_line(line, line_ + 1, offset_, end, find_anchor(line, 0) < line.size());
      keep_end(tail_, line);
      keep_end(tail_, std::exchange(skipped_end_, {}));
      if (newline) keep_end(tail_, "\n");
      line_ += newline ? 1 : 0;
    } else {
      block(line);
    }
    offset_ = end;
  }

  // Whole lines, the last of the log perhaps without its newline.
  void block(std::string_view text) {
    size_t at = 0;      // begin of the first line not yet read
    size_t anchor = 0;  // of the first anchor at or behind `at`
    bool known = false;
    while (at < text.size()) {
      if (!known || anchor < at) {
        anchor = find_anchor(text, at);
        known = true;
      }
      if (reader_.idle()) {
        if (anchor == text.size()) break;
        const size_t newline = text.rfind('\n', anchor);
        const size_t begin = newline == std::string_view::npos || newline < at ? at : newline + 1;
        line_ += count_newlines(text.substr(at, begin - at));
        at = begin;
      }
      const auto* end = static_cast<const char*>(std::memchr(text.data() + at, '\n', text.size() - at));
      const size_t next = end == nullptr ? text.size() : static_cast<size_t>(end - text.data()) + 1;
      const size_t length = end == nullptr ? next - at : next - at - 1;
      before_ = text.substr(0, at);
      one_line(text.substr(at, std::min(length, kMaxLine)), line_ + 1, offset_ + at, offset_ + next,
               anchor >= at && anchor < next);
      line_ += end == nullptr ? 0 : 1;
      at = next;
    }
    if (at < text.size()) line_ += count_newlines(text.substr(at));
    before_ = {};
    if (reader_.idle()) reports_.pass(line_ + 1);
    keep_end(tail_, text);
    offset_ += text.size();
  }

  void one_line(std::string_view raw, uint64_t number, uint64_t begin, uint64_t end, bool anchored) {
    RawLine line;
    line.text = raw;
    line.number = number;
    line.begin = begin;
    line.end = end;
    line.anchored = anchored;
    line.again = number == last_number_ + 1 && raw == last_raw_ && is_stamped(raw);
    last_number_ = number;
    last_raw_ = raw;
    if (anchored && (contains(raw, "Linux version ") || contains(raw, "Booting the kernel"))) look_for_boot(line);
    reader_.line(line);
  }

  void look_for_boot(const RawLine& raw) {
    Line line;
    line.number = raw.number;
    line.begin = raw.begin;
    line.end = raw.end;
    RawLine decoded = raw;
    decoder_.reset();
    if (!decoder_.take(decoded) && !decoder_.rest(decoded)) return;
    splitter_.reset(decoded.text.substr(0, decoded.text.find('\n')));
    size_t at = 0;
    while (splitter_.next(line.text, line.source, at)) {
      if (!is_boot_banner(line.text)) continue;
      const size_t banner = line.text.find("Linux version ");
      if (banner != std::string_view::npos) line.text.remove_prefix(banner);
      boot(line, raw.text);
    }
  }

  static bool is_stamped(std::string_view raw) {
    const size_t open = raw.find('[');
    return open != std::string_view::npos && stamp_length(raw.substr(open), true) > 0;
  }

  void boot(const Line& banner, std::string_view raw) {
    const uint64_t line_begin = offset_ + before_.size();
    std::string log = tail_;
    keep_end(log, before_);
    if (log.size() > kTail) log.erase(0, log.size() - kTail);
    if (log.size() < line_begin) log.erase(0, std::min(log.size(), log.find('\n')) + 1);  // its first line is cut
    const Reboot reboot = look_for_reboot(log, raw);
    if (!reboot.unexpected) return;
    const std::string_view behind = std::string_view(log).substr(reboot.last_line);
    Line last;
    last.begin = line_begin - behind.size();
    last.number = banner.number - count_newlines(behind);
    reader_.flush();
    reports_.reboot(last, banner);
  }

  // Appends to `kept`, of which only the last kTail bytes matter.
  static void keep_end(std::string& kept, std::string_view text) {
    kept.append(text.substr(text.size() - std::min(text.size(), kTail)));
    if (kept.size() > 4 * kTail) kept.erase(0, kept.size() - kTail);
  }

  Reports reports_;
  Reader reader_;
  Decoder decoder_;  // of lines that may say that a kernel boots
  LineSplitter splitter_;
  std::string carry_;
  std::string tail_;         // the log in front of the block: its last kTail bytes at least
  std::string skipped_end_;  // of what a line beyond kMaxLine lost
  std::string_view before_;  // of the block, in front of the line that is being read
  std::string last_raw_;     // the line that was looked at last
  uint64_t last_number_ = 0;
  uint64_t skipped_ = 0;
  bool skipping_ = false;
  uint64_t offset_ = 0;  // of the block, or of the carried line, in the log
  uint64_t line_ = 0;    // lines that are behind us
};

Scanner::Scanner(Sink sink) : impl_(std::make_unique<Impl>(std::move(sink))) {}
Scanner::~Scanner() = default;

void Scanner::feed(std::string_view piece) {
  impl_->feed(piece);
}

void Scanner::finish() {
  impl_->finish();
}

void Scanner::settle() {
  impl_->settle();
}

std::vector<Record> scan(std::string_view log) {
  std::vector<Record> records;
  Scanner scanner([&](Record&& record) {
    if (!record.note) records.push_back(std::move(record));
  });
  scanner.feed(log);
  scanner.finish();
  return records;
}

}  // namespace zlt::splat
