#include "engine/shown.hpp"

#include <algorithm>
#include <utility>

#include "base/json.hpp"
#include "types/types.hpp"

namespace limp::engine {

namespace {

bool is_among(std::string_view name, std::span<const std::string> names) {
    return std::ranges::find(names, name) != names.end();
}

// Documents are stored in the order of the declaration, mostly: the next attr is looked for after the last one found.
class DeclaredAttrs {
public:
    explicit DeclaredAttrs(const std::vector<Attr>& attrs) : attrs_(attrs) {}

    const Attr* find(std::string_view name) {
        for (std::size_t tried = 0; tried < attrs_.size(); ++tried) {
            const Attr& attr = attrs_[next_];
            next_ = next_ + 1 == attrs_.size() ? 0 : next_ + 1;
            if (attr.name == name) return &attr;
        }
        return nullptr;
    }

private:
    const std::vector<Attr>& attrs_;
    std::size_t next_ = 0;
};

}  // namespace

Shown::Shown(const Module& module, DocTextPtr stored, std::span<const std::string> hidden)
    : stored_(std::move(stored)) {
    DeclaredAttrs declared(module.attrs);
    parts_.reserve(stored_->attrs.size());
    for (const DocText::Attr& stored_attr : stored_->attrs) {
        const std::string_view name = stored_->name(stored_attr);
        if (name == "_id" || name == "_rev") {
            parts_.push_back({&stored_attr, {}, 0});
            continue;
        }
        const Attr* attr = declared.find(name);
        if (!attr || is_among(name, hidden)) {
            is_whole_ = false;
            continue;
        }
        Part& part = parts_.emplace_back(Part{&stored_attr, {}, 0});
        if (!types::holds_files(attr->type)) continue;
        part.other = base::to_json(types::present(attr->type, base::parse_json(stored_->value(stored_attr))));
        is_whole_ = false;
    }
}

std::string_view Shown::id() const {
    const std::string_view quoted = value("_id").value();
    return quoted.substr(1, quoted.size() - 2);
}

std::optional<std::string_view> Shown::value(std::string_view attr) const {
    for (const Part& part : parts_)
        if (name(part) == attr) return part.other ? std::string_view(*part.other) : stored_->value(*part.attr);
    return std::nullopt;
}

void Shown::replace(std::string_view attr, std::string json, std::size_t documents) {
    const auto part = std::ranges::find_if(parts_, [&](const Part& one) { return name(one) == attr; });
    part->other = std::move(json);
    part->documents = documents;
    is_whole_ = false;
}

void Shown::keep(std::span<const std::string> attrs) {
    const std::size_t left_out =
        std::erase_if(parts_, [&](const Part& part) { return name(part) != "_id" && !is_among(name(part), attrs); });
    if (left_out > 0) is_whole_ = false;
}

std::size_t Shown::documents() const {
    std::size_t count = 1;
    for (const Part& part : parts_) count += part.documents;
    return count;
}

void Shown::append_to(std::string& out) const {
    if (is_whole_) {
        out += stored_->text;
        return;
    }
    out += '{';
    std::string_view separator = "\"";
    for (const Part& part : parts_) {
        out += separator;
        out += name(part);
        out += "\":";
        out += part.other ? std::string_view(*part.other) : stored_->value(*part.attr);
        separator = ",\"";
    }
    out += '}';
}

std::string to_json(std::span<const Shown> docs) {
    std::string out = "[";
    std::string_view separator;
    for (const Shown& doc : docs) {
        out += separator;
        doc.append_to(out);
        separator = ",";
    }
    out += ']';
    return out;
}

}  // namespace limp::engine
