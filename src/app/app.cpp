// The introductions: configuration → packages → store → engine → doors; then signals, until the end.
#include "app/app.hpp"

#include <csignal>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "app/config.hpp"
#include "app/doors.hpp"
#include "app/packages.hpp"
#include "app/reloading.hpp"
#include "app/secure.hpp"
#include "app/server_key.hpp"
#include "app/signals.hpp"
#include "app/start.hpp"
#include "app/version.hpp"
#include "base/id.hpp"
#include "base/log.hpp"
#include "base/loop.hpp"
#include "base/text.hpp"
#include "engine/collections.hpp"
#include "engine/engine.hpp"
#include "engine/job_runner.hpp"
#include "engine/watchdog.hpp"
#include "gateway/http_client.hpp"
#include "net/server.hpp"
#include "package/manifest.hpp"
#include "picture/thumbnails.hpp"
#include "store/stores.hpp"

namespace limp::app {

namespace {

net::Options net_options(const Config& config) {
    net::Options options;
    options.address = config.address;
    options.port = config.port;
    options.connections_max = config.connections_max;
    options.connections_per_address_max = config.connections_per_address_max;
    options.handshake_timeout = config.handshake_timeout;
    options.ping_every = config.ping_every;
    options.idle_timeout = config.idle_timeout;
    options.send_bytes = config.send_bytes_max;
    options.body_bytes = config.message_bytes_max;
    options.trusted_proxies = net::TrustedProxies(config.trusted_proxies);
    options.proxy_protocol = config.proxy_protocol;
    return options;
}

void report_packages(const engine::Engine& engine) {
    std::map<std::string, std::string> modules;
    const engine::ServedPtr served = engine.served();
    for (const auto& [name, module] : served->registry.modules()) {
        std::string& list = modules[module.module.package];
        list += (list.empty() ? "" : ", ") + name;
    }
    for (const auto& [package, list] : modules)
        base::log_info("package", "loaded", {{"package", package}, {"modules", list}});
}

// The secrets that have the default which everybody knows. They are for trying limpd out.
std::vector<std::string> default_secrets(const Config& config) {
    const Settings defaults;
    std::vector<std::string> keys;
    if (config.settings.admin_password == defaults.admin_password) keys.push_back("admin_password");
    if (config.settings.anon_token == defaults.anon_token) keys.push_back("anon_token");
    return keys;
}

void refuse_default_secrets(const Config& config) {
    if (config.dev || config.allow_default_secrets) return;
    for (const std::string& key : default_secrets(config)) {
        throw UsageError(
            "env " + config.env + ": " + key + " has its default, which everybody knows; set it (LIMP_" +
            base::to_upper(key) + "), or set allow_default_secrets to true"
        );
    }
}

void warn(const Config& config) {
    for (const std::string& key : default_secrets(config))
        base::log_warning("app", key + " has its default, which everybody knows; set it before others can connect");
    for (const std::string& warning : config.warnings) base::log_warning("app", warning);
    for (const std::string& origin : config.allowed_origins)
        if (origin == "*") base::log_warning("app", "allowed_origins has \"*\": pages of any site may connect");
    if (!config.dev && config.tls_certificate_file.empty())
        base::log_warning("app", "no TLS: put a proxy that has it in front (docs/operations.md)");
}

// `work()`, with documents that do not fit described for people.
auto fitting(auto work) {
    try {
        return work();
    } catch (const Unfit& unfit) {
        throw described(unfit);
    }
}

// `before`: what each thing done begins with.
void report(const Prepared& prepared, const std::string& before) {
    for (const std::string& line : prepared.done) base::log_info("store", before + line);
    for (const std::string& line : prepared.warnings) base::log_warning("store", line);
}

// What a person wants to see first. It is said when nothing of it can be refused any more: a start that fails says why,
// and nothing else.
void report(const Config& config, const engine::Engine& engine, const Store& store, const Prepared& prepared) {
    base::log_info("app", "limpd " + std::string(version), {{"env", config.env.empty() ? "dev" : config.env}});
    warn(config);
    report_packages(engine);
    base::log_info("store", "opened", {{"store", store.description()}});
    report(prepared, "");
}

bool has_echo(const Config& config) {
    const char* wanted = std::getenv("LIMP_ECHO");
    return config.debug && wanted && std::string_view(wanted) == "1";
}

// The loops, a thread each; the first runs on the thread that called.
class Loops {
public:
    explicit Loops(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) loops_.push_back(std::make_unique<base::Loop>());
    }

    std::vector<base::Loop*> all() const {
        std::vector<base::Loop*> loops;
        for (const auto& loop : loops_) loops.push_back(loop.get());
        return loops;
    }

    void run() {
        std::vector<std::jthread> threads;
        for (std::size_t i = 1; i < loops_.size(); ++i) threads.emplace_back([&loop = *loops_[i]] { loop.run(); });
        loops_[0]->run();
    }

    void stop() {
        for (const auto& loop : loops_) loop->stop();
    }

private:
    std::vector<std::unique_ptr<base::Loop>> loops_;
};

// The packages' starts, and their stops however serving ends.
class Started {
public:
    explicit Started(engine::Engine& engine) : engine_(engine) { base::run_to_end(engine_.start()); }
    Started(const Started&) = delete;
    Started& operator=(const Started&) = delete;
    ~Started() { base::run_to_end(engine_.stop()); }

private:
    engine::Engine& engine_;
};

std::unique_ptr<net::Server> listen(const net::Options& options, net::Doorkeeper& doors, const Loops& loops) {
    try {
        return std::make_unique<net::Server>(options, doors, loops.all());
    } catch (const std::system_error& error) {
        throw UsageError(
            "cannot listen on " + options.address + ":" + std::to_string(options.port) + ": " + error.code().message()
        );
    }
}

// Plain HTTP is sent to where TLS is, as long as the loops run. Null when no port is configured for that.
std::unique_ptr<net::Server> redirect(const Config& config, net::Doorkeeper& to_https, const Loops& loops) {
    if (config.tls_redirect_port == 0) return nullptr;
    net::Options options = net_options(config);
    options.port = config.tls_redirect_port;
    auto server = listen(options, to_https, loops);
    server->start();
    base::log_info("net", "sending plain HTTP to https://", {{"port", server->port()}});
    return server;
}

void serve(
    const Config& config, std::shared_ptr<const net::TlsContext> tls, engine::Engine& engine,
    std::span<const page::File> page, Loops& loops, StopSignals& signals
) {
    Doors doors(engine, config, loops.all(), config.sandbox ? page : std::span<const page::File>(), has_echo(config));
    StrictTransport strict(doors, config);
    net::Options options = net_options(config);
    options.tls = std::move(tls);
    const std::unique_ptr<net::Server> server = listen(options, strict, loops);
    ToHttps to_https(server->port());
    const std::unique_ptr<net::Server> redirecting = redirect(config, to_https, loops);
    server->start();
    base::log_info(
        "net", "listening",
        {{"port", server->port()},
         {"threads", loops.all().size()},
         {"address", (options.tls ? "wss://" : "ws://") + config.address + ":" + std::to_string(server->port()) + "/ws"}
        }
    );
    engine::JobRunner jobs(engine);
    loops.all()[0]->post([&] { base::spawn("jobs", jobs.run()); });
    std::unique_ptr<engine::Watchdog> watchdog;
    if (config.turn_warn.count() > 0) watchdog = std::make_unique<engine::Watchdog>(loops.all(), config.turn_warn);
    signals.on_hangup([&] { renew_tls(config, *server); });
    signals.on_first([&] {
        base::log_info("app", "stopping: calls in flight are finished; a second signal exits at once");
        jobs.stop();
        server->stop(config.stop_grace, [&] {
            watchdog.reset();  // a loop that has ended does not answer it
            loops.stop();
        });
    });
    loops.run();
}

// What a start would do to the stored documents.
Prepared rehearse(const Config& config, const engine::Engine& engine) {
    if (config.data_driver == "memory") return {};
    try {
        return fitting([&] {
            return store::rehearse_sqlite(
                config.data_file, engine::collections(engine.served()->registry, config.settings)
            );
        });
    } catch (const StoreUnavailable& error) {
        throw UsageError(error.what());
    }
}

// --check: everything that a start would look at, without a trace: the data file stays as it is, no key is made.
void check(const Config& config, const std::vector<package::Manifest>& manifests, base::Pool::Options passwords) {
    const std::unique_ptr<Store> store = store::open_memory();
    base::Pool pool(std::move(passwords));
    const auto engine = make_engine(config, manifests, *store, pool, base::random_bytes(32), {}, {});
    const Prepared prepared = rehearse(config, *engine);
    warn(config);
    report_packages(*engine);
    report(prepared, "would: ");
    base::log_info("app", "everything is right; this was a check, nothing is served");
}

}  // namespace

int run(const Options& options, std::span<const page::File> page) {
    base::set_log(options.debug ? base::LogLevel::debug : base::LogLevel::info, options.log_format);
    StopSignals signals;  // before any thread, so that all of them leave signals to it
    const std::vector<package::Manifest> manifests = read_manifests(options);
    const Config config = load_config(options, manifests, process_environment());
    base::set_log(config.debug ? base::LogLevel::debug : base::LogLevel::info, options.log_format);
    refuse_default_secrets(config);
    std::shared_ptr<const net::TlsContext> tls = load_tls(config);
    base::Pool::Options password_pool{"password", config.password_threads, config.password_waiting_max, 10};
    if (options.check) {
        check(config, manifests, std::move(password_pool));
        return EXIT_SUCCESS;
    }
    Loops loops(config.threads);
    const std::unique_ptr<Store> store = open_store(config);
    base::Pool passwords(std::move(password_pool));
    std::string key = config.server_key_file.empty() ? base::random_bytes(32) : server_key(config.server_key_file);
    gateway::HttpClient http;
    picture::Thumbnails thumbnails;
    const std::unique_ptr<engine::Engine> engine = make_engine(
        config, manifests, *store, passwords, std::move(key), [&](HttpAsk ask) { return http.fetch(std::move(ask)); },
        [&](std::string id, Bytes image, const std::string& size) {
            return thumbnails.make(std::move(id), std::move(image), *picture::read_size(size));
        }
    );
    const Prepared prepared = fitting([&] { return engine->prepare_store(); });
    report(config, *engine, *store, prepared);
    {
        const Started started(*engine);
        std::optional<Reloading> reloading;
        if (config.dev) reloading.emplace(options, config, *engine, manifests);
        serve(config, std::move(tls), *engine, page, loops, signals);
    }
    base::log_info("app", "stopped");
    return EXIT_SUCCESS;
}

}  // namespace limp::app
