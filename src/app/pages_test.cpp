#include "app/pages.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "base/json.hpp"

namespace limp::app {
namespace {

const std::array<page::File, 2> files{{
    {"assets/app-A1b2.js", "text/javascript; charset=utf-8", "e1", "plain script", "packed"},
    {"index.html", "text/html; charset=utf-8", "e2", "<html>", {}},
}};

net::HttpRequest get(const std::string& target, std::vector<std::pair<std::string, std::string>> headers = {}) {
    return {"GET", target, std::move(headers), {}};
}

std::optional<std::string> header_of(const net::HttpResponse& response, const std::string& name) {
    const auto found = std::ranges::find(response.headers, name, &std::pair<std::string, std::string>::first);
    return found == response.headers.end() ? std::nullopt : std::optional(found->second);
}

TEST(Sandbox, ServesItsFilesAndNoOthers) {
    const net::HttpResponse index = sandbox_file(get("/_/"), files);
    EXPECT_EQ(index.status, 200);
    EXPECT_EQ(index.body, "<html>");
    EXPECT_EQ(index.type, "text/html; charset=utf-8");
    EXPECT_EQ(header_of(index, "Cache-Control"), "no-cache");
    EXPECT_EQ(sandbox_file(get("/_/index.html?x=1"), files).body, "<html>");
    EXPECT_EQ(sandbox_file(get("/_/assets/none.js"), files).status, 404);
    EXPECT_EQ(sandbox_file(get("/_/../_/index.html"), files).status, 404);
    EXPECT_EQ(sandbox_file(get("/_/"), {}).status, 404);
}

TEST(Sandbox, KeepsStrangersOut) {
    const net::HttpResponse response = sandbox_file(get("/_/"), files);
    const std::string policy = header_of(response, "Content-Security-Policy").value();
    EXPECT_TRUE(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';")) << policy;
    EXPECT_TRUE(policy.ends_with("frame-ancestors 'none'")) << policy;
    EXPECT_EQ(policy.find("unsafe"), policy.npos);
    EXPECT_EQ(header_of(response, "X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(header_of(response, "Referrer-Policy"), "no-referrer");
    EXPECT_EQ(header_of(response, "Cross-Origin-Opener-Policy"), "same-origin");
}

TEST(Sandbox, PacksForThoseWhoTakeIt) {
    const auto asked = [](const std::string& accepted) {
        return sandbox_file(get("/_/assets/app-A1b2.js", {{"accept-encoding", accepted}}), files);
    };
    const net::HttpResponse packed = asked("br, gzip;q=0.5");
    EXPECT_EQ(packed.body, "packed");
    EXPECT_EQ(header_of(packed, "Content-Encoding"), "gzip");
    EXPECT_EQ(header_of(packed, "Vary"), "Accept-Encoding");
    EXPECT_EQ(header_of(packed, "Cache-Control"), "public, max-age=31536000, immutable");
    for (const char* accepted : {"", "br", "gzip;q=0", "gzip; q=0.000"}) {
        EXPECT_EQ(asked(accepted).body, "plain script") << accepted;
        EXPECT_NE(header_of(asked(accepted), "ETag"), header_of(packed, "ETag")) << accepted;
    }
}

TEST(Sandbox, DoesNotSendWhatTheBrowserHas) {
    for (const char* known : {"\"e2\"", "W/\"e2\"", "\"other\", \"e2\"", "*"}) {
        const net::HttpResponse response = sandbox_file(get("/_/", {{"if-none-match", known}}), files);
        EXPECT_EQ(response.status, 304) << known;
        EXPECT_EQ(response.body, "") << known;
        EXPECT_EQ(header_of(response, "ETag"), "\"e2\"") << known;
    }
    EXPECT_EQ(sandbox_file(get("/_/", {{"if-none-match", "\"e1\""}}), files).status, 200);
}

TEST(Sandbox, IsReadAlone) {
    net::HttpRequest request = get("/_/");
    request.method = "POST";
    const net::HttpResponse refused = sandbox_file(request, files);
    EXPECT_EQ(refused.status, 405);
    EXPECT_EQ(header_of(refused, "Allow"), "GET, HEAD, OPTIONS");
    request.method = "OPTIONS";
    EXPECT_EQ(sandbox_file(request, files).status, 204);
}

TEST(Sandbox, LeadsToItsRoot) {
    const net::HttpResponse response = sandbox_file(get("/_"), files);
    EXPECT_EQ(response.status, 308);
    EXPECT_EQ(header_of(response, "Location"), "/_/");
    EXPECT_TRUE(is_for_sandbox(get("/_")));
    EXPECT_TRUE(is_for_sandbox(get("/_/assets/x?y")));
    EXPECT_FALSE(is_for_sandbox(get("/_x")));
}

TEST(Welcome, IsAPageForBrowsersAndJsonForPrograms) {
    const net::HttpResponse page = welcome(get("/", {{"accept", "text/html,application/xhtml+xml,*/*;q=0.8"}}), files);
    EXPECT_EQ(page.type, "text/html; charset=utf-8");
    EXPECT_NE(page.body.find("href=\"/_/\""), page.body.npos);
    EXPECT_EQ(header_of(page, "Vary"), "Accept");
    EXPECT_TRUE(header_of(page, "Content-Security-Policy").has_value());
    EXPECT_EQ(welcome(get("/", {{"accept", "text/html"}}), {}).body.find("/_/"), page.body.npos);

    const Value json = base::parse_json(welcome(get("/", {{"accept", "*/*"}}), files).body);
    EXPECT_EQ(*json.find("status"), Value(200));
    EXPECT_EQ(*json.find("args")->find("sandbox"), Value("/_/"));
    EXPECT_EQ(base::parse_json(welcome(get("/"), {}).body).find("args")->find("sandbox"), nullptr);
}

}  // namespace
}  // namespace limp::app
