// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/json.h"

#include "userspace/splat/json_writer.h"

namespace zlt::splat {
namespace {

void put(JsonWriter& json, std::string_view key, const std::string& value) {
  if (value.empty()) return;
  json.key(key);
  json.value(std::string_view(value));
}

void put(JsonWriter& json, std::string_view key, int64_t value) {
  if (value == kUnknown) return;
  json.key(key);
  json.value(value);
}

void put_flag(JsonWriter& json, std::string_view key, bool value) {
  json.key(key);
  json.value(value);
}

void put_offset(JsonWriter& json, std::string_view key, uint64_t value) {
  json.key(key);
  json.value(value);
}

void put_texts(JsonWriter& json, std::string_view key, const std::vector<std::string>& texts) {
  if (texts.empty()) return;
  json.key(key);
  json.begin_array();
  for (const auto& text : texts) json.value(std::string_view(text));
  json.end_array();
}

void put_frame(JsonWriter& json, const Frame& frame) {
  json.begin_object();
  put(json, "function", frame.function);
  put(json, "module", frame.module);
  put(json, "source", frame.source);
  if (frame.size != 0 || frame.offset != 0) {
    put_offset(json, "offset", frame.offset);
    put_offset(json, "size", frame.size);
  }
  if (!frame.reliable) put_flag(json, "reliable", false);
  json.end_object();
}

void put_stack(JsonWriter& json, const Stack& stack) {
  json.begin_object();
  put(json, "label", stack.label);
  put(json, "cpu", stack.cpu);
  put(json, "pid", stack.pid);
  put(json, "task", stack.task);
  if (stack.exception) put_flag(json, "exception", true);
  json.key("frames");
  json.begin_array();
  for (const Frame& frame : stack.frames) put_frame(json, frame);
  json.end_array();
  json.end_object();
}

void put_lock(JsonWriter& json, const Lock& lock) {
  json.begin_object();
  put(json, "name", lock.name);
  put(json, "role", lock.role);
  put(json, "usage", lock.usage);
  put(json, "wait", lock.wait);
  put(json, "address", lock.address);
  put(json, "task", lock.task);
  put(json, "pid", lock.pid);
  if (!lock.at.function.empty()) {
    json.key("at");
    put_frame(json, lock.at);
  }
  json.end_object();
}

bool is_empty(const Context& context) {
  return context.task.empty() && context.wait_context.empty() && context.cpu == kUnknown && context.pid == kUnknown &&
         context.hardirq == kUnknown && context.in_atomic == kUnknown && context.preempt_count == kUnknown &&
         context.rcu_depth == kUnknown;
}

void put_context(JsonWriter& json, const Context& context) {
  if (is_empty(context)) return;
  json.key("context");
  json.begin_object();
  put(json, "cpu", context.cpu);
  put(json, "pid", context.pid);
  put(json, "task", context.task);
  put(json, "hardirq", context.hardirq);
  put(json, "softirq", context.softirq);
  put(json, "hardirqs_enabled", context.hardirqs_enabled);
  put(json, "softirqs_enabled", context.softirqs_enabled);
  put(json, "in_atomic", context.in_atomic);
  put(json, "irqs_disabled", context.irqs_disabled);
  put(json, "non_block", context.non_block);
  put(json, "migration_disabled", context.migration_disabled);
  put(json, "rcu_depth", context.rcu_depth);
  put(json, "preempt_count", context.preempt_count);
  put(json, "preempt_expected", context.preempt_expected);
  put(json, "wait_context", context.wait_context);
  json.end_object();
}

void put_chain(JsonWriter& json, const Record& record) {
  if (record.chain.empty()) return;
  json.key("chain");
  json.begin_array();
  for (const ChainLink& link : record.chain) {
    json.begin_object();
    put(json, "index", link.index);
    put(json, "name", link.name);
    put(json, "usage", link.usage);
    put(json, "stack", link.stack);
    json.end_object();
  }
  json.end_array();
}

template <typename Item>
void put_items(JsonWriter& json, std::string_view key, const std::vector<Item>& items,
               void (*put_item)(JsonWriter&, const Item&)) {
  if (items.empty()) return;
  json.key(key);
  json.begin_array();
  for (const Item& item : items) put_item(json, item);
  json.end_array();
}

void put_place(JsonWriter& json, const Record& record) {
  put_offset(json, "begin", record.begin);
  put_offset(json, "end", record.end);
  put_offset(json, "first_line", record.first_line);
  put_offset(json, "last_line", record.last_line);
  put_flag(json, "whole", record.whole);
  put_flag(json, "reliable", record.unreliable.empty());
  put_texts(json, "unreliable", record.unreliable);
  put_flag(json, "inside", record.inside);
  if (record.count > 1) put_offset(json, "count", record.count);
  put_texts(json, "undone", record.undone);
  if (record.note) put_flag(json, "note", true);
}

void put_explanation(JsonWriter& json, const Record& record) {
  put(json, "why", record.why);
  json.key("took");
  json.begin_array();
  for (const auto& [first, last] : record.lines) {
    json.begin_array();
    json.value(first);
    json.value(last);
    json.end_array();
  }
  json.end_array();
}

}  // namespace

std::string to_json_line(const Record& record, const JsonExtras& extras) {
  JsonWriter json;
  json.begin_object();
  put(json, "kind", record.kind);
  put(json, "family", record.family);
  put(json, "title", record.title);
  put(json, "detail", record.detail);
  if (!record.guilty.function.empty()) {
    json.key("guilty");
    put_frame(json, record.guilty);
  }
  put(json, "fingerprint", record.fingerprint);
  put(json, "file", extras.file);
  put_place(json, record);
  put(json, "taint", record.taint);
  put(json, "release", record.release);
  put(json, "panic", record.panic);
  if (record.lockdep_off) put_flag(json, "lockdep_off", true);
  put_context(json, record.context);
  put_texts(json, "usages", record.usages);
  put_items(json, "locks", record.locks, put_lock);
  put_chain(json, record);
  put_texts(json, "chain_path", record.chain_path);
  put_items(json, "stacks", record.stacks, put_stack);
  if (extras.explain) put_explanation(json, record);
  if (extras.text) put(json, "text", record.text);
  put(json, "lines", extras.lines);
  json.end_object();
  return json.take();
}

}  // namespace zlt::splat
