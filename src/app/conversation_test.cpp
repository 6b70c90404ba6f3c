#include "app/conversation.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <latch>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

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

// The memory store, with the misfortunes that a test asks for.
class MoodyStore : public Store {
public:
    std::chrono::milliseconds credential_delay{0};
    bool loses_what_must_match = false;  // as when another call deleted it a moment ago

    Prepared prepare(const std::vector<Collection>& collections) override { return store_->prepare(collections); }
    void on_commit(std::function<void(const LoggedBatch&)> listener) override {
        store_->on_commit(std::move(listener));
    }
    Task<Found> read(std::string collection, Query query) override {
        return store_->read(std::move(collection), std::move(query));
    }
    Task<FoundText> read_text(std::string collection, Query query) override {
        return store_->read_text(std::move(collection), std::move(query));
    }
    Task<std::vector<Changed>> write(Batch batch) override {
        for (const Change& change : batch.changes)
            if (change.must_match && loses_what_must_match) throw NoMatch();
        co_return co_await store_->write(std::move(batch));
    }
    Task<std::optional<std::string>> credential(std::string id) override {
        if (credential_delay > 0ms) co_await base::sleep(credential_delay);
        co_return co_await store_->credential(std::move(id));
    }
    Task<std::optional<Bytes>> file(std::string id) override { return store_->file(std::move(id)); }
    Task<LogPage> log(std::int64_t after, std::size_t limit) override { return store_->log(after, limit); }
    std::string description() const override { return "moody"; }

private:
    std::unique_ptr<Store> store_ = store::open_memory();
};

class Ear : public net::Socket {
public:
    std::vector<Value> heard;

    void send_text(std::string_view text) override { heard.push_back(base::parse_json(text)); }
    void send_binary(std::string_view) override {}
    void pause() override {}
    void resume() override {}
    void close(std::uint16_t, std::string_view) override {}
    const Peer& peer() const override { return peer_; }
    base::Loop& loop() override { return base::Loop::current(); }

    // The code of that answer, the greeting being number 0, or its status when it has none.
    std::string outcome(std::size_t number) const {
        if (number >= heard.size()) return "no answer";
        const Value* args = heard[number].find("args");
        const Value* code = args ? args->find("code") : nullptr;
        return code ? code->string() : base::to_json(*heard[number].find("status"));
    }

private:
    Peer peer_{"192.0.2.7", "ears"};
};

engine::Options cheap_options() {
    engine::Options options;
    options.password_cost = {1, 8192};
    options.server_key = "a key for tests, as long as any";
    return options;
}

std::string jws(const Value& payload, std::string_view secret) {
    base::Hmac key(secret);
    return wire::write_jws(base::to_json(payload), key);
}

std::string signed_call(const Value& call, std::string_view token) {
    return base::to_json(Object{{"token", jws(call, token)}});
}

std::string sign_in() {
    const Settings settings;
    const Object proof{{"email", settings.admin_email}, {"password", settings.admin_password}};
    const Object doc{{"email", settings.admin_email}, {"hash", jws(proof, settings.admin_password)}};
    return base::to_json(Object{{"endpoint", "session/auth"}, {"doc", doc}});
}

class Conversations : public testing::Test {
public:
    std::unique_ptr<net::SocketHandler> converse_with(Ear& ear) {
        return converse(engine, ear, std::make_shared<base::Hmac>(Settings().anon_token), options);
    }

    MoodyStore store;
    base::Pool passwords{{"password", 1, 1, 0}};
    engine::Engine engine{engine::linked_in({core::make({})}), store, passwords, cheap_options(), {proofs(), {}}};
    ConversationOptions options;
};

TEST_F(Conversations, ASignInThatCameTooLateChangesNobody) {
    options.call_timeout = 20ms;
    base::run_to_end([](Conversations& test) -> Task<> {
        test.engine.prepare_store();
        co_await test.engine.start();
        Ear ear;
        const auto handler = test.converse_with(ear);
        test.store.credential_delay = 60ms;
        handler->on_text(sign_in());
        co_await base::sleep(200ms);
        EXPECT_EQ(ear.outcome(1), "CORE_REQ_TIMEOUT");
        EXPECT_EQ(ear.heard.size(), 2U);

        handler->on_text(signed_call(Object{{"endpoint", "user/read"}}, Settings().anon_token));
        co_await base::sleep(10ms);
        EXPECT_EQ(ear.outcome(2), "200");
        handler->on_closed();
    }(*this));
}

TEST_F(Conversations, ASessionThatEndsDuringItsReauthHasEnded) {
    base::run_to_end([](Conversations& test) -> Task<> {
        test.engine.prepare_store();
        co_await test.engine.start();
        Ear ear;
        const auto handler = test.converse_with(ear);
        handler->on_text(sign_in());
        co_await base::sleep(100ms);
        EXPECT_EQ(ear.outcome(1), "200");
        const Value session = ear.heard[1].find("args")->find("docs")->list()[0];
        const std::string token = session.find("token")->string();

        test.store.loses_what_must_match = true;
        const Object query{{"_id", *session.find("_id")}, {"hash", jws(Object{{"token", token}}, token)}};
        handler->on_text(base::to_json(Object{{"endpoint", "session/reauth"}, {"query", query}}));
        co_await base::sleep(10ms);
        EXPECT_EQ(ear.outcome(2), "CORE_SESSION_SESSION_EXPIRED");
        handler->on_closed();
    }(*this));
}

// They all ask the store before any of them asks for the one place in the queue.
TEST_F(Conversations, SignInsThatWaitForTheStoreDoNotOverfillTheQueue) {
    base::run_to_end([](Conversations& test) -> Task<> {
        test.engine.prepare_store();
        co_await test.engine.start();
        std::latch busy(1);
        test.passwords.post([&busy] { busy.wait(); });
        co_await base::sleep(10ms);  // its only thread has taken that
        test.store.credential_delay = 20ms;
        std::vector<Ear> ears(3);
        std::vector<std::unique_ptr<net::SocketHandler>> handlers;
        for (Ear& ear : ears) {
            handlers.push_back(test.converse_with(ear));
            handlers.back()->on_text(sign_in());
        }
        co_await base::sleep(100ms);
        busy.count_down();
        co_await base::sleep(100ms);
        std::map<std::string, int> outcomes;
        for (const Ear& ear : ears) ++outcomes[ear.outcome(1)];
        EXPECT_EQ(outcomes, (std::map<std::string, int>{{"200", 1}, {"CORE_SESSION_BUSY", 2}}));
        for (const auto& handler : handlers) handler->on_closed();
    }(*this));
}

}  // namespace
}  // namespace limp::app
