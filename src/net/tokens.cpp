#include "net/tokens.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace limp::net {

std::vector<std::string_view> header_values(const HttpRequest& request, std::string_view name) {
    std::vector<std::string_view> values;
    for (const auto& [header, value] : request.headers) {
        if (header == name) values.push_back(value);
    }
    return values;
}

std::vector<std::string> tokens(const HttpRequest& request, std::string_view name) {
    std::vector<std::string> result;
    for (const std::string_view value : header_values(request, name)) {
        for (const std::string& element : base::split(value, ',')) {
            const auto first = element.find_first_not_of(" \t");
            if (first == element.npos) continue;
            result.push_back(element.substr(first, element.find_last_not_of(" \t") + 1 - first));
        }
    }
    return result;
}

bool has_token(const HttpRequest& request, std::string_view name, std::string_view token) {
    return std::ranges::any_of(tokens(request, name), [&](const std::string& one) {
        return base::to_lower(one) == token;
    });
}

}  // namespace limp::net
