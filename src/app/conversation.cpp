#include "app/conversation.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "base/log.hpp"
#include "base/loop.hpp"
#include "base/time.hpp"
#include "engine/lane.hpp"
#include "wire/answer_writer.hpp"
#include "wire/call_reader.hpp"
#include "wire/websocket.hpp"

namespace limp::app {

namespace {

using Key = std::shared_ptr<base::Hmac>;
using Order = Method::Order;

// Lives as long as the connection or its longest call, whichever ends last.
class Conversation : public std::enable_shared_from_this<Conversation> {
public:
    Conversation(engine::Engine& engine, net::Socket& socket, Key anonymous, const ConversationOptions& options)
        : engine_(engine), socket_(&socket), anonymous_(anonymous), session_(std::move(anonymous)), options_(options) {}

    // The greeting goes out when it is known who calls; until then no message is handed out.
    void begin() {
        socket_->pause();
        base::spawn("admit a connection", admit(shared_from_this()));
    }

    void on_text(std::string_view text) {
        wire::ReadCall read = wire::read_call(text, {*session_, *anonymous_}, base::now_ms(), options_.json);
        const Key key = read.signed_by_session ? session_ : anonymous_;
        if (const Refusal* refusal = std::get_if<Refusal>(&read.result)) {
            send(engine_.refuse(*refusal, *visitor_), read.call_id, key);
            return;
        }
        Call call = std::move(std::get<Call>(read.result));
        if (read.signed_by_session) call.signed_as = visitor_->session().id;
        start(std::move(call), {read.call_id, key, Order::read, {}});
    }

    void on_binary() {
        const Refusal refusal(400, "CORE_REQ_INVALID_CALL", "A call is a text message.");
        send(engine_.refuse(refusal, *visitor_), {}, anonymous_);
    }

    void on_stopping() {
        is_stopping_ = true;
        close_if_done();
    }

    void on_closed() { socket_ = nullptr; }

private:
    struct Pending {
        std::string call_id;
        Key key;  // what the call was verified with; a signed answer is signed with the same
        Order order;
        std::chrono::steady_clock::time_point deadline;
    };

    static Task<> admit(std::shared_ptr<Conversation> self) {
        Peer peer = self->socket_->peer();
        try {
            self->visitor_ = co_await self->engine_.admit(std::move(peer));
            self->visitor_->uploads = self->engine_.uploads();
        } catch (const std::exception& error) {
            base::log_error("app", "cannot admit a connection", {{"error", error.what()}});
        }
        if (!self->socket_) co_return;
        if (!self->visitor_) {
            self->socket_->close(wire::CloseCode::try_again, "the store is not available");
            co_return;
        }
        self->send_text(self->options_.signs_answers ? self->signed_greeting() : std::string(wire::greeting));
        self->close_if_done();
        if (self->socket_) self->socket_->resume();
    }

    std::string signed_greeting() const {
        return wire::write_signed_answer(Answer::ok("Connection established."), {}, *anonymous_);
    }

    // A barrier pauses the socket, so that the frames behind it are verified with the key that it leaves.
    void start(Call call, Pending pending) {
        pending.order = engine_.order_of(wire::normal_endpoint(call.endpoint));
        call.deadline = pending.deadline = std::chrono::steady_clock::now() + options_.call_timeout;
        const Order order = pending.order;
        const std::uint64_t number = ++last_number_;
        pending_.emplace(number, std::move(pending));
        if (order == Order::barrier) is_barred_ = true;
        if (is_barred_ || pending_.size() >= options_.calls_in_flight_max) socket_->pause();
        lane_.add(order, [self = shared_from_this(), call = std::move(call), number]() mutable {
            base::spawn("a call", run(std::move(self), std::move(call), number));
        });
        watch_deadlines();
    }

    static Task<> run(std::shared_ptr<Conversation> self, Call call, std::uint64_t number) {
        const Answer answer = co_await self->engine_.run(std::move(call), self->visitor_);
        self->finish(number, answer);
    }

    void finish(std::uint64_t number, const Answer& answer) {
        follow_session();
        auto found = pending_.find(number);
        if (found == pending_.end()) return;  // it took too long, and was answered so
        const Pending pending = std::move(found->second);
        pending_.erase(found);
        send(answer, pending.call_id, pending.key);
        if (pending.order == Order::barrier) is_barred_ = false;
        lane_.finished(pending.order);
        close_if_done();
        if (socket_ && !is_barred_ && pending_.size() < options_.calls_in_flight_max) socket_->resume();
    }

    // The key of whoever the visitor is now.
    void follow_session() {
        const Session& now = visitor_->session();
        if (now.id == session_id_) return;
        session_id_ = now.id;
        session_ = now.is_anonymous() ? anonymous_ : std::make_shared<base::Hmac>(now.token);
    }

    // One timer a connection, for its oldest call; all have the same time to answer.
    void watch_deadlines() {
        if (is_watching_ || pending_.empty()) return;
        is_watching_ = true;
        const auto left = pending_.begin()->second.deadline - std::chrono::steady_clock::now();
        const auto delay = std::chrono::ceil<std::chrono::milliseconds>(left);
        base::Loop::current().after(std::max(delay, std::chrono::milliseconds(0)), [weak = weak_from_this()] {
            if (auto self = weak.lock()) self->refuse_late();
        });
    }

    // A call that was refused so may still be at work; it goes on with the visitor that it has, and no longer decides
    // who is calling here.
    void refuse_late() {
        is_watching_ = false;
        const Answer late = Answer::of(engine::timed_out());
        while (!pending_.empty() && pending_.begin()->second.deadline <= std::chrono::steady_clock::now()) {
            visitor_ = std::make_shared<engine::Visitor>(*visitor_);
            finish(pending_.begin()->first, late);
        }
        watch_deadlines();
    }

    void send(const Answer& answer, std::string_view call_id, const Key& key) {
        send_text(
            options_.signs_answers ? wire::write_signed_answer(answer, call_id, *key)
                                   : wire::write_answer(answer, call_id)
        );
    }

    void send_text(const std::string& text) {
        if (socket_) socket_->send_text(text);
    }

    void close_if_done() {
        if (is_stopping_ && socket_ && pending_.empty()) socket_->close(wire::CloseCode::going_away, "server stopping");
    }

    engine::Engine& engine_;
    net::Socket* socket_;  // null when the connection is gone
    Key anonymous_;
    Key session_;
    std::string session_id_{anon_session_id};
    ConversationOptions options_;
    engine::VisitorPtr visitor_;
    engine::Lane lane_;
    std::map<std::uint64_t, Pending> pending_;  // in order of arrival, and so of deadline
    std::uint64_t last_number_ = 0;
    bool is_barred_ = false;
    bool is_watching_ = false;
    bool is_stopping_ = false;
};

// What the connection owns: a thin hand to the conversation, which calls under way keep alive after it.
class Handler : public net::SocketHandler {
public:
    explicit Handler(std::shared_ptr<Conversation> conversation) : conversation_(std::move(conversation)) {
        conversation_->begin();
    }
    void on_text(std::string_view text) override { conversation_->on_text(text); }
    void on_binary(std::string_view) override { conversation_->on_binary(); }
    void on_stopping() override { conversation_->on_stopping(); }
    void on_closed() override { conversation_->on_closed(); }

private:
    std::shared_ptr<Conversation> conversation_;
};

}  // namespace

std::unique_ptr<net::SocketHandler> converse(
    engine::Engine& engine, net::Socket& socket, std::shared_ptr<base::Hmac> anonymous,
    const ConversationOptions& options
) {
    return std::make_unique<Handler>(std::make_shared<Conversation>(engine, socket, std::move(anonymous), options));
}

}  // namespace limp::app
