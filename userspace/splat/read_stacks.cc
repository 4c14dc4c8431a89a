// SPDX-License-Identifier: GPL-2.0-only
#include <utility>
#include <vector>

#include "userspace/splat/analyse.h"
#include "userspace/splat/frame.h"
#include "userspace/splat/identity.h"
#include "userspace/splat/text.h"

namespace zlt::splat {
namespace {

constexpr size_t kMaxStacks = 64;
constexpr size_t kMaxFrames = 256;

// Lines besides is_stack_head() whose following lines are a stack.
bool announces(std::string_view text) {
  // Nearly all lines are passed over here.
  if (!trim(text).ends_with(':') && !contains(text, "Call ") && !contains(text, "page last ") &&
      !contains(text, "trace") && !contains(text, "status: ")) {
    return false;
  }
  if (is_stack_head(text) || contains(text, " state was registered at:")) return true;
  if (text.starts_with("-> #") || contains(text, "which became ")) return true;
  if (contains(text, "Uninit was created at:") || contains(text, "page last allocated") ||
      contains(text, "page last free")) {
    return true;
  }
  if (contains(text, " to 0x") && (text.starts_with("write") || text.starts_with("read"))) return true;
  if (contains(text, " in kfence-#") || contains(text, "allocated by task ") || contains(text, "freed by task "))
    return true;
  if (contains(text, "Last potentially related work") || contains(text, "Second to last potentially")) return true;
  return contains(text, "... acquired at:") || text.ends_with(" at:");
}

// Lines inside a stack that are none of its functions.
bool bears(std::string_view text) {
  text = trim(text);
  return text.empty() || text.starts_with("<") || text.starts_with("Call ") || text.starts_with("...") ||
         contains(text, "[inline]") || contains(text, "inline     >]");
}

class StackReader {
 public:
  explicit StackReader(Record& record) : record_(record) {}

  void line(std::string_view text, Belongs what) {
    if (what == Belongs::kDump) return;
    if (what == Belongs::kFrame) {
      Frame frame;
      const size_t from = text.find(" from ");
      // arm prints its stacks without a head if asked to.
      if (!is_open_ && from != std::string_view::npos) open({});
      if (is_open_ && current().frames.size() < kMaxFrames && parse_frame(text, frame)) {
        current().frames.push_back(std::move(frame));
        caller_ = from == std::string_view::npos ? std::string_view{} : text.substr(from + 6);
      }
      return;
    }
    close_arm();
    note_cpu(text);
    std::string_view place;
    if (is_instruction_pointer(text, place)) {
      open(text);
      Frame frame;
      if (is_open_ && parse_place(place, frame)) current().frames.push_back(std::move(frame));
      if (is_open_) current().exception = true;
      return;
    }
    if (announces(text)) {
      // The faulting place and the stack behind it are one.
      if (is_call_trace(text) && is_open_ && current().exception && current().frames.size() <= 1) {
        current().label = trim(text);
        return;
      }
      open(text);
      return;
    }
    if (is_open_ && !current().exception && !bears(text)) is_open_ = false;
  }

  // The outermost function stands only behind "from".
  void close_arm() {
    const std::string_view text = std::exchange(caller_, {});
    const size_t open = text.find('(');
    Frame frame;
    if (!text.empty() && is_open_ &&
        parse_place(open == std::string_view::npos ? text : text.substr(open + 1), frame)) {
      current().frames.push_back(std::move(frame));
    }
  }

 private:
  Stack& current() { return record_.stacks.back(); }

  void open(std::string_view text) {
    if (!record_.stacks.empty() && record_.stacks.back().frames.empty()) record_.stacks.pop_back();
    is_open_ = record_.stacks.size() < kMaxStacks;
    if (!is_open_) return;
    Stack stack;
    stack.label = trim(text);
    stack.cpu = cpu_;
    stack.pid = pid_;
    stack.task = task_;
    record_.stacks.push_back(std::move(stack));
  }

  // Whose stacks follow: "CPU: 1 PID: 12 Comm: foo …", "NMI backtrace for cpu 1", "task:foo … pid:12", "task
  // foo/12/0x…".
  void note_cpu(std::string_view text) {
    Identity identity;
    if (read_identity_line(text, identity)) {
      if (identity.cpu != kUnknown) cpu_ = identity.cpu;
      if (identity.pid != kUnknown) pid_ = identity.pid;
      if (!identity.task.empty()) task_ = identity.task.substr(0, identity.task.find(' '));
    } else if (contains(text, "NMI backtrace for cpu ")) {
      cpu_ = static_cast<int>(number_after(text, "NMI backtrace for cpu ", cpu_));
      pid_ = kUnknown;
      task_.clear();
    } else if (text.starts_with("task:")) {
      cpu_ = kUnknown;
      pid_ = static_cast<int>(number_after(text, " pid:", kUnknown));
      task_ = trim(text.substr(5, text.find(" state:") == std::string_view::npos ? 15 : text.find(" state:") - 5));
    }
  }

  Record& record_;
  std::string_view caller_;  // of arm's last frame
  bool is_open_ = false;
  int cpu_ = kUnknown;
  int pid_ = kUnknown;
  std::string task_;
};

}  // namespace

void read_stacks(const Report& report, Record& record) {
  // Lines of other CPUs that were let in are read one CPU after the other, so that their stacks do not mix.
  std::vector<Source> sources{report.source()};
  for (size_t i = 0; i < report.size(); ++i) {
    const Source source = report.entry(i).source;
    bool known = false;
    for (const Source& other : sources) known = known || other == source;
    if (!known && sources.size() < kMaxStacks) sources.push_back(source);
  }
  for (const Source& source : sources) {
    StackReader reader(record);
    for (size_t i = 0; i < report.size(); ++i) {
      if (report.entry(i).source == source) reader.line(report.line(i), report.entry(i).what);
    }
    reader.close_arm();
  }
  if (!record.stacks.empty() && record.stacks.back().frames.empty()) record.stacks.pop_back();
}

}  // namespace zlt::splat
