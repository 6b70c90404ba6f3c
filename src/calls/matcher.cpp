#include "calls/matcher.hpp"

#include "base/id.hpp"
#include "base/json.hpp"
#include "base/time.hpp"

namespace limp::calls {
namespace {

std::string as_text(const Value& value) {
    return value.is_string() ? value.string() : base::to_json(value);
}

std::optional<std::string> unlike(const std::string& where, const std::string& wanted, const Value& actual) {
    return (where.empty() ? "the answer" : where) + " should be " + wanted + ", is " + base::to_json(actual);
}

std::string inside(const std::string& where, const std::string& name) {
    return where.empty() ? name : where + "." + name;
}

// "2026-11-22T13:11:00.123Z", exactly.
bool is_sent_time(const std::string& text) {
    const std::optional<std::int64_t> moment = base::parse_time(text);
    return moment && base::time_text(*moment) == text;
}

std::optional<std::string> compare(const Value& expected, const Value& actual, const std::string& where);

std::optional<std::string> compare_mark(const std::string& mark, const Value& actual, const std::string& where) {
    const auto holds = [&](bool (*test)(const std::string&), const char* wanted) {
        return actual.is_string() && test(actual.string()) ? std::nullopt : unlike(where, wanted, actual);
    };
    if (mark == "$any") return std::nullopt;
    if (mark == "$absent") return unlike(where, "absent", actual);
    if (mark == "$id") return holds([](const std::string& text) { return base::is_id(text); }, "an id");
    if (mark == "$time") return holds(is_sent_time, "a time");
    return where + " is compared with " + mark + ", which is neither a mark nor a name that was kept";
}

std::optional<std::string> compare_objects(const Object& expected, const Value& actual, const std::string& where) {
    if (!actual.is_object()) return unlike(where, "an object", actual);
    for (const Member& member : expected) {
        const Value* found = actual.find(member.name);
        if (member.value == Value("$absent") && !found) continue;
        if (!found) return inside(where, member.name) + " is missing in " + base::to_json(actual);
        if (auto different = compare(member.value, *found, inside(where, member.name))) return different;
    }
    return std::nullopt;
}

std::optional<std::string> compare_lists(const List& expected, const Value& actual, const std::string& where) {
    if (!actual.is_list() || actual.list().size() != expected.size())
        return unlike(where, "a list of " + std::to_string(expected.size()), actual);
    for (std::size_t i = 0; i < expected.size(); ++i)
        if (auto different = compare(expected[i], actual.list()[i], inside(where, std::to_string(i)))) return different;
    return std::nullopt;
}

std::optional<std::string> compare(const Value& expected, const Value& actual, const std::string& where) {
    if (expected.is_object()) return compare_objects(expected.object(), actual, where);
    if (expected.is_list()) return compare_lists(expected.list(), actual, where);
    if (expected.is_string() && expected.string().starts_with('$'))
        return compare_mark(expected.string(), actual, where);
    return expected == actual ? std::nullopt : unlike(where, base::to_json(expected), actual);
}

}  // namespace

std::string filled_text(const std::string& text, const Kept& kept) {
    std::string out;
    std::size_t at = 0;
    for (std::size_t open; (open = text.find("${", at)) != std::string::npos;) {
        const std::size_t close = text.find('}', open);
        if (close == std::string::npos) break;
        const auto found = kept.find(text.substr(open + 2, close - open - 2));
        out += text.substr(at, open - at);
        out += found == kept.end() ? text.substr(open, close - open + 1) : as_text(found->second);
        at = close + 1;
    }
    return out + text.substr(at);
}

Value filled(const Value& value, const Kept& kept) {
    if (value.is_string()) {
        const std::string& text = value.string();
        const auto found = text.starts_with('$') ? kept.find(text.substr(1)) : kept.end();
        return found == kept.end() ? Value(filled_text(text, kept)) : found->second;
    }
    if (value.is_list()) {
        List out;
        for (const Value& element : value.list()) out.push_back(filled(element, kept));
        return out;
    }
    if (value.is_object()) {
        Object out;
        for (const Member& member : value.object())
            out.append(filled_text(member.name, kept), filled(member.value, kept));
        return out;
    }
    return value;
}

std::optional<std::string> difference(const Value& expected, const Value& actual) {
    return compare(expected, actual, "");
}

}  // namespace limp::calls
