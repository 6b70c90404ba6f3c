// Against a small server on the loopback interface that answers what each test says.
#include "gateway/http_client.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/loop.hpp"

namespace limp::gateway {
namespace {

using namespace std::chrono_literals;

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    ~Descriptor() {
        if (number_ >= 0) close(number_);
    }
    int number() const { return number_; }

private:
    int number_;
};

// Reads one request on each connection, answers it and closes. `answer`: nothing when none is to come.
class Server {
public:
    using Answer = std::function<std::optional<std::string>(const std::string& request)>;

    explicit Server(Answer answer) : answer_(std::move(answer)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* any = reinterpret_cast<sockaddr*>(&address);
        EXPECT_EQ(bind(listener_.number(), any, size), 0);
        EXPECT_EQ(listen(listener_.number(), 64), 0);
        EXPECT_EQ(getsockname(listener_.number(), any, &size), 0);
        port_ = ntohs(address.sin_port);
        thread_ = std::jthread([this](const std::stop_token& stopped) { serve(stopped); });
    }

    std::string url(const std::string& path = "/") const { return "http://127.0.0.1:" + std::to_string(port_) + path; }
    std::vector<std::string> requests() const {
        const std::lock_guard lock(mutex_);
        return requests_;
    }

private:
    static bool is_readable(int number) {
        pollfd waiting{number, POLLIN, 0};
        return poll(&waiting, 1, 20) > 0;
    }

    void serve(const std::stop_token& stopped) {
        std::vector<Descriptor> kept;  // that are not answered
        while (!stopped.stop_requested()) {
            if (!is_readable(listener_.number())) continue;
            Descriptor peer(accept(listener_.number(), nullptr, nullptr));
            const std::string request = read_request(peer.number(), stopped);
            {
                const std::lock_guard lock(mutex_);
                requests_.push_back(request);
            }
            if (const auto answer = answer_(request))
                EXPECT_GE(send(peer.number(), answer->data(), answer->size(), MSG_NOSIGNAL), 0);
            else
                kept.push_back(std::move(peer));
        }
    }

    // To the end of its body, which tests end with "." where there is one.
    static std::string read_request(int peer, const std::stop_token& stopped) {
        std::string request;
        while (!stopped.stop_requested()) {
            if (!is_readable(peer)) continue;
            char bytes[4096];
            const ssize_t size = recv(peer, bytes, sizeof bytes, 0);
            if (size <= 0) break;
            request.append(bytes, static_cast<std::size_t>(size));
            const bool has_body = request.find("Content-Length: ") != request.npos;
            if (has_body ? request.ends_with(".") : request.ends_with("\r\n\r\n")) break;
        }
        return request;
    }

    Answer answer_;
    Descriptor listener_{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    int port_ = 0;
    mutable std::mutex mutex_;
    std::vector<std::string> requests_;
    std::jthread thread_;
};

std::string ok(const std::string& body, const std::string& headers = "") {
    return "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + headers +
           "\r\n" + body;
}

std::string redirect(const std::string& to, const std::string& status = "302 Found") {
    return "HTTP/1.1 " + status + "\r\nConnection: close\r\nContent-Length: 0\r\nX-Passed: yes\r\nLocation: " + to +
           "\r\n\r\n";
}

HttpReply fetch(HttpAsk ask) {
    HttpClient client(2, 4);
    return base::run_to_end(client.fetch(std::move(ask)));
}

std::string error_of(HttpAsk ask) {
    try {
        fetch(std::move(ask));
    } catch (const HttpError& error) {
        return error.what();
    }
    return "none";
}

const std::string* header(const HttpReply& reply, const std::string& name) {
    for (const auto& [key, value] : reply.headers)
        if (key == name) return &value;
    return nullptr;
}

TEST(HttpClient, GivesStatusHeadersAndBody) {
    const Server server([](const std::string&) { return ok("hello", "X-Mixed:  Case \r\n"); });
    const HttpReply reply = fetch({server.url("/a?b=c")});
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, "hello");
    ASSERT_TRUE(header(reply, "x-mixed"));
    EXPECT_EQ(*header(reply, "x-mixed"), "Case");
    ASSERT_EQ(server.requests().size(), 1U);
    EXPECT_TRUE(server.requests()[0].starts_with("GET /a?b=c HTTP/1.1\r\n")) << server.requests()[0];
}

TEST(HttpClient, SendsMethodHeadersAndBody) {
    const Server server([](const std::string&) { return ok(""); });
    for (const char* method : {"POST", "PUT", "PATCH", "DELETE"}) {
        HttpAsk ask{server.url()};
        ask.method = method;
        ask.headers = {{"X-Key", "k"}, {"X-Empty", ""}, {"Content-Type", "text/plain"}};
        ask.body = std::string("a\0b.", 4);
        EXPECT_EQ(fetch(ask).status, 200);
        const std::string request = server.requests().back();
        EXPECT_TRUE(request.starts_with(std::string(method) + " / HTTP/1.1\r\n")) << request;
        EXPECT_NE(request.find("X-Key: k\r\n"), request.npos) << request;
        EXPECT_NE(request.find("X-Empty:"), request.npos) << request;
        EXPECT_NE(request.find("Content-Type: text/plain\r\n"), request.npos) << request;
        EXPECT_EQ(request.find("Expect:"), request.npos) << request;
        EXPECT_TRUE(request.ends_with(ask.body)) << request;
    }
}

TEST(HttpClient, AHeadHasNoBody) {
    const Server server([](const std::string&) { return "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"; });
    HttpAsk ask{server.url()};
    ask.method = "HEAD";
    EXPECT_EQ(fetch(ask).body, "");
    EXPECT_TRUE(server.requests()[0].starts_with("HEAD ")) << server.requests()[0];
}

TEST(HttpClient, AnyStatusIsAnAnswer) {
    const Server server([](const std::string&) { return "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy"; });
    const HttpReply reply = fetch({server.url()});
    EXPECT_EQ(reply.status, 503);
    EXPECT_EQ(reply.body, "busy");
}

TEST(HttpClient, FollowsRedirects) {
    const Server server([](const std::string& request) {
        return request.starts_with("GET /to ") ? ok("there") : redirect("/to", "303 See Other");
    });
    HttpAsk ask{server.url("/from")};
    ask.method = "POST";
    ask.body = "x.";
    const HttpReply reply = fetch(ask);
    EXPECT_EQ(reply.body, "there");
    EXPECT_FALSE(header(reply, "x-passed"));
}

TEST(HttpClient, FollowsFiveRedirectsAtMost) {
    const Server server([](const std::string&) { return redirect("/again"); });
    const std::string error = error_of({server.url()});
    EXPECT_TRUE(error.starts_with("127.0.0.1: ")) << error;
    EXPECT_EQ(server.requests().size(), 6U);
}

TEST(HttpClient, KnowsHttpAndHttpsAlone) {
    const Server server([](const std::string&) { return redirect("file:///etc/passwd"); });
    EXPECT_NE(error_of({server.url()}), "none");
    EXPECT_NE(error_of({"file://localhost/etc/passwd"}), "none");
    EXPECT_NE(error_of({"ftp://127.0.0.1/"}), "none");
}

TEST(HttpClient, AnAnswerHasItsBound) {
    const Server server([](const std::string&) { return ok("12345"); });
    HttpAsk ask{server.url()};
    ask.bytes_max = 5;
    EXPECT_EQ(fetch(ask).body, "12345");
    ask.bytes_max = 4;
    EXPECT_EQ(error_of(ask), "127.0.0.1: the answer has more than 4 bytes");
}

TEST(HttpClient, TimesOut) {
    const Server server([](const std::string&) { return std::nullopt; });
    HttpAsk ask{server.url()};
    ask.timeout = 50ms;
    const std::string error = error_of(ask);
    EXPECT_TRUE(error.starts_with("127.0.0.1: ")) << error;
    EXPECT_NE(error.find("timed out"), error.npos) << error;
}

TEST(HttpClient, SaysWhyNobodyAnswered) {
    std::string url;
    {
        const Server gone([](const std::string&) { return std::nullopt; });
        url = gone.url();
    }
    const std::string error = error_of({url});
    EXPECT_TRUE(error.starts_with("127.0.0.1: ")) << error;
    EXPECT_EQ(error_of({"no url"}), "no URL of a server: \"no url\"");
}

TEST(HttpClient, WhatWouldBreakTheRequestIsRefused) {
    HttpAsk ask{"http://127.0.0.1:1/"};
    ask.headers = {{"X-Key", "a\r\nX-Other: b"}};
    EXPECT_EQ(error_of(ask), "no HTTP header: \"X-Key\"");
    ask.headers = {{"X Key", "a"}};
    EXPECT_EQ(error_of(ask), "no HTTP header: \"X Key\"");
    ask.headers.clear();
    ask.method = "GET /other HTTP/1.1\r\nX:";
    EXPECT_TRUE(error_of(ask).starts_with("no HTTP method: "));
    EXPECT_EQ(error_of({"http://127.0.0.1:1/\r\n"}), "a URL is one line");
}

TEST(HttpClient, TheProxiesOfTheEnvironmentHaveNoEffect) {
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    const Server server([](const std::string&) { return ok("direct"); });
    EXPECT_EQ(fetch({server.url()}).body, "direct");
    unsetenv("http_proxy");
}

TEST(HttpClient, WaitsInABoundedQueue) {
    const Server server([](const std::string&) { return std::nullopt; });
    const auto three = [](const Server& silent) -> Task<> {
        HttpClient client(1, 1);
        int errors = 0;
        const auto ask = [](HttpClient& asked, HttpAsk what, int& failed) -> Task<> {
            try {
                co_await asked.fetch(std::move(what));
            } catch (const HttpError&) {
                ++failed;
            }
        };
        HttpAsk slow{silent.url()};
        slow.timeout = 300ms;
        base::spawn("at work", ask(client, slow, errors));
        while (silent.requests().empty()) co_await base::sleep(1ms);
        base::spawn("waiting", ask(client, slow, errors));
        std::string refused;
        try {
            co_await client.fetch(slow);
        } catch (const HttpError& error) {
            refused = error.what();
        }
        EXPECT_EQ(refused, "too many requests to other servers wait already");
        while (errors < 2) co_await base::sleep(1ms);
    };
    base::run_to_end(three(server));
}

}  // namespace
}  // namespace limp::gateway
