// engine/shown.hpp: a stored document as the caller sees it.
//
// Its parts are those of the stored text: what the caller may not see is left out, what an extn or a type shows
// otherwise has another text in its place. Nothing is parsed that is only passed on.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "limp/doc_text.hpp"
#include "limp/module.hpp"

namespace limp::engine {

class Shown {
public:
    // The attrs that the module declares, without hidden ones, with _id and _rev; values as their types show them.
    Shown(const Module& module, DocTextPtr stored, std::span<const std::string> hidden);

    std::string_view id() const;

    // The JSON of that attr's value; nothing when it is not shown.
    std::optional<std::string_view> value(std::string_view attr) const;

    // Shows that JSON in place of the value, with so many documents in it. Requires: the attr is shown.
    void replace(std::string_view attr, std::string json, std::size_t documents);

    // Leaves out all attrs but these and _id.
    void keep(std::span<const std::string> attrs);

    // Itself, and those that stand in place of references in it.
    std::size_t documents() const;

    void append_to(std::string& out) const;

private:
    struct Part {
        const DocText::Attr* attr;
        std::optional<std::string> other;  // in place of the stored value
        std::size_t documents = 0;         // in `other`
    };

    std::string_view name(const Part& part) const { return stored_->name(*part.attr); }

    DocTextPtr stored_;
    std::vector<Part> parts_;
    bool is_whole_ = true;  // all that is stored is shown as it is
};

// A list of them, as JSON.
std::string to_json(std::span<const Shown> docs);

}  // namespace limp::engine
