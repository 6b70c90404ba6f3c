#include "base/json.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <new>
#include <vector>

#include "base/text.hpp"

namespace limp::base {
namespace {

namespace dom = simdjson::dom;

// A parser keeps buffers of about ten times the longest text it has read: longer texts than this get their own.
constexpr std::size_t kept_text_bytes = 256 * 1024;

// Up to so many members, comparing each with each is the quickest way to find two of the same name.
constexpr std::size_t few_members = 16;

[[noreturn]] void refuse(const std::string& reason) {
    throw JsonError(reason);
}

[[noreturn]] void refuse_depth(const JsonLimits& limits) {
    refuse("the JSON is nested deeper than " + std::to_string(limits.depth) + " levels");
}

[[noreturn]] void refuse_duplicate(std::string_view name) {
    refuse("the JSON has the key " + in_quotes(name) + " twice in one object");
}

// Sorting keeps an object of a hundred thousand members from costing its square; hashing would leave that to whoever
// picks the names.
void refuse_duplicates(const dom::object& object) {
    std::vector<std::string_view> names;
    names.reserve(object.size());
    for (const dom::key_value_pair member : object) names.push_back(member.key);
    std::ranges::sort(names);
    const auto twice = std::ranges::adjacent_find(names);
    if (twice != names.end()) refuse_duplicate(*twice);
}

// Makes Values of what simdjson has read, and holds them to the limits.
class Converter {
public:
    explicit Converter(const JsonLimits& limits) : limits_(limits) {}

    Value convert(const dom::element& element, std::size_t depth) {
        switch (element.type()) {
            case dom::element_type::ARRAY:
                return list(dom::array(element), depth + 1);
            case dom::element_type::OBJECT:
                return object(dom::object(element), depth + 1);
            case dom::element_type::INT64:
                return std::int64_t(element);
            case dom::element_type::UINT64:
                refuse("the JSON has an integer outside the 64 bits with sign");
            case dom::element_type::DOUBLE:
                return double(element);
            case dom::element_type::STRING:
                return std::string_view(element);
            case dom::element_type::BOOL:
                return bool(element);
            case dom::element_type::NULL_VALUE:
                return nullptr;
        }
        return nullptr;
    }

private:
    List list(const dom::array& array, std::size_t depth) {
        enter(array.size(), depth);
        List result;
        result.reserve(array.size());
        for (const dom::element element : array) result.push_back(convert(element, depth));
        return result;
    }

    Object object(const dom::object& object, std::size_t depth) {
        enter(object.size(), depth);
        const bool many = object.size() > few_members;
        if (many) refuse_duplicates(object);
        Object result;
        result.reserve(object.size());
        for (const dom::key_value_pair member : object) {
            if (!many && result.contains(member.key)) refuse_duplicate(member.key);
            result.append(std::string(member.key), convert(member.value, depth));
        }
        return result;
    }

    void enter(std::size_t count, std::size_t depth) {
        if (depth > limits_.depth) refuse_depth(limits_);
        values_ += count;
        if (values_ > limits_.values)
            refuse("the JSON has more than " + std::to_string(limits_.values) + " members and elements");
    }

    const JsonLimits& limits_;
    std::size_t values_ = 0;
};

Value parse_with(dom::parser& parser, std::string_view text, const JsonLimits& limits) {
    // simdjson's levels count what is inside the innermost brackets as one more.
    const std::size_t capacity = std::max(parser.capacity(), text.size());
    if (parser.allocate(capacity, limits.depth + 1) != simdjson::SUCCESS) throw std::bad_alloc();
    dom::element root;
    const auto error = parser.parse(text.data(), text.size()).get(root);
    if (error == simdjson::MEMALLOC) throw std::bad_alloc();
    if (error == simdjson::DEPTH_ERROR) refuse_depth(limits);
    if (error == simdjson::NUMBER_ERROR)
        refuse("the JSON has a number that is none, or that does not fit into 64 bits");
    if (error != simdjson::SUCCESS) refuse(std::string("the text is no JSON: ") + simdjson::error_message(error));
    return Converter(limits).convert(root, 0);
}

void append_escape(std::string& out, char c) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += '\\';
    switch (c) {
        case '"':
        case '\\':
            out += c;
            return;
        case '\b':
            out += 'b';
            return;
        case '\f':
            out += 'f';
            return;
        case '\n':
            out += 'n';
            return;
        case '\r':
            out += 'r';
            return;
        case '\t':
            out += 't';
            return;
        default:
            break;
    }
    out += "u00";
    out += digits[static_cast<unsigned char>(c) >> 4];
    out += digits[static_cast<unsigned char>(c) & 15];
}

template <class Number>
std::string_view write_number(char (&buffer)[32], Number number) {
    const auto end = std::to_chars(std::begin(buffer), std::end(buffer), number).ptr;
    return {buffer, static_cast<std::size_t>(end - buffer)};
}

void append_real(std::string& out, double real) {
    assert(std::isfinite(real));
    char buffer[32];
    const std::string_view written = write_number(buffer, real);
    out += written;
    if (written.find_first_of(".e") == std::string_view::npos) out += ".0";
}

void append_list(std::string& out, const List& list) {
    out += '[';
    for (const Value& element : list) {
        if (&element != list.data()) out += ',';
        append_json(out, element);
    }
    out += ']';
}

}  // namespace

Value parse_json(std::string_view text, const JsonLimits& limits) {
    if (text.empty()) refuse("the text is no JSON: it is empty");
    if (text.size() > kept_text_bytes) {
        dom::parser own;
        return parse_with(own, text, limits);
    }
    thread_local dom::parser kept;
    return parse_with(kept, text, limits);
}

std::string to_json(const Value& value) {
    std::string text;
    append_json(text, value);
    return text;
}

std::string to_json(const Object& object) {
    std::string text;
    append_json(text, object);
    return text;
}

void append_json(std::string& out, const Value& value) {
    char buffer[32];
    switch (value.kind()) {
        case Value::Kind::null:
            out += "null";
            break;
        case Value::Kind::boolean:
            out += value.boolean() ? "true" : "false";
            break;
        case Value::Kind::integer:
            out += write_number(buffer, value.integer());
            break;
        case Value::Kind::real:
            append_real(out, value.real());
            break;
        case Value::Kind::string:
            append_json_string(out, value.string());
            break;
        case Value::Kind::list:
            append_list(out, value.list());
            break;
        case Value::Kind::object:
            append_json(out, value.object());
            break;
    }
}

void append_json(std::string& out, const Object& object) {
    char before = '{';
    for (const Member& member : object) {
        out += before;
        append_json_string(out, member.name);
        out += ':';
        append_json(out, member.value);
        before = ',';
    }
    if (object.empty()) out += '{';
    out += '}';
}

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    std::size_t copied = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20) continue;
        out += text.substr(copied, i - copied);
        append_escape(out, c);
        copied = i + 1;
    }
    out += text.substr(copied);
    out += '"';
}

}  // namespace limp::base
