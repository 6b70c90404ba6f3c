#include "app/config.hpp"

#include <unistd.h>

#include <algorithm>
#include <functional>
#include <map>
#include <span>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>

#include "app/config_keys.hpp"
#include "base/text.hpp"
#include "net/trusted_proxies.hpp"
#include "package/names.hpp"
#include "picture/thumbnails.hpp"

namespace limp::app {

namespace {

using package::in_quotes;
using package::Manifest;

constexpr std::string_view env_variable = "$__env.";
constexpr std::string_view variable_prefix = "LIMP_";

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
    const std::string near = base::nearest(word, known);
    return near.empty() ? "" : "; did you mean " + in_quotes(near) + "?";
}

std::vector<std::string> key_names() {
    std::vector<std::string> names;
    for (const ConfigKey& key : config_keys()) names.emplace_back(key.name);
    return names;
}

std::string variable_of(std::string_view key) {
    return std::string(variable_prefix) + base::to_upper(key);
}

// Builds one Config, source by source. A place is how a message begins: "modules/shop/limp.json:12",
// "environment variable LIMP_PORT".
class Loader {
public:
    explicit Loader(const Environment& environment) : environment_(environment) {}

    void choose_env(const Options& options, std::span<const Manifest> manifests);
    void read(const Manifest& manifest);
    void read_variables();
    void read_flags(const Options& options);
    Config finish();

private:
    void check_tls() const;
    void check_proxies() const;
    void check_thumbnails() const;

    // The value of a variable, if it is set and not empty.
    const std::string* variable(const std::string& name) const;

    void read_entries(const Manifest& manifest, const std::vector<package::ConfigEntry>& entries);
    void read_variable(const std::string& name, const ConfigKey& key);
    void warn_of_unknown_variables();
    Value resolve(const Value& value, const std::string& place) const;
    const std::string& resolve(const std::string& text, const std::string& place) const;

    // Runs `set`, which sets the key, and says where it was set when that goes wrong.
    template <class Set>
    void set(const ConfigKey& key, const std::string& place, Set set);

    [[noreturn]] void fail(std::string_view key, const std::string& what) const;

    const Environment& environment_;
    Config config_;
    std::map<std::string, std::string, std::less<>> places_;  // key → where it was set last
};

const ConfigKey& key_of(const package::ConfigEntry& entry, const std::string& place) {
    if (const ConfigKey* key = find_config_key(entry.key)) return *key;
    throw ConfigError(place + ": unknown key " + in_quotes(entry.key) + did_you_mean(entry.key, key_names()));
}

std::string place_of(const Manifest& manifest, const package::ConfigEntry& entry) {
    return manifest.file + ':' + std::to_string(entry.line);
}

const std::string* Loader::variable(const std::string& name) const {
    const auto found = environment_.find(name);
    return found == environment_.end() || found->second.empty() ? nullptr : &found->second;
}

void Loader::choose_env(const Options& options, std::span<const Manifest> manifests) {
    std::string place = "--env";
    config_.env = options.env;
    for (const char* name : {"LIMP_ENV", "ENV"}) {
        if (!config_.env.empty() || !variable(name)) continue;
        config_.env = *variable(name);
        place = std::string("environment variable ") + name;
    }
    config_.dev = config_.env.empty();
    if (config_.env.empty()) return;

    std::vector<std::string> known;
    for (const Manifest& manifest : manifests)
        for (const auto& [name, entries] : manifest.envs)
            if (std::ranges::find(known, name) == known.end()) known.push_back(name);
    if (std::ranges::find(known, config_.env) != known.end()) return;
    std::ranges::sort(known);
    throw ConfigError(
        place + ": unknown env " + in_quotes(config_.env) + did_you_mean(config_.env, known) +
        (known.empty() ? "; no package has any \"envs\"" : " (known: " + base::join(known, ", ") + ")")
    );
}

void Loader::read(const Manifest& manifest) {
    for (const package::ConfigEntry& entry : manifest.config)
        if (entry.key == "dev")
            throw ConfigError(
                place_of(manifest, entry) + R"(: "dev" belongs to an env: {"envs": {"staging": {"dev": true}}})"
            );
    read_entries(manifest, manifest.config);
    for (const auto& [name, entries] : manifest.envs) {
        for (const package::ConfigEntry& entry : entries) key_of(entry, place_of(manifest, entry));
        if (name == config_.env) read_entries(manifest, entries);
    }
}

void Loader::read_entries(const Manifest& manifest, const std::vector<package::ConfigEntry>& entries) {
    for (const package::ConfigEntry& entry : entries) {
        const std::string place = place_of(manifest, entry);
        const ConfigKey& key = key_of(entry, place);
        set(key, place, [&] {
            if (entry.value.is_string() && entry.value.string().starts_with(env_variable))
                set_key_from_text(config_, key, resolve(entry.value.string(), place));
            else
                set_key(config_, key, resolve(entry.value, place));
        });
    }
}

const std::string& Loader::resolve(const std::string& text, const std::string& place) const {
    if (!text.starts_with(env_variable)) return text;
    const std::string name = text.substr(env_variable.size());
    if (const std::string* value = variable(name)) return *value;
    throw ConfigError(place + ": " + in_quotes(text) + ": the environment variable " + name + " is not set");
}

Value Loader::resolve(const Value& value, const std::string& place) const {
    if (value.is_string()) return resolve(value.string(), place);
    Value resolved = value;
    if (resolved.is_list())
        for (Value& element : resolved.list()) element = resolve(element, place);
    if (resolved.is_object())
        for (Member& member : resolved.object()) member.value = resolve(member.value, place);
    return resolved;
}

void Loader::read_variables() {
    // PORT and DEBUG are what hosting services set; limpd's own names win over them.
    read_variable("PORT", *find_config_key("port"));
    read_variable("DEBUG", *find_config_key("debug"));
    for (const ConfigKey& key : config_keys()) read_variable(variable_of(key.name), key);
    warn_of_unknown_variables();
}

void Loader::read_variable(const std::string& name, const ConfigKey& key) {
    const std::string* text = variable(name);
    if (text) set(key, "environment variable " + name, [&] { set_key_from_text(config_, key, *text); });
}

// Others may have variables of that prefix too (this project's build has), so a wrong one does not stop limpd.
void Loader::warn_of_unknown_variables() {
    std::vector<std::string> known = {"LIMP_ENV"};
    for (const ConfigKey& key : config_keys()) known.push_back(variable_of(key.name));
    for (const auto& [name, value] : environment_)
        if (name.starts_with(variable_prefix) && std::ranges::find(known, name) == known.end())
            config_.warnings.push_back(
                "environment variable " + name + " is no configuration key" + did_you_mean(name, known)
            );
}

void Loader::read_flags(const Options& options) {
    if (options.debug) config_.debug = true;
    if (options.port) config_.port = *options.port;
    if (options.address) config_.address = *options.address;
    if (options.data) config_.data_file = options.data->string();
}

template <class Set>
void Loader::set(const ConfigKey& key, const std::string& place, Set set) {
    places_[std::string(key.name)] = place;
    try {
        set();
    } catch (const WrongValue& error) {
        fail(key.name, error.what());
    }
    if (!key.has_effect)
        config_.warnings.push_back(place + ": " + in_quotes(key.name) + " has no effect in this version");
}

void Loader::fail(std::string_view key, const std::string& what) const {
    const auto place = places_.find(key);
    throw ConfigError((place == places_.end() ? "" : place->second + ": ") + in_quotes(key) + ' ' + what);
}

void Loader::check_tls() const {
    if (!config_.tls_certificate_file.empty() && config_.tls_key_file.empty())
        fail("tls_certificate_file", "needs \"tls_key_file\" too: the file with the certificate's key");
    if (!config_.tls_certificate_file.empty()) return;
    const std::pair<std::string_view, bool> others[] = {
        {"tls_key_file", !config_.tls_key_file.empty()},
        {"tls_client_authorities_file", !config_.tls_client_authorities_file.empty()},
        {"tls_redirect_port", config_.tls_redirect_port != 0},
        {"tls_hsts_seconds", config_.tls_hsts_seconds != 0},
    };
    for (const auto& [key, is_set] : others)
        if (is_set) fail(key, "needs \"tls_certificate_file\" too: the file with the server's certificate");
}

void Loader::check_proxies() const {
    try {
        net::TrustedProxies{config_.trusted_proxies};
    } catch (const std::invalid_argument& error) {
        fail("trusted_proxies", std::string("is wrong: ") + error.what());
    }
    if (config_.proxy_protocol && config_.trusted_proxies.empty())
        fail("proxy_protocol", "needs \"trusted_proxies\" too: the addresses that connections come from");
}

void Loader::check_thumbnails() const {
    for (const std::string& size : config_.thumbnail_sizes)
        if (!picture::read_size(size))
            fail(
                "thumbnail_sizes",
                "has " + base::in_quotes(size) + ": a size is like \"128x128\", 4096 each way at most"
            );
}

// Checks what goes across keys, and computes the defaults that depend on others.
Config Loader::finish() {
    const Settings& settings = config_.settings;
    if (std::ranges::find(settings.locales, settings.locale) == settings.locales.end())
        fail(
            places_.contains("locale") ? "locale" : "locales", "must go together: \"locale\" is " +
                                                                   in_quotes(settings.locale) + ", \"locales\" are " +
                                                                   base::join(settings.locales, ", ")
        );
    if (config_.idle_timeout <= config_.ping_every)
        fail(
            places_.contains("idle_timeout_ms") ? "idle_timeout_ms" : "ping_every_ms",
            "is wrong: \"idle_timeout_ms\" must be more than \"ping_every_ms\""
        );
    check_tls();
    check_proxies();
    check_thumbnails();

    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    if (config_.threads == 0) config_.threads = cores;
    if (config_.password_threads == 0) config_.password_threads = std::max<std::size_t>(1, cores / 2);
    if (!places_.contains("sandbox")) config_.sandbox = config_.dev;
    if (config_.server_key_file.empty() && config_.data_driver != "memory")
        config_.server_key_file = config_.data_file + ".key";
    return std::move(config_);
}

}  // namespace

Environment process_environment() {
    Environment environment;
    for (char** entry = environ; entry && *entry; ++entry) {
        const std::string_view line = *entry;
        const std::size_t equals = line.find('=');
        if (equals != std::string_view::npos) environment.emplace(line.substr(0, equals), line.substr(equals + 1));
    }
    return environment;
}

Config load_config(
    const Options& options, std::span<const package::Manifest> manifests, const Environment& environment
) {
    Loader loader(environment);
    loader.choose_env(options, manifests);
    for (const Manifest& manifest : manifests) loader.read(manifest);
    loader.read_variables();
    loader.read_flags(options);
    return loader.finish();
}

}  // namespace limp::app
