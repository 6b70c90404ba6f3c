// limp/doc_text.hpp: a stored document as text, for whoever only passes it on.
//
// The text is exactly what is sent; leaving an attr out, or putting another value in its place, is cutting at the
// places that are noted here. Whoever wants to look inside takes the Document (limp/value.hpp) instead.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace limp {

struct DocText {
    // Where in the text an attr stands: its name without quotes, its value as JSON.
    struct Attr {
        std::uint32_t name_at;
        std::uint32_t name_size;
        std::uint32_t value_at;
        std::uint32_t value_size;
    };

    std::string text;
    std::vector<Attr> attrs;  // in the order of the text

    std::string_view name(const Attr& attr) const {
        return std::string_view(text).substr(attr.name_at, attr.name_size);
    }
    std::string_view value(const Attr& attr) const {
        return std::string_view(text).substr(attr.value_at, attr.value_size);
    }
};

// Many may hold one: nobody changes it.
using DocTextPtr = std::shared_ptr<const DocText>;

}  // namespace limp
