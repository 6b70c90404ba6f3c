#include "package/place.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "package/names.hpp"

namespace limp::package {

void Place::fail(const std::string& what) const {
    throw ManifestError(*file_ + ':' + std::to_string(line()) + ": " + what);
}

void Place::fail_unknown(std::string_view noun, std::string_view word, std::span<const std::string> known) const {
    const std::string near = base::nearest(word, known);
    const std::string help =
        near.empty() ? "; known: " + base::join(known, ", ") : "; did you mean " + in_quotes(near) + "?";
    fail("unknown " + std::string(noun) + ' ' + in_quotes(word) + help);
}

void Place::expect(Value::Kind kind) const {
    if (is(kind)) return;
    fail(label_ + " must be " + std::string(kind_name(kind)) + ", not " + std::string(kind_name(node_->kind)));
}

const std::string& Place::text() const {
    expect(Value::Kind::string);
    return node_->scalar.string();
}

bool Place::truth() const {
    expect(Value::Kind::boolean);
    return node_->scalar.boolean();
}

std::vector<Place> Place::elements() const {
    expect(Value::Kind::list);
    std::vector<Place> places;
    for (const Node& element : node_->nodes)
        places.emplace_back(*file_, element, "element " + std::to_string(places.size() + 1) + " of " + label_);
    return places;
}

std::vector<Place> Place::members() const {
    expect(Value::Kind::object);
    std::vector<Place> places;
    for (const Node& member : node_->nodes) places.emplace_back(*file_, member, in_quotes(member.name));
    return places;
}

std::vector<std::string> Place::texts() const {
    std::vector<std::string> texts;
    for (const Place& element : elements()) texts.push_back(element.text());
    return texts;
}

Object Place::object() const {
    expect(Value::Kind::object);
    return value().object();
}

Place Place::at(std::string_view key) const {
    expect(Value::Kind::object);
    const Node* found = node_->find(key);
    if (!found) fail(label_ + " needs " + in_quotes(key));
    return {*file_, *found, in_quotes(key)};
}

void Place::allow_only(std::initializer_list<std::string_view> keys) const {
    const std::vector<std::string> known(keys.begin(), keys.end());
    for (const Place& member : members())
        if (std::ranges::find(known, member.name()) == known.end()) member.fail_unknown("key", member.name(), known);
}

const std::string& Place::lower_name() const {
    const std::string& name = text();
    if (!is_lower_name(name))
        fail(label_ + " must be lower-case letters, digits and _, beginning with a letter, not " + in_quotes(name));
    return name;
}

}  // namespace limp::package
