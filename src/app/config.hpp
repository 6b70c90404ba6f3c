// app/config.hpp: the configuration that limpd runs with.
//
// Sources   in this order, later ones win: the defaults below; each manifest's "config" and then its "envs" entry for
//           the env that was asked for, manifests in the order given; environment variables (LIMP_<KEY>, and PORT, ENV,
//           DEBUG); command line flags. Objects are merged member by member, everything else is replaced.
// Meaning   each key, its kind, range and what it is for: the table in app/config_keys.cpp; docs/configuration.md and
//           the schema show that table.
// Errors    ConfigError, with the file and line, variable or flag, and what would be right. Nothing is ignored.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "app/options.hpp"
#include "limp/settings.hpp"
#include "limp/value.hpp"
#include "package/manifest.hpp"

namespace limp::app {

struct Config {
    using milliseconds = std::chrono::milliseconds;

    Settings settings;  // locales, admin_*, anon_token, groups
    std::string env;    // empty: none
    bool dev = true;    // without an env, or when the env says so
    bool debug = false;

    std::string data_driver = "sqlite";  // or "memory"
    std::string data_file = "data/limp.db";
    std::size_t cache_bytes_max = 64 * 1024 * 1024;
    std::size_t change_log_batches = 100'000;
    std::string server_key_file;  // never empty but for "memory" when it was not set: the key is then made anew

    std::string address = "0.0.0.0";
    std::uint16_t port = 8081;
    std::size_t threads = 0;  // after load_config: never 0
    bool compress = true;
    std::string tls_certificate_file;  // empty: no TLS, and the other tls_ keys are not set
    std::string tls_key_file;
    std::string tls_client_authorities_file;
    std::uint16_t tls_redirect_port = 0;  // 0: none
    std::int64_t tls_hsts_seconds = 0;    // 0: not sent
    std::vector<std::string> trusted_proxies;
    bool proxy_protocol = false;  // true: trusted_proxies is not empty
    std::vector<std::string> allowed_origins;
    std::vector<std::string> thumbnail_sizes = {"64x64", "128x128", "256x256", "512x512", "1024x1024"};
    bool sandbox = false;  // after load_config: as dev when it was not set
    bool allow_default_secrets = false;

    std::size_t password_operations = 2;
    std::size_t password_memory_kib = 65'536;
    std::size_t password_threads = 0;  // after load_config: never 0
    std::size_t password_waiting_max = 64;

    std::size_t message_bytes_max = 4 * 1024 * 1024;
    std::int64_t upload_bytes_max = 16 * 1024 * 1024;
    std::int64_t uploads_bytes_max = 256 * 1024 * 1024;
    std::size_t json_depth_max = 64;
    std::size_t json_values_max = 100'000;
    std::size_t query_nodes_max = 1'000;
    std::size_t query_depth_max = 16;
    std::size_t query_in_max = 1'000;
    std::size_t query_references_max = 4;
    std::size_t query_pattern_bytes_max = 200;
    std::size_t query_words_max = 10;
    std::size_t query_facets_max = 8;
    std::int64_t query_buckets_max = 100;
    std::int64_t count_max = 1'000;
    std::size_t extn_depth_max = 4;
    std::size_t extn_docs_max = 10'000;
    std::size_t batch_docs_max = 1'000;
    std::int64_t read_limit_max = 1'000;
    std::int64_t advise_documents = 10'000;
    std::int64_t history_entries_max = 100;
    std::size_t calls_in_flight_max = 64;
    std::size_t send_bytes_max = 16 * 1024 * 1024;
    std::size_t connections_max = 10'000;
    std::size_t connections_per_address_max = 1'000;
    std::int64_t quota_address_per_minute = 60'000;
    std::int64_t quota_session_per_minute = 30'000;

    milliseconds call_timeout{30'000};
    milliseconds turn_warn{200};  // 0: none is spoken of
    milliseconds handshake_timeout{10'000};
    milliseconds ping_every{30'000};
    milliseconds idle_timeout{90'000};
    milliseconds stop_grace{10'000};

    // LIMP's keys that have no effect in this version; setting one is a warning.
    std::string data_server = "mongodb://localhost";
    std::uint16_t data_port = 27'017;
    std::string data_name = "limp_data";
    Object sms_auth;
    Object email_auth;
    Object events;
    Object templates;
    Object l10n;

    std::vector<std::string> warnings;  // lines for the start-up log
};

class ConfigError : public UsageError {
public:
    using UsageError::UsageError;
};

using Environment = std::map<std::string, std::string>;

// The variables of this process.
Environment process_environment();

Config load_config(
    const Options& options, std::span<const package::Manifest> manifests, const Environment& environment
);

}  // namespace limp::app
