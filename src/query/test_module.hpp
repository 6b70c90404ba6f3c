// query/test_module.hpp: for tests alone: a module with an attr of each type, and short ways to ask about queries.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "limp/module.hpp"
#include "limp/refusal.hpp"
#include "query/matcher.hpp"
#include "query/parser.hpp"

namespace limp::query {

inline const std::string first_id = "f00000000000000000000001";
inline const std::string second_id = "f00000000000000000000002";

inline Module test_module() {
    const auto attr = [](const char* name, const char* type) {
        return Attr{name, types::parse_type(base::parse_json(type)), true, {}};
    };
    Module module;
    module.name = "blog";
    module.attrs = {
        attr("title", R"("locale")"),
        attr("user", R"("id")"),
        attr("cats", R"(["id"])"),
        attr("name", R"("str")"),
        attr("tags", R"(["str"])"),
        attr("views", R"("int")"),
        attr("score", R"("float")"),
        attr("live", R"("bool")"),
        attr("mail", R"("email")"),
        attr("at", R"("time")"),
        attr("photo", R"("file")"),
        attr("blob", R"("bin")"),
        attr("spot", R"("geo")"),
        attr("access", R"("access")"),
        attr("meta", R"("attrs")"),
        attr("rights", R"("privileges")"),
        attr("state", R"({"enum":["draft","published"]})"),
        attr("author", R"({"name":"str","born?":"time"})"),
        attr("items", R"([{"name":"str","price":"float","cat":"id"}])"),
        attr("names", R"(["locale"])"),
        attr("lang", R"("locales")"),
        attr("secret", R"("str")"),
        attr("free", R"("any")"),
    };
    module.searched = {"name", "title", "tags", "secret"};
    module.extns = {{"user", "user", {}, false}, {"cats", "blog_cat", {}, false}};
    return module;
}

struct Asker {
    Module module = test_module();
    std::array<std::string, 2> locales = {"ar_AE", "en_AE"};
    std::vector<std::string> hidden;
    bool variables = false;
    Limits limits;
    std::function<std::optional<Target>(std::string_view)> target;

    Query parse(const Value& query) const {
        return query::parse(query, {module, {locales, "ar_AE", {}}, limits, hidden, variables, target});
    }
    Query parse_json(std::string_view json) const { return parse(base::parse_json(json, {1'000, 1'000'000})); }

    // Whether the query finds the document; both as JSON.
    bool finds(std::string_view query, std::string_view document) const {
        return Matcher(parse_json(query).filter).matches(base::parse_json(document).object());
    }

    // The message of the refusal; empty when there is none.
    std::string refusal(const Value& query) const {
        try {
            parse(query);
        } catch (const Refusal& refusal) {
            const bool as_promised = refusal.status() == 400 && refusal.code() == "CORE_QUERY_INVALID";
            return as_promised ? refusal.message() : "another refusal: " + refusal.code();
        }
        return {};
    }
    std::string refusal_of(std::string_view json) const { return refusal(base::parse_json(json, {1'000, 1'000'000})); }
};

}  // namespace limp::query
