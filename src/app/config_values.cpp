// Values into a Config and out of it, by the kind and range of their key.
#include <algorithm>
#include <charconv>
#include <concepts>
#include <type_traits>
#include <utility>

#include "app/config_keys.hpp"
#include "base/id.hpp"
#include "base/text.hpp"
#include "package/names.hpp"

namespace limp::app {

namespace {

using package::in_quotes;
using std::chrono::milliseconds;

[[noreturn]] void wrong_kind(std::string_view wanted, const Value& value) {
    throw WrongValue("must be " + std::string(wanted) + ", not " + std::string(package::kind_name(value.kind())));
}

void expect_length(const ConfigKey& key, std::size_t length) {
    if (std::cmp_less(length, key.least)) throw WrongValue("must not be empty");
}

std::int64_t integer_in_range(const ConfigKey& key, const Value& value) {
    const std::string wanted = "a whole number from " + std::to_string(key.least) + " to " + std::to_string(key.most);
    if (!value.is_int()) wrong_kind(wanted, value);
    const std::int64_t number = value.integer();
    if (number < key.least || number > key.most)
        throw WrongValue("must be " + wanted + ", not " + std::to_string(number));
    return number;
}

void assign(bool& place, const ConfigKey&, const Value& value) {
    if (!value.is_bool()) wrong_kind("true or false", value);
    place = value.boolean();
}

template <std::integral T>
void assign(T& place, const ConfigKey& key, const Value& value) {
    place = static_cast<T>(integer_in_range(key, value));
}

void assign(milliseconds& place, const ConfigKey& key, const Value& value) {
    place = milliseconds(integer_in_range(key, value));
}

void assign(std::string& place, const ConfigKey& key, const Value& value) {
    if (!value.is_string()) wrong_kind("a text", value);
    expect_length(key, value.string().size());
    const auto& choices = key.choices;
    if (!choices.empty() && std::ranges::find(choices, value.string()) == choices.end())
        throw WrongValue("must be one of " + base::join(choices, ", ") + ", not " + in_quotes(value.string()));
    place = value.string();
}

void assign(std::vector<std::string>& place, const ConfigKey& key, const Value& value) {
    if (!value.is_list()) wrong_kind("a list of texts", value);
    expect_length(key, value.list().size());
    std::vector<std::string> texts;
    for (const Value& element : value.list()) {
        if (!element.is_string() || element.string().empty())
            throw WrongValue("must be a list of texts that are not empty");
        texts.push_back(element.string());
    }
    place = std::move(texts);
}

void assign(std::vector<Document>& place, const ConfigKey&, const Value& value) {
    if (!value.is_list()) wrong_kind("a list of documents", value);
    std::vector<Document> documents;
    for (const Value& element : value.list()) {
        const Value* id = element.find("_id");
        if (!id || !id->is_string() || !base::is_id(id->string()))
            throw WrongValue("must be a list of documents, each with an \"_id\" of 24 hex digits");
        Document document = element.object();
        document["_id"] = base::to_lower(id->string());
        documents.push_back(std::move(document));
    }
    place = std::move(documents);
}

void assign(Object& place, const ConfigKey&, const Value& value) {
    if (!value.is_object()) wrong_kind("an object", value);
    for (const Member& member : value.object()) place[member.name] = member.value;
}

bool bool_in(const std::string& text) {
    const std::string lower = base::to_lower(text);
    if (lower == "true" || lower == "1" || lower == "yes" || lower == "on") return true;
    if (lower == "false" || lower == "0" || lower == "no" || lower == "off") return false;
    throw WrongValue("must be true or false, not " + in_quotes(text));
}

std::int64_t integer_in(const ConfigKey& key, const std::string& text) {
    std::int64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [read, error] = std::from_chars(text.data(), end, number);
    if (error == std::errc() && read == end) return number;
    throw WrongValue(
        "must be a whole number from " + std::to_string(key.least) + " to " + std::to_string(key.most) + ", not " +
        in_quotes(text)
    );
}

Value to_value(milliseconds value) {
    return value.count();
}

Value to_value(const std::vector<std::string>& texts) {
    return List(texts.begin(), texts.end());
}

Value to_value(const std::vector<Document>& documents) {
    return List(documents.begin(), documents.end());
}

Value to_value(const auto& value) {
    return value;
}

// The type of the field that a ConfigField's function gives.
template <class Function>
using FieldOf = std::remove_cvref_t<std::invoke_result_t<Function, Config&>>;

}  // namespace

void set_key(Config& config, const ConfigKey& key, const Value& value) {
    std::visit([&](const auto& field) { assign(field(config), key, value); }, key.field);
}

void set_key_from_text(Config& config, const ConfigKey& key, const std::string& text) {
    std::visit(
        [&]<class Function>(const Function&) {
            using Field = FieldOf<Function>;
            if constexpr (std::same_as<Field, bool>)
                set_key(config, key, bool_in(text));
            else if constexpr (std::integral<Field> || std::same_as<Field, milliseconds>)
                set_key(config, key, integer_in(key, text));
            else if constexpr (std::same_as<Field, std::string>)
                set_key(config, key, text);
            else
                throw WrongValue("is a list or an object, which no variable can give; set it in a manifest");
        },
        key.field
    );
}

Value value_of(const ConfigKey& key, Config& config) {
    return std::visit([&](const auto& field) { return to_value(field(config)); }, key.field);
}

}  // namespace limp::app
