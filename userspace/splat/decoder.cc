// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/decoder.h"

#include <utility>

#include "userspace/splat/anchors.h"
#include "userspace/splat/controls.h"
#include "userspace/splat/line.h"
#include "userspace/splat/text.h"

namespace zlt::splat {
namespace {

constexpr size_t kLongestJoined = 8192;

// "&gt;" or "</pre>" in it, which a plain log does not have: a cheap look before the dear one.
bool may_be_html(std::string_view text) {
  for (size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
    if (at + 2 >= text.size()) break;
    const char next = text[at + 1];
    if (next == '/' || (next >= 'a' && next <= 'z')) return true;
  }
  for (size_t at = text.find('&'); at != std::string_view::npos; at = text.find('&', at + 1)) {
    size_t end = at + 1;
    while (end < text.size() && end < at + 10 && (is_word(text[end]) || text[end] == '#')) ++end;
    if (end < text.size() && text[end] == ';') return true;
  }
  return false;
}

}  // namespace

void Decoder::reset() {
  quoted_printable_.reset();
  partial_.clear();
  waits_ = false;
}

bool Decoder::take(RawLine& line) {
  while (line.text.ends_with('\r')) line.text.remove_suffix(1);
  line.last_number = line.number;
  undone_ = 0;
  exact_ = true;
  const bool equals = line.text.find('=') != std::string_view::npos;
  if (!equals && !waits_) {
    undo(line);
    return true;
  }
  if (quoted_printable_.is_encoded(line.text)) {
    if (!waits_) {
      first_ = line;
      partial_.clear();
    }
    const bool more = QuotedPrintable::decode(line.text, partial_) && partial_.size() < kLongestJoined;
    first_.end = line.end;
    first_.last_number = line.number;
    first_.anchored = first_.anchored || line.anchored;
    waits_ = more;
    if (more) return false;
    return rest(line);
  }
  if (waits_) {
    // No encoding after all: the text goes on as it is.
    partial_.append("=").append(line.text);
    first_.end = line.end;
    first_.last_number = line.number;
    return rest(line);
  }
  undo(line);
  return true;
}

bool Decoder::rest(RawLine& line) {
  if (!waits_ && partial_.empty()) return false;
  undone_ = 0;
  exact_ = true;
  decoded_ = std::exchange(partial_, {});
  waits_ = false;
  const bool changed = decoded_.size() != first_.text.size() || first_.last_number != first_.number;
  line = first_;
  line.text = decoded_;
  if (changed) {
    undone_ |= kUndidQuotedPrintable;
    exact_ = false;
  }
  undo(line);
  return true;
}

void Decoder::undo(RawLine& line) {
  const Bytes bytes = look_at_bytes(line.text);
  wide_ = bytes.high;
  if (bytes.control || bytes.high) {
    clean_.clear();
    without_controls(line.text, clean_);
    exact_ = exact_ && clean_.size() == line.text.size();
    // Windows' characters are C1 where a text is not UTF-8; they come first.
    if (bytes.high && undo_typography(line.text, plain_)) {
      clean_.clear();
      without_controls(plain_, clean_);
      undone_ |= kUndidTypography;
    }
    line.text = clean_;
  }
  if (may_be_html(line.text) && undo_html(line.text, html_)) {
    undone_ |= kUndidHtml;
    line.text = html_;
    wide_ = wide_ || look_at_bytes(html_).high;
    if (wide_ && undo_typography(html_, plain_)) line.text = plain_;
  }
  if (undone_ != 0) {
    exact_ = false;
    line.anchored = line.anchored || find_anchor_slow(line.text, 0) < line.text.size();
  }
}

}  // namespace zlt::splat
