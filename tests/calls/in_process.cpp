#include "tests/calls/in_process.hpp"

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
#include "base/id.hpp"
#include "base/loop.hpp"
#include "base/pool.hpp"
#include "core/core.hpp"
#include "engine/engine.hpp"
#include "net/server.hpp"
#include "package/manifest.hpp"
#include "store/stores.hpp"

namespace limp::calls {

std::vector<Package> packages_in(const std::filesystem::path& modules, const Settings& settings) {
    const auto files = package::find_manifests(modules);
    const auto templates =
        package::read_templates(files, {{"content", core::content()}, {"content_cat", core::content_cat()}});
    std::vector<Package> packages{core::make(settings)};
    for (const auto& file : files) packages.push_back(package::read_manifest(file, templates).package);
    return packages;
}

namespace {

constexpr std::chrono::seconds patience{30};

engine::Options cheap_options() {
    engine::Options options;
    options.password_cost = {1, 8192};
    options.server_key = "a key for tests, as long as any";
    return options;
}

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
class PipeClient : public Client {
public:
    PipeClient(engine::Engine& engine, base::Loop& loop, std::shared_ptr<base::Hmac> anonymous)
        : loop_(loop), pipe_(std::make_shared<Pipe>(loop)), handler_(std::make_shared<Owner>()) {
        loop_.post([&engine, pipe = pipe_, handler = handler_, anonymous = std::move(anonymous)] {
            *handler = app::converse(engine, *pipe, anonymous, {});
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
    Parts(const std::filesystem::path& modules, const std::string& driver)
        : store(driver == "memory" ? store::open_memory() : store::open_sqlite(folder / "limp.db")),
          engine(
              engine::linked_in(packages_in(modules, Settings())), *store, passwords, cheap_options(),
              {app::proofs(), {}}
          ) {
        engine.prepare_store();
        base::run_to_end(engine.start());
        thread = std::jthread([this] { loop.run(); });
    }
    ~Parts() {
        loop.stop();
        thread.join();
        std::filesystem::remove_all(folder);
    }

    const std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("limp-calls-" + base::new_random_id());
    base::Loop loop;
    std::unique_ptr<Store> store;
    base::Pool passwords{{"password", 1, 64, 0}};
    engine::Engine engine;
    std::shared_ptr<base::Hmac> anonymous = std::make_shared<base::Hmac>(Settings().anon_token);
    std::jthread thread;
};

InProcess::InProcess(const std::filesystem::path& modules, const std::string& driver)
    : parts_(std::make_unique<Parts>(modules, driver)) {}
InProcess::~InProcess() = default;

std::unique_ptr<Client> InProcess::connect() {
    return std::make_unique<PipeClient>(parts_->engine, parts_->loop, parts_->anonymous);
}

}  // namespace limp::calls
