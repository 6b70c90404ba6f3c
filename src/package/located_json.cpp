#include "package/located_json.hpp"

#include <json/json.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <memory>
#include <utility>

#include "base/json.hpp"
#include "base/text.hpp"

namespace limp::package {

namespace {

constexpr int depth_max = 64;

Json::CharReaderBuilder strict_with_comments() {
    Json::CharReaderBuilder builder;
    Json::CharReaderBuilder::strictMode(&builder.settings_);
    builder["allowComments"] = true;
    builder["collectComments"] = false;
    builder["strictRoot"] = false;  // what a manifest must be is said by its reader, in better words
    builder["stackLimit"] = depth_max;
    return builder;
}

// jsoncpp reports "* Line 3, Column 5\n  Missing ',' or '}' in object declaration\n…": the first error, taken apart.
LocatedJsonError first_error(std::string_view report) {
    constexpr std::string_view head = "* Line ";
    int line = 1;
    if (report.starts_with(head)) {
        const std::string_view rest = report.substr(head.size());
        std::from_chars(rest.data(), rest.data() + rest.size(), line);
    }
    const std::size_t text = report.find("\n  ");
    if (text == std::string_view::npos) return {line, "not JSON"};
    const std::string_view message = report.substr(text + 3);
    return {line, "not JSON: " + std::string(message.substr(0, message.find('\n')))};
}

class Locator {
public:
    explicit Locator(std::string_view text) : text_(text) {
        for (std::size_t at = 0; at < text.size(); ++at)
            if (text[at] == '\n') line_ends_.push_back(static_cast<std::ptrdiff_t>(at));
    }

    Node locate(const Json::Value& json) const {
        Node node;
        node.line = line_of(json.getOffsetStart());
        if (json.isObject()) {
            node.kind = Value::Kind::object;
            add_members(node, json);
        } else if (json.isArray()) {
            node.kind = Value::Kind::list;
            for (const Json::Value& element : json) node.nodes.push_back(locate(element));
        } else {
            node.scalar = scalar(json, node.line);
            node.kind = node.scalar.kind();
        }
        return node;
    }

private:
    int line_of(std::ptrdiff_t offset) const {
        return static_cast<int>(std::ranges::lower_bound(line_ends_, offset) - line_ends_.begin()) + 1;
    }

    // jsoncpp keeps members sorted by name; their places tell the order of the file.
    void add_members(Node& node, const Json::Value& json) const {
        std::vector<std::pair<std::ptrdiff_t, std::string>> order;
        for (const std::string& name : json.getMemberNames()) order.emplace_back(json[name].getOffsetStart(), name);
        std::ranges::sort(order);
        for (auto& [offset, name] : order) {
            if (!base::is_utf8(name)) throw LocatedJsonError(line_of(offset), "not JSON: half a character in a name");
            node.nodes.push_back(locate(json[name]));
            node.nodes.back().name = std::move(name);
        }
    }

    Value scalar(const Json::Value& json, int line) const {
        const auto start = static_cast<std::size_t>(json.getOffsetStart());
        const auto limit = static_cast<std::size_t>(json.getOffsetLimit());
        const std::string_view source = text_.substr(start, limit - start);
        try {
            return base::parse_json(source);
        } catch (const base::JsonError& error) {
            throw LocatedJsonError(line, "not JSON: " + std::string(source.substr(0, 40)) + ": " + error.what());
        }
    }

    std::string_view text_;
    std::vector<std::ptrdiff_t> line_ends_;
};

}  // namespace

const Node* Node::find(std::string_view member) const {
    if (kind != Value::Kind::object) return nullptr;
    const auto found = std::ranges::find(nodes, member, &Node::name);
    return found == nodes.end() ? nullptr : &*found;
}

Value Node::value() const {
    if (kind == Value::Kind::object) {
        Object object;
        for (const Node& member : nodes) object.append(member.name, member.value());
        return object;
    }
    if (kind == Value::Kind::list) {
        List list;
        for (const Node& element : nodes) list.push_back(element.value());
        return list;
    }
    return scalar;
}

Node parse_located_json(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (!base::is_utf8(text)) throw LocatedJsonError(1, "not UTF-8 text");

    const std::unique_ptr<Json::CharReader> reader(strict_with_comments().newCharReader());
    Json::Value root;
    std::string report;
    try {
        if (!reader->parse(text.data(), text.data() + text.size(), &root, &report)) throw first_error(report);
    } catch (const Json::Exception&) {  // the one thing jsoncpp throws for while it parses
        throw LocatedJsonError(1, "more than " + std::to_string(depth_max) + " lists and objects inside each other");
    }
    return Locator(text).locate(root);
}

const Node& nearest_place(const Node& root, std::string_view path) {
    const Node* place = &root;
    while (!path.empty()) {
        const bool is_index = path.front() == '[';
        if (path.front() == '.' || is_index) path.remove_prefix(1);
        const std::string_view step = path.substr(0, path.find_first_of(is_index ? "]" : ".["));
        path.remove_prefix(std::min(path.size(), step.size() + (is_index ? 1 : 0)));

        const Node* next = place->find(step);
        if (is_index) {
            std::size_t index = place->nodes.size();
            std::from_chars(step.data(), step.data() + step.size(), index);
            next = place->kind == Value::Kind::list && index < place->nodes.size() ? &place->nodes[index] : nullptr;
        }
        if (!next) break;
        place = next;
    }
    return *place;
}

}  // namespace limp::package
