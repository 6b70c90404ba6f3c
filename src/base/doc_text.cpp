#include "base/doc_text.hpp"

#include <simdjson.h>

#include <string_view>
#include <utility>

#include "base/json.hpp"

namespace limp::base {

namespace {

namespace ondemand = simdjson::ondemand;

// The text of a value that is not looked into. Numbers and words come with the space up to the next sign, of which
// there is none in what to_json() wrote.
std::string_view raw(ondemand::value value) {
    switch (value.type()) {
        case ondemand::json_type::object: {
            ondemand::object object = value.get_object();
            return object.raw_json();
        }
        case ondemand::json_type::array: {
            ondemand::array array = value.get_array();
            return array.raw_json();
        }
        default:
            return value.raw_json_token();
    }
}

std::vector<DocText::Attr> find_attrs(std::string_view json, simdjson::padded_string_view padded) {
    static thread_local ondemand::parser parser;
    ondemand::document document = parser.iterate(padded);
    std::vector<DocText::Attr> attrs;
    attrs.reserve(16);
    const auto place = [&](const char* in) { return static_cast<std::uint32_t>(in - json.data()); };
    for (ondemand::field field : document.get_object()) {
        const char* const name = field.key().raw();
        const std::string_view value = raw(field.value());
        const char* const name_end = value.data() - 2;  // ":
        attrs.push_back({
            place(name),
            static_cast<std::uint32_t>(name_end - name),
            place(value.data()),
            static_cast<std::uint32_t>(value.size()),
        });
    }
    return attrs;
}

}  // namespace

DocText to_doc_text(std::string json) {
    DocText made{std::move(json), {}};
    // simdjson reads a little past the end.
    made.text.reserve(made.text.size() + simdjson::SIMDJSON_PADDING);
    try {
        made.attrs = find_attrs(
            made.text, simdjson::padded_string_view(made.text.data(), made.text.size(), made.text.capacity())
        );
    } catch (const simdjson::simdjson_error& error) {
        throw JsonError(std::string("the text is no JSON object: ") + error.what());
    }
    return made;
}

DocText to_doc_text(const Document& document) {
    DocText made;
    made.attrs.reserve(document.size());
    const auto here = [&] { return static_cast<std::uint32_t>(made.text.size()); };
    made.text += '{';
    for (const Member& member : document) {
        if (here() > 1) made.text += ',';
        DocText::Attr attr{};
        attr.name_at = here() + 1;
        append_json_string(made.text, member.name);
        attr.name_size = here() - 1 - attr.name_at;
        made.text += ':';
        attr.value_at = here();
        append_json(made.text, member.value);
        attr.value_size = here() - attr.value_at;
        made.attrs.push_back(attr);
    }
    made.text += '}';
    return made;
}

}  // namespace limp::base
