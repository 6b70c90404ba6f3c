#include "app/secure.hpp"

#include <gtest/gtest.h>

#include <string>

namespace limp::app {
namespace {

net::HttpResponse answer_of(net::Doorkeeper& doorkeeper, const std::string& host, const std::string& target) {
    const net::HttpRequest request{.method = "GET", .target = target, .headers = {{"host", host}}, .body = {}};
    const Peer peer;
    net::HttpResponse response;
    base::run_to_end([&]() -> Task<> { response = co_await doorkeeper.answer(request, peer); }());
    return response;
}

TEST(Secure, SendsToHttps) {
    ToHttps there(8443);
    const auto response = answer_of(there, "example.com:8080", "/a?b");
    EXPECT_EQ(response.status, 308);
    EXPECT_EQ(response.headers, (net::Headers{{"Location", "https://example.com:8443/a?b"}}));
}

TEST(Secure, LeavesOutThePortOfHttps) {
    ToHttps there(443);
    EXPECT_EQ(answer_of(there, "[::1]:80", "/").headers.front().second, "https://[::1]/");
}

TEST(Secure, SendsNowhereWithoutAHost) {
    ToHttps there(443);
    for (const char* host : {"", "a b", "a\r\nb", "evil/", "x@y", "[::1", "a:", "a:1x"})
        EXPECT_EQ(answer_of(there, host, "/").status, 400) << host;
    EXPECT_EQ(answer_of(there, "example.com", "http://other/").status, 400);
}

TEST(Secure, AddsStrictTransportWhenItIsConfigured) {
    ToHttps inner(443);
    Config config;
    StrictTransport outer(inner, config);
    EXPECT_EQ(answer_of(outer, "x", "/").headers.size(), 1U);
    config.tls_hsts_seconds = 60;
    EXPECT_EQ(
        answer_of(outer, "x", "/").headers.back(),
        (std::pair<std::string, std::string>("Strict-Transport-Security", "max-age=60"))
    );
}

TEST(Secure, SaysWhichFileIsWrong) {
    Config config;
    EXPECT_EQ(load_tls(config), nullptr);
    config.tls_certificate_file = "/nowhere/cert.pem";
    config.tls_key_file = "/nowhere/key.pem";
    try {
        load_tls(config);
        FAIL() << "it was loaded";
    } catch (const UsageError& error) {
        EXPECT_STREQ(error.what(), "TLS: /nowhere/cert.pem: cannot be read: No such file or directory");
    }
}

}  // namespace
}  // namespace limp::app
