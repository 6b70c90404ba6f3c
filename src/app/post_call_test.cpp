#include "app/post_call.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <latch>
#include <memory>
#include <string>
#include <utility>

#include "app/proofs.hpp"
#include "base/json.hpp"
#include "base/loop.hpp"
#include "base/pool.hpp"
#include "core/core.hpp"
#include "store/stores.hpp"
#include "wire/jws.hpp"

namespace limp::app {
namespace {

using namespace std::chrono_literals;
using Headers = std::vector<std::pair<std::string, std::string>>;

engine::Options cheap_options(std::int64_t calls_per_minute) {
    engine::Options options;
    options.password_cost = {1, 8192};
    options.server_key = "a key for tests, as long as any";
    options.limits.address_calls_per_minute = calls_per_minute;
    return options;
}

std::string frame(const Object& call, std::string_view token) {
    base::Hmac key(token);
    return base::to_json(Object{{"token", wire::write_jws(base::to_json(call), key)}});
}

std::string sign_in() {
    const Settings settings;
    base::Hmac key(settings.admin_password);
    const Object proof{{"email", settings.admin_email}, {"password", settings.admin_password}};
    const Object doc{{"email", settings.admin_email}, {"hash", wire::write_jws(base::to_json(proof), key)}};
    return base::to_json(Object{{"endpoint", "session/auth"}, {"doc", doc}, {"call_id", 7}});
}

std::string header_of(const net::HttpResponse& response, const std::string& name) {
    const auto found = std::ranges::find(response.headers, name, &std::pair<std::string, std::string>::first);
    return found == response.headers.end() ? "none" : found->second;
}

// "200", or "403 CORE_REQ_INVALID_TOKEN"; the status is HTTP's and the same in the body.
std::string outcome(const net::HttpResponse& response) {
    const Value answer = base::parse_json(response.body);
    EXPECT_EQ(*answer.find("status"), Value(response.status)) << response.body;
    const Value* args = answer.find("args");
    const Value* code = args ? args->find("code") : nullptr;
    return std::to_string(response.status) + (code ? " " + code->string() : "");
}

class PostedCalls : public testing::Test {
public:
    explicit PostedCalls(std::int64_t calls_per_minute = 10'000)
        : engine(
              engine::linked_in({core::make({})}), *store, passwords, cheap_options(calls_per_minute), {proofs(), {}}
          ) {
        engine.prepare_store();
        base::run_to_end(engine.start());
    }

    Task<net::HttpResponse> send(net::HttpRequest request) {
        co_return co_await post_call(request, {"192.0.2.7", "posts"}, engine, *calls, anonymous, config);
    }
    Task<net::HttpResponse> post(std::string body, Headers headers = {{"content-type", "application/json"}}) {
        co_return co_await send({"POST", "/call", std::move(headers), std::move(body)});
    }

    net::HttpResponse sent(net::HttpRequest request) { return base::run_to_end(send(std::move(request))); }
    net::HttpResponse posted(std::string body, Headers headers = {{"content-type", "application/json"}}) {
        return base::run_to_end(post(std::move(body), std::move(headers)));
    }

    // The session of the administrator, with its token.
    Value signed_in() {
        const Value answer = base::parse_json(posted(sign_in()).body);
        return answer.find("args")->find("docs")->list().front();
    }

    Config config;
    std::unique_ptr<Store> store = store::open_memory();
    base::Pool passwords{{"password", 1, 8, 0}};
    engine::Engine engine;
    base::Hmac anonymous{Settings().anon_token};
    std::shared_ptr<SingleCalls> calls = std::make_shared<SingleCalls>(engine, 10s);
};

TEST_F(PostedCalls, AreAnsweredAsOverASocket) {
    const net::HttpResponse response = posted(frame({{"endpoint", "user/read"}, {"call_id", "x"}}, "__ANON"));
    EXPECT_EQ(outcome(response), "200");
    EXPECT_EQ(*base::parse_json(response.body).find("args")->find("call_id"), Value("x"));
    EXPECT_EQ(header_of(response, "Cache-Control"), "no-store");
    EXPECT_EQ(outcome(posted(sign_in())), "200");
    EXPECT_EQ(outcome(posted(frame({{"endpoint", "user/nonsense"}}, "__ANON"))), "400 CORE_REQ_INVALID_METHOD");
}

TEST_F(PostedCalls, GoOnWithTheSessionThatTheyNameAndSignFor) {
    const Value session = signed_in();
    const Value id = *session.find("_id");
    const std::string token = session.find("token")->string();
    const Object read{{"endpoint", "session/read"}, {"sid", id}};
    const net::HttpResponse response = posted(frame(read, token));
    EXPECT_EQ(outcome(response), "200");
    EXPECT_NE(response.body.find(id.string()), std::string::npos);

    EXPECT_EQ(outcome(posted(frame({{"endpoint", "session/read"}}, token))), "403 CORE_REQ_INVALID_TOKEN");
    EXPECT_EQ(outcome(posted(frame(read, "__ANON"))), "403 CORE_REQ_INVALID_TOKEN");
    EXPECT_EQ(outcome(posted(frame(read, "guessed"))), "403 CORE_REQ_INVALID_TOKEN");
    const Object other{{"endpoint", "session/read"}, {"sid", "f0000000000000000000000a"}};
    EXPECT_EQ(outcome(posted(frame(other, token))), "403 CORE_REQ_INVALID_TOKEN");
    const Object nobody{{"endpoint", "user/read"}, {"sid", "nobody"}};
    EXPECT_EQ(outcome(posted(frame(nobody, "__ANON"))), "403 CORE_REQ_INVALID_SID");
}

TEST_F(PostedCalls, EndWithTheirSession) {
    const Value session = signed_in();
    const Value id = *session.find("_id");
    const std::string token = session.find("token")->string();
    const Object out{{"endpoint", "session/signout"}, {"sid", id}, {"query", Object{{"_id", Object{{"val", id}}}}}};
    EXPECT_EQ(outcome(posted(frame(out, token))), "200");
    const Object read{{"endpoint", "user/read"}, {"sid", id}};
    EXPECT_EQ(outcome(posted(frame(read, token))), "403 CORE_SESSION_SESSION_EXPIRED");
    EXPECT_EQ(outcome(posted(frame(read, "guessed"))), "403 CORE_REQ_INVALID_TOKEN");
}

TEST_F(PostedCalls, AreRefusedWhenTheyAreNone) {
    for (const char* body : {"", "{", "[]", "null", "{\"token\": 1}"})
        EXPECT_EQ(outcome(posted(body)), "400 CORE_REQ_INVALID_CALL") << body;
    EXPECT_EQ(outcome(posted("{}")), "400 CORE_REQ_NO_ENDPOINT");
    EXPECT_EQ(outcome(posted("{\"endpoint\": \"user/read\"}")), "403 CORE_REQ_NOT_TOKENISED");
    EXPECT_EQ(outcome(posted("{\"token\": \"a.b.c\", \"call_id\": \"\xff\"}")), "400 CORE_REQ_INVALID_CALL");
    EXPECT_EQ(outcome(posted(std::string(70, '[') + std::string(70, ']'))), "400 CORE_REQ_INVALID_CALL");
}

TEST_F(PostedCalls, AreJson) {
    const std::string call = frame({{"endpoint", "user/read"}}, "__ANON");
    const auto typed = [&](const std::string& type) { return outcome(posted(call, {{"content-type", type}})); };
    EXPECT_EQ(typed("Application/JSON;charset=utf-8"), "200");
    EXPECT_EQ(outcome(posted(call, {})), "200");
    EXPECT_EQ(typed("text/plain"), "415 CORE_REQ_INVALID_TYPE");
    EXPECT_EQ(typed("application/x-www-form-urlencoded"), "415 CORE_REQ_INVALID_TYPE");
    EXPECT_EQ(typed("application/jsonx"), "415 CORE_REQ_INVALID_TYPE");
}

TEST_F(PostedCalls, ArePosted) {
    for (const char* method : {"GET", "HEAD", "PUT", "DELETE"}) {
        const net::HttpResponse response = sent({method, "/call", {}, {}});
        EXPECT_EQ(response.status, 405) << method;
        EXPECT_EQ(header_of(response, "Allow"), "POST, OPTIONS") << method;
    }
    EXPECT_EQ(sent({"OPTIONS", "/call", {}, {}}).status, 204);
}

TEST_F(PostedCalls, ComeFromPagesThatAreKnown) {
    config.dev = false;
    config.allowed_origins = {"https://app.example.com"};
    const std::string call = frame({{"endpoint", "user/read"}}, "__ANON");
    const net::HttpResponse known = posted(call, {{"origin", "https://app.example.com"}, {"host", "x"}});
    EXPECT_EQ(outcome(known), "200");
    EXPECT_EQ(header_of(known, "Access-Control-Allow-Origin"), "https://app.example.com");
    EXPECT_EQ(header_of(known, "Vary"), "Origin");
    const net::HttpResponse foreign = posted(call, {{"origin", "https://evil.example"}, {"host", "x"}});
    EXPECT_EQ(outcome(foreign), "403 CORE_REQ_INVALID_ORIGIN");
    EXPECT_EQ(header_of(foreign, "Access-Control-Allow-Origin"), "none");

    const Headers asked = {{"origin", "https://app.example.com"}, {"access-control-request-method", "POST"}};
    const net::HttpResponse asked_before = sent({"OPTIONS", "/call", asked, {}});
    EXPECT_EQ(asked_before.status, 204);
    EXPECT_EQ(header_of(asked_before, "Access-Control-Allow-Methods"), "POST");
    EXPECT_EQ(header_of(asked_before, "Access-Control-Allow-Headers"), "Content-Type");
    EXPECT_EQ(header_of(asked_before, "Access-Control-Allow-Origin"), "https://app.example.com");
    const Headers asked_by_evil = {{"origin", "https://evil.example"}, {"access-control-request-method", "POST"}};
    EXPECT_EQ(sent({"OPTIONS", "/call", asked_by_evil, {}}).status, 403);
}

// One more may be made after half a minute: no test takes as long.
class FewPostedCalls : public PostedCalls {
public:
    FewPostedCalls() : PostedCalls(2) {}
};

TEST_F(FewPostedCalls, CountWhateverTheyAre) {
    for (int i = 0; i < 2; ++i) posted("nonsense");
    EXPECT_EQ(outcome(posted(frame({{"endpoint", "user/read"}}, "__ANON"))), "429 CORE_REQ_QUOTA");
    EXPECT_EQ(outcome(posted("nonsense")), "429 CORE_REQ_QUOTA");
}

TEST_F(PostedCalls, AreAnsweredInTime) {
    calls = std::make_shared<SingleCalls>(engine, 20ms);
    base::run_to_end([](PostedCalls& test) -> Task<> {
        std::latch busy(1);
        test.passwords.post([&busy] { busy.wait(); });
        const net::HttpResponse late = co_await test.post(sign_in());
        EXPECT_EQ(outcome(late), "504 CORE_REQ_TIMEOUT");
        EXPECT_EQ(*base::parse_json(late.body).find("args")->find("call_id"), Value(7));
        busy.count_down();
        co_await base::on(test.passwords, [] {});  // behind the sign-in, which nobody waits for any more
        EXPECT_EQ(outcome(co_await test.post(frame({{"endpoint", "user/read"}}, "__ANON"))), "200");
    }(*this));
}

}  // namespace
}  // namespace limp::app
