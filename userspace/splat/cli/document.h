// SPDX-License-Identifier: GPL-2.0-only
//
// A log that came as a mail, as a mailbox or as a page: its text, line by line. Anything else passes as it is. Nothing
// is fetched, no attachment but text is looked at.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace zlt::splat {

class Document {
 public:
  using Sink = std::function<bool(std::string_view)>;

  explicit Document(Sink sink) : sink_(std::move(sink)) {}

  // False when the sink has enough.
  [[nodiscard]] bool feed(std::string_view piece);
  [[nodiscard]] bool finish();

 private:
  enum class Form { kUnknown, kPlain, kMail, kPage };
  enum class Encoding { kNone, kQuotedPrintable, kBase64 };

  void decide();
  void lines(std::string_view piece);
  void line(std::string_view text, bool whole);
  void mail_line(std::string_view text);
  void header(std::string_view text);
  void end_headers();
  void body(std::string_view text);
  void page_line(std::string_view text);
  void end_part();
  void put(std::string_view text);

  Sink sink_;
  Form form_ = Form::kUnknown;
  bool more_ = true;
  std::string head_;   // what came before the form was known
  std::string carry_;  // the beginning of a line
  // mail
  bool in_headers_ = true;
  bool blank_ = true;  // the line in front was empty
  std::string field_;  // a header, unfolded
  std::vector<std::string> boundaries_;
  Encoding encoding_ = Encoding::kNone;
  bool text_ = true;  // the part is text
  std::string bits_;  // base64 that is not whole yet
  // page
  std::string hidden_;  // the element whose content nobody sees
};

}  // namespace zlt::splat
