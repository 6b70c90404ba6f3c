// base/log.hpp: what limpd says while it runs, one line an event, on standard error.
//
//     log_info("store", "opened", {{"file", path}, {"documents", count}});
//
// As text:  2026-11-22T13:11:00.123Z info  store: opened file=data/limp.db documents=12
// As JSON:  {"time":"…","level":"info","room":"store","msg":"opened","file":"data/limp.db","documents":12}
// Secrets   redact() hides what must never be logged; whoever logs a call's query or doc passes it through.
// Threads   Any.
#pragma once

#include <string>
#include <string_view>

#include "limp/value.hpp"

namespace limp::base {

enum class LogLevel { debug, info, warning, error };
enum class LogFormat { text, json };

void set_log(LogLevel least, LogFormat format);
bool logs(LogLevel level);

void log(LogLevel level, std::string_view room, std::string_view message, const Object& fields = {});
inline void log_debug(std::string_view room, std::string_view message, const Object& fields = {}) {
    log(LogLevel::debug, room, message, fields);
}
inline void log_info(std::string_view room, std::string_view message, const Object& fields = {}) {
    log(LogLevel::info, room, message, fields);
}
inline void log_warning(std::string_view room, std::string_view message, const Object& fields = {}) {
    log(LogLevel::warning, room, message, fields);
}
inline void log_error(std::string_view room, std::string_view message, const Object& fields = {}) {
    log(LogLevel::error, room, message, fields);
}

// The value with "…" in place of each member, at any depth, whose name speaks of a secret (hash, token, password,
// credential, key, content, and names that end in _hash or _token).
Value redact(const Value& value);

// Tests: lines go here instead of standard error (nullptr: standard error again).
void set_log_capture(std::string* lines);

}  // namespace limp::base
