#include "app/in_process.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "app/conversation.hpp"
#include "app/proofs.hpp"
#include "base/hmac.hpp"
#include "base/loop.hpp"
#include "base/pool.hpp"
#include "net/server.hpp"

namespace limp::app {

namespace {

constexpr std::chrono::seconds patience{30};

// The connection's end that a conversation talks to: what it sends waits here to be taken.
class Pipe : public net::Socket {
public:
    explicit Pipe(base::Loop& loop) : loop_(loop) {}

    void send_text(std::string_view text) override {
        std::lock_guard lock(mutex_);
        sent_.emplace_back(text);
        changed_.notify_one();
    }
    void send_binary(std::string_view) override {}
    void pause() override {}
    void resume() override {}
    void close(std::uint16_t, std::string_view) override {}
    const Peer& peer() const override { return peer_; }
    base::Loop& loop() override { return loop_; }

    std::string take() {
        std::unique_lock lock(mutex_);
        if (!changed_.wait_for(lock, patience, [this] { return !sent_.empty(); }))
            throw std::runtime_error("no answer came");
        std::string text = std::move(sent_.front());
        sent_.pop_front();
        return text;
    }

private:
    base::Loop& loop_;
    Peer peer_{"127.0.0.1", "transcripts"};
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::string> sent_;
};

// Everything that touches the handler is posted to the loop, where a connection's messages would arrive.
class PipeClient : public calls::Client {
public:
    PipeClient(engine::Engine& engine, base::Loop& loop, std::shared_ptr<base::Hmac> anonymous)
        : loop_(loop), pipe_(std::make_shared<Pipe>(loop)), handler_(std::make_shared<Owner>()) {
        loop_.post([&engine, pipe = pipe_, handler = handler_, anonymous = std::move(anonymous)] {
            *handler = converse(engine, *pipe, anonymous, {});
        });
    }
    ~PipeClient() override {
        loop_.post([pipe = pipe_, handler = handler_] { (*handler)->on_closed(); });
    }
    std::string greeting() override { return pipe_->take(); }
    std::string exchange(std::string_view message) override {
        loop_.post([handler = handler_, text = std::string(message)] { (*handler)->on_text(text); });
        return pipe_->take();
    }

private:
    using Owner = std::unique_ptr<net::SocketHandler>;
    base::Loop& loop_;
    std::shared_ptr<Pipe> pipe_;
    std::shared_ptr<Owner> handler_;
};

}  // namespace

struct InProcess::Parts {
    Parts(std::vector<PackageRef> packages, Store& store, engine::Options options)
        : anonymous(std::make_shared<base::Hmac>(options.settings.anon_token)),
          engine(std::move(packages), store, passwords, std::move(options), {proofs(), {}}) {
        engine.prepare_store();
        base::run_to_end(engine.start());
        thread = std::jthread([this] { loop.run(); });
    }
    ~Parts() {
        loop.stop();
        thread.join();
        base::run_to_end(engine.stop());
    }

    base::Loop loop;
    base::Pool passwords{{"password", 1, 64, 0}};
    std::shared_ptr<base::Hmac> anonymous;
    engine::Engine engine;
    std::jthread thread;
};

InProcess::InProcess(std::vector<PackageRef> packages, Store& store, engine::Options options)
    : parts_(std::make_unique<Parts>(std::move(packages), store, std::move(options))) {}
InProcess::~InProcess() = default;

std::unique_ptr<calls::Client> InProcess::connect() {
    return std::make_unique<PipeClient>(parts_->engine, parts_->loop, parts_->anonymous);
}

}  // namespace limp::app
