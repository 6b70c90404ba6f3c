// types/test_context.hpp: for tests alone: a context with LIMP's locales, which remembers the bytes it was given.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "types/types.hpp"

namespace limp::types {

struct TestContext {
    std::array<std::string, 2> locales = {"ar_AE", "en_AE"};
    std::vector<std::string> kept;  // the id of the n-th is "file" and n

    Context context() {
        return {locales, "ar_AE", [this](std::string bytes) {
                    kept.push_back(std::move(bytes));
                    return "file" + std::to_string(kept.size() - 1);
                }};
    }
    Value convert(const Type& type, const Value& value) { return types::convert(type, value, context()); }
    Value convert(Type::Kind kind, const Value& value) { return convert(Type::of(kind), value); }

    // What is said against the value, its path before it; nothing when it is accepted.
    std::optional<std::string> error(const Type& type, const Value& value) {
        try {
            convert(type, value);
        } catch (const TypeError& error) {
            return error.path + " " + error.what();
        }
        return std::nullopt;
    }
    std::optional<std::string> error(Type::Kind kind, const Value& value) { return error(Type::of(kind), value); }
};

}  // namespace limp::types
