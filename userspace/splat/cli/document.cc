// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/cli/document.h"

#include <algorithm>
#include <array>
#include <utility>

#include "userspace/splat/text.h"
#include "userspace/splat/undo.h"

namespace zlt::splat {
namespace {

constexpr size_t kHead = 1024;  // bytes that have to tell what it is
constexpr size_t kLongestLine = 65536;
constexpr size_t kLongestField = 4096;
constexpr size_t kMostParts = 16;  // parts in parts

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

// "Name: value" of a mail's head.
bool is_field(std::string_view line) {
  const size_t colon = line.find(':');
  if (colon == 0 || colon == std::string_view::npos || colon > 40) return false;
  for (const char c : line.substr(0, colon)) {
    if (!is_word(c) && c != '-') return false;
  }
  return true;
}

// Whether a file begins as a mail does: its first lines are fields, and one of them is of those every mail has.
bool is_mail(std::string_view head) {
  constexpr auto kFields =
      std::to_array<std::string_view>({"from:", "received:", "message-id:", "return-path:", "delivered-to:",
                                       "mime-version:", "subject:", "date:", "to:", "dkim-signature:", "x-mailer:"});
  int known = 0;
  if (head.starts_with("From ") && head.find('\n') != std::string_view::npos) head.remove_prefix(head.find('\n') + 1);
  for (int number = 0; number < 12 && !head.empty(); ++number) {
    const std::string_view line = head.substr(0, head.find('\n'));
    head.remove_prefix(std::min(line.size() + 1, head.size()));
    if (line.empty() || line == "\r") break;
    if (line[0] == ' ' || line[0] == '\t') {
      if (number == 0) return false;
      continue;
    }
    if (!is_field(line)) return false;
    const std::string field = lower(line.substr(0, line.find(':') + 1));
    known += std::find(kFields.begin(), kFields.end(), field) != kFields.end() ? 1 : 0;
  }
  return known >= 2;
}

bool is_page(std::string_view head) {
  const size_t text = head.find_first_not_of(" \t\r\n\xef\xbb\xbf");
  if (text == std::string_view::npos) return false;
  const std::string start = lower(head.substr(text, 64));
  return start.starts_with("<!doctype html") || start.starts_with("<html");
}

int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (is_digit(c)) return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

// The value of `name` in "text/plain; charset=utf-8; boundary=\"x\"".
std::string parameter(std::string_view field, std::string_view name) {
  const std::string small = lower(field);
  for (size_t at = small.find(name); at != std::string::npos; at = small.find(name, at + 1)) {
    const size_t equals = at + name.size();
    if (at == 0 || is_word(small[at - 1]) || equals >= small.size() || small[equals] != '=') continue;
    std::string_view value = field.substr(equals + 1);
    if (value.starts_with('"')) return std::string(value.substr(1, value.find('"', 1) - 1));
    return std::string(value.substr(0, value.find_first_of("; \t")));
  }
  return {};
}

}  // namespace

bool Document::feed(std::string_view piece) {
  if (form_ == Form::kUnknown) {
    head_.append(piece);
    if (head_.size() < kHead) return more_;
    decide();
    return more_;
  }
  if (form_ == Form::kPlain) {
    more_ = more_ && sink_(piece);
  } else {
    lines(piece);
  }
  return more_;
}

bool Document::finish() {
  if (form_ == Form::kUnknown) decide();
  if (!carry_.empty()) line(std::exchange(carry_, {}), false);
  if (form_ == Form::kMail) end_part();
  return more_;
}

void Document::decide() {
  form_ = is_mail(head_) ? Form::kMail : is_page(head_) ? Form::kPage : Form::kPlain;
  const std::string head = std::exchange(head_, {});
  if (!head.empty()) (void)feed(head);
}

void Document::lines(std::string_view piece) {
  while (!piece.empty() && more_) {
    const size_t end = piece.find('\n');
    carry_.append(piece.substr(0, end));
    if (end == std::string_view::npos && carry_.size() < kLongestLine) return;
    piece.remove_prefix(end == std::string_view::npos ? piece.size() : end + 1);
    const std::string text = std::exchange(carry_, {});
    line(text, true);
  }
}

void Document::line(std::string_view text, bool whole) {
  if (text.ends_with('\r')) text.remove_suffix(1);
  if (form_ == Form::kMail) {
    mail_line(text);
  } else {
    page_line(text);
    if (whole && hidden_.empty()) put("\n");
  }
}

void Document::mail_line(std::string_view text) {
  // mbox: the next message begins with a line of its own.
  if (blank_ && text.starts_with("From ") && contains(text, ":")) {
    end_part();
    in_headers_ = true;
    boundaries_.clear();
    blank_ = false;
    field_.clear();
    return;
  }
  blank_ = text.empty();
  if (text.starts_with("--")) {
    for (size_t i = boundaries_.size(); i > 0; --i) {
      const std::string& boundary = boundaries_[i - 1];
      if (!text.substr(2).starts_with(boundary)) continue;
      end_part();
      const bool closes = text.substr(2 + boundary.size()).starts_with("--");
      boundaries_.resize(closes ? i - 1 : i);
      in_headers_ = !closes;
      text_ = false;  // what stands behind the last part is for readers of long ago
      field_.clear();
      return;
    }
  }
  if (in_headers_) {
    header(text);
  } else if (text_) {
    body(text);
  }
}

void Document::header(std::string_view text) {
  if (!text.empty() && (text[0] == ' ' || text[0] == '\t') && !field_.empty()) {
    if (field_.size() < kLongestField) field_.append(text);
    return;
  }
  const std::string field = std::exchange(field_, std::string(text.substr(0, kLongestField)));
  const std::string small = lower(field);
  if (small.starts_with("content-transfer-encoding:")) {
    encoding_ = contains(small, "base64")             ? Encoding::kBase64
                : contains(small, "quoted-printable") ? Encoding::kQuotedPrintable
                                                      : Encoding::kNone;
  } else if (small.starts_with("content-type:")) {
    const std::string_view type = trim(std::string_view(small).substr(13));
    text_ = type.starts_with("text/") || type.starts_with("message/") || type.starts_with("application/octet-stream") ||
            contains(type, "log");
    if (type.starts_with("multipart/")) {
      const std::string boundary = parameter(field, "boundary");
      if (!boundary.empty() && boundaries_.size() < kMostParts) boundaries_.push_back(boundary);
    }
    if (type.starts_with("message/rfc822")) in_headers_ = true;
  }
  if (text.empty()) end_headers();
}

void Document::end_headers() {
  in_headers_ = false;
  field_.clear();
}

void Document::body(std::string_view text) {
  switch (encoding_) {
    case Encoding::kNone:
      put(text);
      put("\n");
      break;
    case Encoding::kQuotedPrintable: {
      std::string out;
      const bool soft = QuotedPrintable::decode(text, out);
      put(out);
      if (!soft) put("\n");
      break;
    }
    case Encoding::kBase64: {
      bits_ += trim(text);
      std::string out;
      size_t at = 0;
      for (; at + 4 <= bits_.size(); at += 4) {
        uint32_t word = 0;
        int bytes = 0;
        for (size_t i = 0; i < 4; ++i) {
          const int value = base64_value(bits_[at + i]);
          bytes += value >= 0 ? 1 : 0;
          word = word << 6U | static_cast<uint32_t>(std::max(value, 0));
        }
        for (int i = 0; i + 1 < bytes; ++i) out.push_back(static_cast<char>(word >> (16 - 8 * i) & 0xffU));
      }
      bits_.erase(0, at);
      if (out.find('\0') != std::string::npos) {
        text_ = false;  // no text after all
      } else {
        put(out);
      }
      break;
    }
  }
}

void Document::end_part() {
  if (!in_headers_) put("\n\n");
  encoding_ = Encoding::kNone;
  text_ = true;
  bits_.clear();
}

// A page's lines are its source's: a line break of the page has to become one of the text. Tags and entities are the
// engine's to undo.
void Document::page_line(std::string_view text) {
  constexpr auto kHidden = std::to_array<std::string_view>({"script", "style"});
  while (!text.empty() && more_) {
    if (!hidden_.empty()) {
      const size_t end = text.find("</" + hidden_);
      if (end == std::string_view::npos) return;
      text.remove_prefix(end);
      hidden_.clear();
    }
    const size_t open = text.find('<');
    const size_t close = open == std::string_view::npos ? open : text.find('>', open);
    if (close == std::string_view::npos) {
      put(text);
      return;
    }
    put(text.substr(0, close + 1));
    const std::string tag = lower(text.substr(open + 1, std::min<size_t>(close - open - 1, 16)));
    text.remove_prefix(close + 1);
    for (const std::string_view name : kHidden) {
      if (tag.starts_with(name)) hidden_ = name;
    }
    constexpr auto kBreaks = std::to_array<std::string_view>({"br", "/p", "/div", "/tr", "/li", "/td", "/pre"});
    for (const std::string_view name : kBreaks) {
      const bool same = tag.starts_with(name) && (tag.size() == name.size() || !is_word(tag[name.size()]));
      if (same && !text.empty()) put("\n");
    }
  }
}

void Document::put(std::string_view text) {
  if (more_ && !text.empty()) more_ = sink_(text);
}

}  // namespace zlt::splat
