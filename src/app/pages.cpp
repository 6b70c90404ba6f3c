#include "app/pages.hpp"

#include <string>
#include <utility>

#include "app/http.hpp"
#include "app/version.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "net/tokens.hpp"

namespace limp::app {

namespace {

constexpr std::string_view root = "/_/";

// Nothing is loaded from elsewhere, nothing inline runs, nobody puts the page into a frame.
constexpr std::string_view policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self' ws: wss:; font-src 'self'; media-src blob:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'";

void add_page_headers(net::HttpResponse& response) {
    response.headers.emplace_back("Content-Security-Policy", policy);
    response.headers.emplace_back("X-Content-Type-Options", "nosniff");
    response.headers.emplace_back("Referrer-Policy", "no-referrer");
    response.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
}

// "gzip;q=0" is a refusal (RFC 9110 §12.5.3).
bool takes_gzip(const net::HttpRequest& request) {
    for (const std::string& element : net::tokens(request, "accept-encoding")) {
        const std::string coding = base::to_lower(element);
        if (!coding.starts_with("gzip")) continue;
        const std::size_t weight = coding.find("q=");
        return weight == coding.npos || coding.find_first_not_of("0.", weight + 2) != coding.npos;
    }
    return false;
}

bool takes_html(const net::HttpRequest& request) {
    for (const std::string& element : net::tokens(request, "accept"))
        if (base::to_lower(element).starts_with("text/html")) return true;
    return false;
}

std::string welcome_page(bool has_sandbox) {
    std::string page =
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n<title>limpd</title>\n</head>\n<body>\n"
        "<main>\n<h1>limpd is running</h1>\n";
    if (has_sandbox) page += "<p><a href=\"/_/\">Try calls in the sandbox</a></p>\n";
    page +=
        "<p>Programs call it over a WebSocket at <code>/ws</code>, or by HTTP POST at <code>/call</code>.</p>\n"
        "</main>\n</body>\n</html>\n";
    return page;
}

net::HttpResponse redirect(std::string_view to) {
    net::HttpResponse response;
    response.status = 308;
    response.headers.emplace_back("Location", to);
    return response;
}

}  // namespace

net::HttpResponse welcome(const net::HttpRequest& request, std::span<const page::File> sandbox) {
    if (!is_get_or_head(request)) return not_with_this_verb(request, "GET, HEAD");
    net::HttpResponse response;
    response.headers.emplace_back("Vary", "Accept");
    if (takes_html(request)) {
        response.type = "text/html; charset=utf-8";
        response.body = welcome_page(!sandbox.empty());
        add_page_headers(response);
        return response;
    }
    Object args{{"version", version}, {"websocket", "/ws"}, {"call", "/call"}};
    if (!sandbox.empty()) args.append("sandbox", root);
    response.body = base::to_json(
        Object{{"status", 200}, {"msg", "limpd is running. Calls are served at /ws."}, {"args", std::move(args)}}
    );
    return response;
}

bool is_for_sandbox(const net::HttpRequest& request) {
    const std::string_view path = path_of(request);
    return path == "/_" || path.starts_with(root);
}

net::HttpResponse sandbox_file(const net::HttpRequest& request, std::span<const page::File> sandbox) {
    const std::string_view path = path_of(request);
    if (sandbox.empty()) {
        return refuse(
            404, "CORE_REQ_NOT_FOUND", "The sandbox is not served here; see \"sandbox\" in docs/configuration.md."
        );
    }
    if (!is_get_or_head(request)) return not_with_this_verb(request, "GET, HEAD");
    if (path == "/_") return redirect(root);
    const std::string_view name = path.substr(root.size());
    const page::File* file = page::find(sandbox, name.empty() ? "index.html" : name);
    if (!file) return refuse(404, "CORE_REQ_NOT_FOUND", "The sandbox has no such file.");

    const bool is_packed = !file->gzip.empty() && takes_gzip(request);
    net::HttpResponse response;
    response.type = file->type;
    response.body = is_packed ? file->gzip : file->bytes;
    add_page_headers(response);
    response.headers.emplace_back(
        "Cache-Control", page::is_for_ever(*file) ? "public, max-age=31536000, immutable" : "no-cache"
    );
    response.headers.emplace_back("ETag", '"' + std::string(file->etag) + (is_packed ? "-gzip\"" : "\""));
    if (!file->gzip.empty()) response.headers.emplace_back("Vary", "Accept-Encoding");
    if (is_packed) response.headers.emplace_back("Content-Encoding", "gzip");
    return unless_known(request, std::move(response));
}

}  // namespace limp::app
