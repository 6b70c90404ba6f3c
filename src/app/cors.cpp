#include "app/cors.hpp"

#include "app/http.hpp"
#include "app/origin.hpp"

namespace limp::app {

bool is_from_allowed_origin(const net::HttpRequest& request, const Config& config) {
    return is_allowed_origin(header(request, "origin"), header(request, "host"), config.dev, config.allowed_origins);
}

net::HttpResponse foreign_origin() {
    return refuse(
        403, "CORE_REQ_INVALID_ORIGIN",
        "Pages of this origin may not connect or call; see allowed_origins in the configuration."
    );
}

void share_with_origin(net::HttpResponse& response, const net::HttpRequest& request) {
    response.headers.emplace_back("Vary", "Origin");
    const std::string_view origin = header(request, "origin");
    if (!origin.empty()) response.headers.emplace_back("Access-Control-Allow-Origin", origin);
}

bool is_preflight(const net::HttpRequest& request) {
    return request.method == "OPTIONS" && !header(request, "origin").empty() &&
           !header(request, "access-control-request-method").empty();
}

net::HttpResponse preflight(std::string_view methods, std::string_view headers) {
    net::HttpResponse response;
    response.status = 204;
    response.headers.emplace_back("Access-Control-Allow-Methods", methods);
    response.headers.emplace_back("Access-Control-Allow-Headers", headers);
    response.headers.emplace_back("Access-Control-Max-Age", "600");
    return response;
}

}  // namespace limp::app
