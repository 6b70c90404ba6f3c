#include "base/log.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <mutex>

#include "base/json.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace limp::base {
namespace {

std::atomic<LogLevel> least_level = LogLevel::info;
std::atomic<LogFormat> chosen_format = LogFormat::text;

// Lines of all threads come out one after the other.
std::mutex output;
std::string* capture = nullptr;

std::string_view name_of(LogLevel level) {
    constexpr std::array<std::string_view, 4> names = {"debug", "info", "warn", "error"};
    return names[static_cast<std::size_t>(level)];
}

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

// The line as valid UTF-8 without terminal commands, for what a client sent may stand in it. Bytes that are not UTF-8,
// DEL and the C1 controls (U+0080 to U+009F) become "?"; those below U+0020 are escaped by now.
std::string printable(std::string_view text) {
    const bool valid = is_utf8(text);
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool c1 = byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
        if (byte == 0x7F || (byte >= 0x80 && !valid)) {
            result += '?';
        } else if (c1) {
            result += '?';
            ++i;
        } else {
            result += text[i];
        }
    }
    return result;
}

// As it is where it can be taken for nothing else, else quoted and escaped as in JSON: nobody forges a field or a line.
void append_text(std::string& line, const Value& value) {
    const bool bare = value.is_string() && !value.string().empty() && std::ranges::none_of(value.string(), [](char c) {
                          return is_control(c) || c == ' ' || c == '"' || c == '\\' || c == '=';
                      });
    if (bare)
        line += value.string();
    else
        append_json(line, value);
}

std::string text_line(LogLevel level, std::string_view room, std::string_view message, const Object& fields) {
    std::string line = time_text(now_ms());
    line += ' ';
    line += name_of(level);
    line.append(6 - name_of(level).size(), ' ');
    line += room;
    line += ": ";
    if (std::ranges::none_of(message, is_control))
        line += message;
    else
        append_json_string(line, message);
    for (const Member& field : fields) {
        line += ' ';
        line += field.name;
        line += '=';
        append_text(line, field.value);
    }
    return line;
}

std::string json_line(LogLevel level, std::string_view room, std::string_view message, const Object& fields) {
    Object line;
    line.append("time", time_text(now_ms()));
    line.append("level", name_of(level));
    line.append("room", room);
    line.append("msg", message);
    for (const Member& field : fields) line.append(field.name, field.value);
    return to_json(line);
}

void write_out(std::string_view line) {
    const std::lock_guard lock(output);
    if (capture) {
        capture->append(line);
        return;
    }
    // One write a line. A log that cannot be written is no reason to stop: what fails is left out.
    while (!line.empty()) {
        const auto written = write(STDERR_FILENO, line.data(), line.size());
        if (written > 0)
            line.remove_prefix(static_cast<std::size_t>(written));
        else if (written == 0 || errno != EINTR)
            return;
    }
}

bool is_secret(std::string_view name) {
    constexpr std::array<std::string_view, 6> secrets = {"hash", "token", "password", "credential", "key", "content"};
    const std::string lower = to_lower(name);
    return std::ranges::find(secrets, lower) != secrets.end() || lower.ends_with("_hash") || lower.ends_with("_token");
}

}  // namespace

void set_log(LogLevel least, LogFormat format) {
    least_level = least;
    chosen_format = format;
}

bool logs(LogLevel level) {
    return level >= least_level.load(std::memory_order_relaxed);
}

void log(LogLevel level, std::string_view room, std::string_view message, const Object& fields) {
    if (!logs(level)) return;
    const bool as_text = chosen_format.load(std::memory_order_relaxed) == LogFormat::text;
    const std::string line =
        as_text ? text_line(level, room, message, fields) : json_line(level, room, message, fields);
    write_out(printable(line) + '\n');
}

Value redact(const Value& value) {
    if (value.is_list()) {
        List list;
        for (const Value& element : value.list()) list.push_back(redact(element));
        return list;
    }
    if (value.is_object()) {
        Object object;
        for (const Member& member : value.object())
            object.append(member.name, is_secret(member.name) ? Value("…") : redact(member.value));
        return object;
    }
    return value;
}

void set_log_capture(std::string* lines) {
    const std::lock_guard lock(output);
    capture = lines;
}

}  // namespace limp::base
