#include "app/http.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "net/http_answer.hpp"
#include "net/tokens.hpp"

namespace limp::app {

namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::optional<std::string> decoded(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            out += text[at];
            continue;
        }
        if (text.size() - at < 3) return std::nullopt;
        const int high = hex_digit(text[at + 1]);
        const int low = hex_digit(text[at + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        out += static_cast<char>(high * 16 + low);
        at += 2;
    }
    return base::is_utf8(out) ? std::optional(std::move(out)) : std::nullopt;
}

std::string_view without_weakness(std::string_view etag) {
    if (etag.starts_with("W/")) etag.remove_prefix(2);
    return etag;
}

}  // namespace

std::string_view path_of(const net::HttpRequest& request) {
    const std::string_view target = request.target;
    return target.substr(0, target.find('?'));
}

std::string_view header(const net::HttpRequest& request, std::string_view name) {
    const auto values = net::header_values(request, name);
    return values.empty() ? std::string_view() : values.front();
}

std::optional<std::vector<std::string>> segments(std::string_view path) {
    if (!path.starts_with('/')) return std::nullopt;
    std::vector<std::string> found;
    for (const std::string& part : base::split(path.substr(1), '/')) {
        auto segment = decoded(part);
        if (!segment) return std::nullopt;
        found.push_back(std::move(*segment));
    }
    return found;
}

bool is_get_or_head(const net::HttpRequest& request) {
    return request.method == "GET" || request.method == "HEAD";
}

net::HttpResponse refuse(int status, std::string_view code, std::string_view message) {
    return net::refusal(status, code, message);
}

net::HttpResponse not_with_this_verb(const net::HttpRequest& request, std::string_view allowed) {
    const std::string all = std::string(allowed) + (allowed.empty() ? "OPTIONS" : ", OPTIONS");
    net::HttpResponse response;
    if (request.method == "OPTIONS") {
        response.status = 204;
    } else {
        response = refuse(405, "CORE_REQ_INVALID_VERB", "This path takes " + all + " and no other verb.");
    }
    response.headers.emplace_back("Allow", all);
    return response;
}

net::HttpResponse unless_known(const net::HttpRequest& request, net::HttpResponse response) {
    const auto etag = std::ranges::find(response.headers, "ETag", &std::pair<std::string, std::string>::first);
    if (etag == response.headers.end() || !names_etag(request, "if-none-match", etag->second)) return response;
    response.status = 304;
    response.body.clear();
    response.file.reset();
    return response;
}

bool names_etag(const net::HttpRequest& request, std::string_view header_name, std::string_view etag) {
    return std::ranges::any_of(net::tokens(request, header_name), [&](const std::string& one) {
        return one == "*" || without_weakness(one) == without_weakness(etag);
    });
}

}  // namespace limp::app
