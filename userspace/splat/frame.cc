// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/frame.h"

#include <algorithm>
#include <array>

#include "userspace/splat/text.h"

namespace zlt::splat {
namespace {

// "[<ffffffff81234567>] ", "[ffff…] ", "([<00…>] ": at most two, as powerpc prints.
std::string_view skip_addresses(std::string_view text, uint64_t* address) {
  if (text.starts_with("([<")) text.remove_prefix(1);
  for (int i = 0; i < 2 && !text.empty() && text.front() == '['; ++i) {
    const size_t open = text.starts_with("[<") ? 2 : 1;
    size_t at = open;
    if (text.substr(at).starts_with("0x")) at += 2;
    const size_t digits = at;
    while (at < text.size() && is_hex(text[at])) ++at;
    if (at - digits < 4) return text;
    const std::string_view close = open == 2 ? ">]" : "]";
    if (!text.substr(at).starts_with(close)) return text;
    if (address != nullptr) *address = to_hex(text.substr(digits));
    text.remove_prefix(at + close.size());
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  }
  return text;
}

constexpr size_t kLongestName = 512;  // of a symbol in the kernel's own table

std::string_view skip_blank(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  return text;
}

// "ffffffff80123456 FUNC+…", "0704c00180000000 0000000000abcdef (FUNC+…)": the numbers and the bracket.
std::string_view skip_words_of_hex(std::string_view text) {
  for (;;) {
    size_t digits = 0;
    while (digits < text.size() && is_hex(text[digits])) ++digits;
    if (digits < 8 || digits >= text.size() || text[digits] != ' ') break;
    text = skip_blank(text.substr(digits));
  }
  if (text.starts_with("(") && !text.starts_with("(null)")) text.remove_prefix(1);
  return text;
}

size_t word_length(std::string_view text) {
  size_t length = 0;
  while (length < text.size() && is_word(text[length])) ++length;
  return length;
}

// ppc64's big-endian kernels put a dot in front of a function's name: its code, not its descriptor.
std::string_view skip_dot(std::string_view text) {
  return text.size() > 1 && text[0] == '.' && is_word(text[1]) && !is_digit(text[1]) ? text.substr(1) : text;
}

// Length of "FUNC.isra.0" in "FUNC.isra.0+0x1": the whole symbol. 0 if no "+0x" follows it.
size_t symbol_length(std::string_view text) {
  size_t length = 0;
  while (length < text.size() && (is_word(text[length]) || text[length] == '.' || text[length] == '$' ||
                                  text[length] == ':' || text[length] == '<' || text[length] == '>')) {
    ++length;
  }
  return length > 0 && text.substr(length).starts_with("+0x") ? length : 0;
}

// "_ZN4core3fmt5write17h0123456789abcdefE" in front of "+0x1": Rust's old names have dots and dollars in them.
std::string_view mangled(std::string_view text) {
  std::string_view symbol = text.substr(0, symbol_length(text));
  if (const size_t end = symbol.rfind('E'); end != std::string_view::npos) {
    const std::string_view rest = symbol.substr(end + 1);
    if (rest.empty() || rest[0] == '.') symbol = symbol.substr(0, end + 1);
  }
  return symbol;
}

// " (FILE:LINE" behind a function, as scripts/decode_stacktrace.sh leaves it.
bool is_decoded(std::string_view text) {
  if (!text.starts_with(" (")) return false;
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon + 1 >= text.size() || !is_digit(text[colon + 1])) return false;
  const std::string_view file = text.substr(2, colon - 2);
  return file.find(' ') == std::string_view::npos &&
         (file.ends_with(".c") || file.ends_with(".h") || file.ends_with(".S") || file.ends_with(".rs"));
}

bool is_source(std::string_view text) {
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon + 1 >= text.size() || !is_digit(text[colon + 1])) return false;
  const std::string_view file = text.substr(0, colon);
  return file.ends_with(".c") || file.ends_with(".h") || file.ends_with(".S") || file.ends_with(".rs") ||
         file.ends_with(".cc") || file.ends_with(".inc");
}

// What follows "FUNC+0x1/0x2": module, source, "(unreliable)".
void parse_tail(std::string_view rest, Frame& frame) {
  while (!rest.empty()) {
    rest = skip_blank(rest);
    if (rest.starts_with("(unreliable)")) frame.reliable = false;
    const size_t space = rest.find(' ');
    const std::string_view word = rest.substr(0, space);
    if (word.starts_with("[") && frame.module.empty()) {
      std::string_view name = word.substr(1);
      name = name.substr(0, name.find_first_of("])"));
      if (name != "inline") frame.module = name.substr(0, kLongestName);
    } else if (is_source(word)) {
      frame.source = word;
    }
    if (space == std::string_view::npos) break;
    rest.remove_prefix(space);
  }
}

bool parse_symbol(std::string_view text, Frame& frame) {
  text = skip_dot(text);
  const size_t symbol = symbol_length(text);
  if (symbol == 0 || symbol > kLongestName) return false;
  frame.function = text.starts_with("_ZN") ? mangled(text) : text.substr(0, word_length(text));
  if (frame.function.empty()) frame.function = text.substr(0, symbol);
  std::string_view rest = text.substr(symbol + 1);
  frame.offset = to_hex(rest);
  const size_t slash = rest.find_first_not_of("0123456789abcdefx");
  if (slash != std::string_view::npos && rest[slash] == '/') {
    frame.size = to_hex(rest.substr(slash + 1));
    const size_t end = rest.find_first_not_of("0123456789abcdefx", slash + 1);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end);
  } else {
    rest = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash);
  }
  parse_tail(rest, frame);
  return true;
}

}  // namespace

std::string_view leading_function(std::string_view text) {
  text = skip_dot(text);
  if (text.starts_with("_ZN")) return mangled(text);
  const size_t length = word_length(text);
  if (length == 0 || length >= text.size()) return {};
  if (text[length] == '+' || is_decoded(text.substr(length))) return text.substr(0, length);
  return text[length] == '.' && symbol_length(text) > 0 ? text.substr(0, length) : std::string_view{};
}

std::string_view frame_function(std::string_view text) {
  text = skip_blank(text);
  const bool bracket = text.starts_with("[");
  text = skip_addresses(text, nullptr);
  if (text.starts_with("? ")) text = skip_blank(text.substr(2));
  if (bracket && text.starts_with("(")) {  // arm: "(FUNC) from [<…>] (CALLER+0x1/0x2)"
    const std::string_view name = text.substr(1, word_length(text.substr(1)));
    return contains(text, ") from [<") ? name : leading_function(text.substr(1));
  }
  const std::string_view name = leading_function(text);
  if (!name.empty()) return name;
  // arm since 5.18: "FUNC from CALLER+0x1/0x2", "FUNC [module] from CALLER+0x1/0x2 [module]"
  const size_t length = word_length(text);
  std::string_view rest = text.substr(length);
  if (rest.starts_with(" [")) rest.remove_prefix(std::min(rest.size(), rest.substr(0, 64).find("] from ") + 1));
  return length > 0 && rest.starts_with(" from ") && !leading_function(rest.substr(6)).empty() ? text.substr(0, length)
                                                                                               : std::string_view{};
}

bool parse_frame(std::string_view text, Frame& frame) {
  const std::string_view name = frame_function(text);
  if (name.empty() || name.size() > kLongestName) return false;
  frame = {};
  text = skip_addresses(skip_blank(text), &frame.address);
  if (text.starts_with("? ")) {
    frame.reliable = false;
    text = skip_blank(text.substr(2));
  }
  if (parse_symbol(text, frame)) return true;
  frame.function = name;
  if (is_decoded(text.substr(name.size()))) {
    const std::string_view source = text.substr(name.size() + 2);
    frame.source = source.substr(0, source.find_first_of(" )"));
    if (const size_t close = source.rfind(") "); close != std::string_view::npos)
      frame.module = trim(source.substr(close + 2));
    return true;
  }
  if (text.substr(name.size()).starts_with(" [")) parse_tail(text.substr(name.size(), text.find(']') + 1), frame);
  return true;
}

bool parse_place(std::string_view text, Frame& frame) {
  frame = {};
  text = skip_addresses(skip_blank(text), &frame.address);
  return parse_symbol(text, frame) || parse_frame(text, frame);
}

bool is_instruction_pointer(std::string_view text, std::string_view& place) {
  // i386 up to 4.9 has the address in a line of its own, and the name in the next.
  if (text.starts_with("EIP is at ")) {
    place = text.substr(10);
    return !leading_function(place).empty();
  }
  // x86, powerpc, arm64, arm, riscv, mips, loongarch, m68k, alpha, parisc, s390, sparc
  constexpr auto kHeads = std::to_array<std::string_view>({"RIP:", "EIP:", "IP:", "NIP:", "pc :", "PC is at ",
                                                           "epc :", "epc   :", "era:", "PC: [<", "pc is at ",
                                                           "IAOQ[0]: ", "Krnl PSW :", "TPC: <"});
  text = skip_blank(text);
  if (text.empty() || std::string_view("REINpPeKT").find(text.front()) == std::string_view::npos) return false;
  for (const auto& head : kHeads) {
    if (!text.starts_with(head)) continue;
    std::string_view rest = skip_blank(text.substr(head.ends_with("[<") ? head.size() - 2 : head.size()));
    rest = skip_words_of_hex(rest);
    size_t segment = 0;
    while (segment < rest.size() && is_hex(rest[segment])) ++segment;
    if (segment > 0 && segment <= 4 && segment < rest.size() && rest[segment] == ':')
      rest = skip_blank(rest.substr(segment + 1));
    rest = skip_addresses(rest, nullptr);
    place = leading_function(rest).empty() ? std::string_view{} : rest;
    // A bare address is one too; powerpc's register line "NIP:  c000… LR: …" is not.
    return !place.empty() || rest.starts_with("0x") || contains(rest, "(null)");
  }
  // powerpc: "NIP [c000…] FUNC+0x1/0x2"
  if (text.starts_with("NIP [")) {
    place = skip_addresses(skip_blank(text.substr(4)), nullptr);
    return true;
  }
  return false;
}

bool is_call_trace(std::string_view text) {
  return contains(text, "Call Trace:") || contains(text, "Call trace:") || contains(text, "Backtrace:");
}

bool is_stack_head(std::string_view text) {
  if (contains(text, "Call Trace") || contains(text, "Call trace") || contains(text, "Backtrace:")) return true;
  if (contains(text, "Allocated") && (contains(text, "Allocated:") || contains(text, "Allocated by task ")))
    return true;
  if (contains(text, "Freed") && (contains(text, "Freed:") || contains(text, "Freed by task "))) return true;
  if (contains(text, "Uninit was stored to memory at")) return true;
  const size_t at = text.find(" backtrace");
  if (at != std::string_view::npos && at > 0 && text[at - 1] != 'k') {
    const std::string_view rest = text.substr(at + 10);
    return rest.starts_with(":") || rest.starts_with(" (crc ");
  }
  return contains(text, "status: ") && contains(text, " badaddr: ") && contains(text, " cause: ");
}

bool is_doubtful(std::string_view text) {
  if (trim(text).ends_with(" (unreliable)")) return true;
  return contains(text, " ? ") && !contains(text, "<EOI>");
}

}  // namespace zlt::splat
