#include "app/config_keys.hpp"

#include <algorithm>
#include <utility>

namespace limp::app {

namespace {

template <auto member>
auto& at(Config& config) {
    return config.*member;
}

template <auto member>
auto& setting(Config& config) {
    return config.settings.*member;
}

constexpr std::int64_t million = 1'000'000;
constexpr std::int64_t day_ms = 24 * 60 * 60 * 1'000;
constexpr std::int64_t bytes_most = 1024 * 1024 * 1024;

ConfigKey one_of(ConfigKey key, std::vector<std::string> choices) {
    key.choices = std::move(choices);
    return key;
}

ConfigKey computed(ConfigKey key, std::string_view default_text) {
    key.computed = default_text;
    return key;
}

ConfigKey without_effect(ConfigKey key) {
    key.has_effect = false;
    return key;
}

// In the order of docs/configuration.md.
const std::vector<ConfigKey> keys = {
    {"locales", &setting<&Settings::locales>, "The locales that texts are kept in.", 1},
    {"locale", &setting<&Settings::locale>, "The default locale, one of `locales`; a text must be given in it.", 1},
    {"admin_username", &setting<&Settings::admin_username>, "User name of the administrator, when first made.", 1},
    {"admin_email", &setting<&Settings::admin_email>, "E-mail of the administrator, when first made.", 1},
    {"admin_phone", &setting<&Settings::admin_phone>, "Phone number of the administrator, when first made.", 1},
    {"admin_password", &setting<&Settings::admin_password>, "Password of the administrator, when first made.", 1},
    {"anon_token", &setting<&Settings::anon_token>, "What calls are signed with before a log-in; clients know it.", 1},
    {"groups", &setting<&Settings::groups>, "Group documents that must exist, each with its `_id`."},
    {"allow_default_secrets", &at<&Config::allow_default_secrets>,
     "Start in an env that is not for development though `admin_password` or `anon_token` is the default."},

    {"debug", &at<&Config::debug>, "Log in full detail."},
    computed(
        {"dev", &at<&Config::dev>,
         "A development env: any origin on this machine is allowed. Stands only inside `envs`, or in LIMP_DEV."},
        "true without an env, else false"
    ),

    one_of(
        {"data_driver", &at<&Config::data_driver>, "Where documents live; `memory` forgets them at the end."},
        {"sqlite", "memory"}
    ),
    {"data_file", &at<&Config::data_file>, "The SQLite file; it and its folder are made when not there.", 1},
    {"cache_bytes_max", &at<&Config::cache_bytes_max>,
     "Memory for documents that were read lately (SQLite); 0: none are kept.", 0, 1024 * bytes_most},
    {"change_log_batches", &at<&Config::change_log_batches>,
     "So many of the newest batches of changes stay in the change log.", 1, 1'000 * million},
    computed(
        {"server_key_file", &at<&Config::server_key_file>,
         "The key that session tokens are derived from; made, with mode 0600, when not there.", 1},
        "`data_file` with `.key` added"
    ),

    {"address", &at<&Config::address>, "The address to listen on.", 1},
    {"port", &at<&Config::port>, "The port to listen on; 0: any free one.", 0, 65'535},
    {"threads", &at<&Config::threads>, "Threads that serve connections; 0: one for each core.", 0, 1'024},
    {"tls_certificate_file", &at<&Config::tls_certificate_file>,
     "The server's certificate and those that lead to its authority, as PEM; with it the port speaks TLS."},
    {"tls_key_file", &at<&Config::tls_key_file>, "The key of that certificate, as PEM without a passphrase."},
    {"tls_client_authorities_file", &at<&Config::tls_client_authorities_file>,
     "Certificates of authorities, as PEM: only clients with a certificate of one of them may connect."},
    {"tls_redirect_port", &at<&Config::tls_redirect_port>,
     "A port whose plain HTTP is sent to `https://` at `port`; 0: none.", 0, 65'535},
    {"tls_hsts_seconds", &at<&Config::tls_hsts_seconds>,
     "For so long browsers are to come by `https://` alone; 0: they are not told so.", 0, 1'000 * million},
    {"trusted_proxies", &at<&Config::trusted_proxies>,
     "Addresses and networks of proxies, as in `127.0.0.1` or `10.0.0.0/8`: what they say in `X-Forwarded-For` is the "
     "client's address."},
    {"proxy_protocol", &at<&Config::proxy_protocol>,
     "Only `trusted_proxies` connect, and begin each connection with a header of the PROXY protocol, version 2."},
    {"compress", &at<&Config::compress>, "Compress WebSocket messages for clients that offer it."},
    {"allowed_origins", &at<&Config::allowed_origins>,
     "Web origins, as in `https://app.example.com`, whose pages may connect and call besides the server's own."},
    computed(
        {"sandbox", &at<&Config::sandbox>, "Serve the sandbox, the page at `/_/` to try calls with."},
        "true in a development env, else false"
    ),
    {"connections_max", &at<&Config::connections_max>, "Connections in all.", 1, million},
    {"connections_per_address_max", &at<&Config::connections_per_address_max>, "Connections from one address.", 1,
     million},
    {"handshake_timeout_ms", &at<&Config::handshake_timeout>, "From connecting to a complete request.", 1, day_ms},
    {"ping_every_ms", &at<&Config::ping_every>, "A WebSocket that is silent for so long is pinged.", 1, day_ms},
    {"idle_timeout_ms", &at<&Config::idle_timeout>,
     "A WebSocket that is silent for so long, pings unanswered, is closed; more than `ping_every_ms`.", 1, day_ms},
    {"stop_grace_ms", &at<&Config::stop_grace>, "Calls in flight have so long to finish when limpd is stopped.", 0,
     day_ms},

    {"message_bytes_max", &at<&Config::message_bytes_max>, "Bytes of one message from a client.", 1'024, bytes_most},
    {"upload_bytes_max", &at<&Config::upload_bytes_max>,
     "Bytes of files that a connection has sent in pieces, until the call that they are for; 0: none may.", 0,
     bytes_most},
    {"uploads_bytes_max", &at<&Config::uploads_bytes_max>, "The same of all connections together.", 0, bytes_most},
    {"thumbnail_sizes", &at<&Config::thumbnail_sizes>,
     "The sizes, in pixels, that `retrieve_file` makes images smaller to when it is asked; none: it does not."},
    {"send_bytes_max", &at<&Config::send_bytes_max>, "Bytes that may wait for a client that reads slowly.", 1'024,
     bytes_most},
    {"calls_in_flight_max", &at<&Config::calls_in_flight_max>, "Calls at work for one connection.", 1, 10'000},
    {"call_timeout_ms", &at<&Config::call_timeout>, "A call that takes longer is answered with 504.", 1, day_ms},
    {"turn_warn_ms", &at<&Config::turn_warn>,
     "Code that keeps a thread from its other calls for longer is named in the log; 0: none is.", 0, day_ms},
    {"quota_address_per_minute", &at<&Config::quota_address_per_minute>, "Calls from one address in a minute.", 1,
     1'000 * million},
    {"quota_session_per_minute", &at<&Config::quota_session_per_minute>, "Calls of one session in a minute.", 1,
     1'000 * million},
    {"json_depth_max", &at<&Config::json_depth_max>, "Lists and objects inside each other in a call.", 4, 512},
    {"json_values_max", &at<&Config::json_values_max>, "Members and elements of a call in all.", 16, 100 * million},
    {"query_nodes_max", &at<&Config::query_nodes_max>, "Conditions and groups of a query.", 1, million},
    {"query_depth_max", &at<&Config::query_depth_max>, "Groups inside each other in a query.", 1, 128},
    {"query_in_max", &at<&Config::query_in_max>, "Values of one condition.", 1, million},
    {"query_references_max", &at<&Config::query_references_max>, "References that one path of a query goes through.", 1,
     8},
    {"query_pattern_bytes_max", &at<&Config::query_pattern_bytes_max>, "Bytes of one `$regex`.", 1, 10'000},
    {"query_words_max", &at<&Config::query_words_max>, "Words of one `$search`.", 1, 100},
    {"query_facets_max", &at<&Config::query_facets_max>, "Attrs that one `$group` goes by.", 1, 100},
    {"query_buckets_max", &at<&Config::query_buckets_max>, "Buckets of one of them.", 1, 10'000},
    {"count_max", &at<&Config::count_max>, "How far matches are counted when the count is capped; see `$count`.", 1,
     1'000 * million},
    {"read_limit_max", &at<&Config::read_limit_max>, "Documents that one read gives at most; a cut answer says `more`.",
     1, million},
    {"advise_documents", &at<&Config::advise_documents>,
     "A read that looks at more documents for want of an index is spoken of in the log, once; 0: none is.", 0,
     1'000 * million},
    {"history_entries_max", &at<&Config::history_entries_max>,
     "Entries of its history that `$diff` shows of a document: the newest.", 1, million},
    {"batch_docs_max", &at<&Config::batch_docs_max>, "Documents that one call creates at most.", 1, million},
    {"extn_depth_max", &at<&Config::extn_depth_max>, "Levels of extns that extend extns.", 1, 16},
    {"extn_docs_max", &at<&Config::extn_docs_max>, "References that one read extends.", 1, million},

    {"password_operations", &at<&Config::password_operations>, "Argon2id's passes over its memory.", 1, 100},
    {"password_memory_kib", &at<&Config::password_memory_kib>, "Argon2id's memory for one password.", 8, 4 * million},
    {"password_threads", &at<&Config::password_threads>,
     "Passwords that are checked at the same time; 0: half the cores.", 0, 256},
    {"password_waiting_max", &at<&Config::password_waiting_max>,
     "Passwords that may wait for their check; past it log-ins are answered with 429.", 1, million},

    without_effect({"data_server", &at<&Config::data_server>, "For a later driver."}),
    without_effect({"data_port", &at<&Config::data_port>, "For a later driver.", 0, 65'535}),
    without_effect({"data_name", &at<&Config::data_name>, "For a later driver."}),
    without_effect({"sms_auth", &at<&Config::sms_auth>, "For a later gateway."}),
    without_effect({"email_auth", &at<&Config::email_auth>, "For a later gateway."}),
    without_effect({"events", &at<&Config::events>, "For later notifications."}),
    without_effect({"templates", &at<&Config::templates>, "LIMP never used it."}),
    without_effect({"l10n", &at<&Config::l10n>, "LIMP never used it."}),
};

}  // namespace

std::span<const ConfigKey> config_keys() {
    return keys;
}

const ConfigKey* find_config_key(std::string_view name) {
    const auto found = std::ranges::find(keys, name, &ConfigKey::name);
    return found == keys.end() ? nullptr : &*found;
}

}  // namespace limp::app
