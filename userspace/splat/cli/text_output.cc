// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/cli/text_output.h"

#include <fmt/format.h>

#include <vector>

namespace zlt::splat {
namespace {

constexpr size_t kFunctions = 6;

class Paint {
 public:
  explicit Paint(bool on) : on_(on) {}
  [[nodiscard]] std::string title(const std::string& text) const { return with("1;31", text); }
  [[nodiscard]] std::string place(const std::string& text) const { return with("2", text); }
  [[nodiscard]] std::string warn(const std::string& text) const { return with("33", text); }

 private:
  [[nodiscard]] std::string with(const char* code, const std::string& text) const {
    return on_ ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : text;
  }
  bool on_;
};

std::string frame_text(const Frame& frame) {
  std::string text = frame.function;
  if (frame.size != 0) text += fmt::format("+{:#x}/{:#x}", frame.offset, frame.size);
  if (!frame.module.empty()) text += " [" + frame.module + "]";
  if (!frame.source.empty()) text += " " + frame.source;
  return text;
}

std::string where(const Record& record) {
  const Context& context = record.context;
  std::vector<std::string> parts;
  if (!record.release.empty()) parts.push_back(record.release);
  if (context.cpu != kUnknown) parts.push_back(fmt::format("CPU {}", context.cpu));
  if (!context.task.empty() && context.pid != kUnknown)
    parts.push_back(fmt::format("{}/{}", context.task, context.pid));
  if (context.hardirq > 0) parts.emplace_back("in hard interrupt");
  if (context.softirq > 0) parts.emplace_back("in soft interrupt");
  if (context.irqs_disabled > 0 || context.hardirqs_enabled == 0) parts.emplace_back("interrupts off");
  if (context.preempt_count > 0) parts.push_back(fmt::format("preempt_count {:#x}", context.preempt_count));
  if (!record.taint.empty()) parts.push_back(record.taint == "not tainted" ? record.taint : "tainted " + record.taint);
  return fmt::format("{}", fmt::join(parts, ", "));
}

// The stack of the report itself, not those of lockdep's chain: the last that is called one.
std::string stack_text(const Record& record) {
  const Stack* shown = nullptr;
  for (const Stack& stack : record.stacks) {
    if (shown == nullptr || (stack.label.starts_with("Call ") && !shown->label.starts_with("Call "))) shown = &stack;
  }
  if (shown == nullptr) return {};
  std::vector<std::string> functions;
  for (const Frame& frame : shown->frames) {
    if (frame.reliable && functions.size() < kFunctions) functions.push_back(frame.function);
  }
  return fmt::format("{}", fmt::join(functions, " < "));
}

}  // namespace

std::string printable(const std::string& text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\r') continue;  // of serial consoles
    if (c == '\n' || c == '\t' || (byte >= 0x20 && byte < 0x7f)) {
      out.push_back(c);
    } else {
      out += fmt::format("\\x{:02x}", byte);
    }
  }
  return out;
}

std::string explanation(const Record& record) {
  std::string out;
  if (!record.why.empty()) out += "    why: " + printable(record.why) + "\n";
  std::vector<std::string> took;
  for (const auto& [first, last] : record.lines) {
    took.push_back(first == last ? fmt::format("{}", first) : fmt::format("{}-{}", first, last));
  }
  if (!took.empty())
    out += fmt::format("    took: {} {}\n", record.first_line == record.last_line ? "line" : "lines",
                       fmt::join(took, ", "));
  if (!record.undone.empty())
    out += "    undone: " + printable(fmt::format("{}", fmt::join(record.undone, "; "))) + "\n";
  return out;
}

std::string to_text(const Record& record, const std::string& name, bool color) {
  const Paint paint(color);
  std::string out =
      fmt::format("{} {} [{}]\n", paint.place(fmt::format("{}:{}-{}:", name, record.first_line, record.last_line)),
                  paint.title(printable(record.title)), record.kind);
  const auto line = [&](const std::string& text) {
    if (!text.empty()) out += "    " + printable(text) + "\n";
  };
  line(where(record));
  if (record.count > 1) line(fmt::format("{} times", record.count));
  if (!record.guilty.function.empty()) line("in " + frame_text(record.guilty));
  if (record.usages.size() == 2) line(fmt::format("{{{}}} -> {{{}}}", record.usages[0], record.usages[1]));
  for (const Lock& lock : record.locks) {
    if (lock.role == "held") continue;
    line(fmt::format("{} {}{}{}", lock.role, lock.name, lock.usage.empty() ? "" : " {" + lock.usage + "}",
                     lock.at.function.empty() ? "" : " at " + frame_text(lock.at)));
  }
  if (!record.chain.empty()) {
    std::vector<std::string> names;
    for (const ChainLink& link : record.chain) names.push_back(link.name);
    line(fmt::format("chain {}", fmt::join(names, " -> ")));
  }
  if (const std::string stack = stack_text(record); !stack.empty()) line("stack " + stack);
  if (!record.panic.empty()) line("panic " + record.panic);
  if (!record.whole) out += "    " + paint.warn("cut: its end is missing") + "\n";
  for (const auto& why : record.unreliable) out += "    " + paint.warn("unreliable: " + why) + "\n";
  return out;
}

}  // namespace zlt::splat
