#include "app/config.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "app/config_keys.hpp"
#include "base/text.hpp"

namespace limp::app {
namespace {

using package::ConfigEntry;
using package::Manifest;

Manifest manifest(
    const std::string& package, std::vector<ConfigEntry> config,
    std::map<std::string, std::vector<ConfigEntry>> envs = {}
) {
    Manifest made;
    made.file = "modules/" + package + "/limp.json";
    made.config = std::move(config);
    made.envs = std::move(envs);
    return made;
}

Config load(const std::vector<Manifest>& manifests, const Options& options = {}, const Environment& environment = {}) {
    return load_config(options, manifests, environment);
}

std::string complaint(
    const std::vector<Manifest>& manifests, const Options& options = {}, const Environment& environment = {}
) {
    try {
        load(manifests, options, environment);
    } catch (const ConfigError& error) {
        return error.what();
    }
    return "none";
}

// The complaint about one entry on line 3 of modules/shop/limp.json, without that place.
std::string complaint_about(const std::string& key, Value value) {
    const std::string said = complaint({manifest("shop", {{key, std::move(value), 3}})});
    const std::string place = "modules/shop/limp.json:3: ";
    if (said == "none") return said;
    EXPECT_TRUE(said.starts_with(place)) << said;
    return said.substr(std::min(said.size(), place.size()));
}

Options with_env(const std::string& env) {
    Options options;
    options.env = env;
    return options;
}

TEST(Config, DefaultsAreLimps) {
    const Config config = load({});
    EXPECT_EQ(config.port, 8081);
    EXPECT_EQ(config.address, "0.0.0.0");
    EXPECT_EQ(config.settings.locale, "ar_AE");
    EXPECT_EQ(config.settings.anon_token, "__ANON");
    EXPECT_TRUE(config.dev);
    EXPECT_FALSE(config.debug);
    EXPECT_EQ(config.data_driver, "sqlite");
    EXPECT_EQ(config.data_file, "data/limp.db");
    EXPECT_EQ(config.server_key_file, "data/limp.db.key");
    EXPECT_GE(config.threads, 1U);
    EXPECT_GE(config.password_threads, 1U);
    EXPECT_EQ(config.message_bytes_max, 4U * 1024 * 1024);
    EXPECT_TRUE(config.sandbox);
    EXPECT_TRUE(config.warnings.empty());
}

TEST(Config, TheSandboxIsForDevelopmentUnlessSaidOtherwise) {
    const std::vector<Manifest> manifests = {
        manifest("a", {}, {{"prod", {}}, {"staging", {{"dev", true, 1}}}, {"shown", {{"sandbox", true, 2}}}})
    };
    EXPECT_FALSE(load(manifests, with_env("prod")).sandbox);
    EXPECT_TRUE(load(manifests, with_env("staging")).sandbox);
    EXPECT_TRUE(load(manifests, with_env("shown")).sandbox);
    EXPECT_FALSE(load(manifests, {}, {{"LIMP_SANDBOX", "false"}}).sandbox);
}

TEST(Config, EveryDefaultIsWithinItsRange) {
    for (const ConfigKey& key : config_keys()) {
        Config config;
        const Value value = value_of(key, config);
        if (key.name != "server_key_file") EXPECT_NO_THROW(set_key(config, key, value)) << key.name;
        EXPECT_EQ(value_of(key, config), value) << key.name;
    }
}

TEST(Config, EveryKeyRefusesEveryOtherKind) {
    const std::vector<Value> values = {nullptr, true, 5'000, 1.5, "text", List{"a"}, Object{{"a", 1}}};
    for (const ConfigKey& key : config_keys()) {
        Config config;
        const Value::Kind kind = value_of(key, config).kind();
        for (const Value& value : values) {
            if (value.kind() == kind) continue;
            EXPECT_THROW(set_key(config, key, value), WrongValue)
                << key.name << " took " << static_cast<int>(value.kind());
        }
    }
}

TEST(Config, EveryNumberKeepsItsRange) {
    for (const ConfigKey& key : config_keys()) {
        Config config;
        if (!value_of(key, config).is_int()) continue;
        EXPECT_NO_THROW(set_key(config, key, key.least)) << key.name;
        EXPECT_NO_THROW(set_key(config, key, key.most)) << key.name;
        EXPECT_EQ(value_of(key, config), Value(key.most)) << key.name;
        EXPECT_THROW(set_key(config, key, key.least - 1), WrongValue) << key.name;
        EXPECT_THROW(set_key(config, key, key.most + 1), WrongValue) << key.name;
    }
}

const Environment with_certificate = {{"LIMP_TLS_CERTIFICATE_FILE", "cert.pem"}, {"LIMP_TLS_KEY_FILE", "key.pem"}};

TEST(Config, EveryScalarCanComeFromAVariable) {
    for (const ConfigKey& key : config_keys()) {
        Config fresh;
        const Value value = value_of(key, fresh);
        const std::string name = "LIMP_" + base::to_upper(key.name);
        std::string text = "text";
        if (value.is_bool()) text = value.boolean() ? "false" : "true";
        if (value.is_int()) text = std::to_string(key.most);
        if (!key.choices.empty()) text = key.choices.back();
        if (key.name == "locale") text = "en_AE";
        if (key.name == "ping_every_ms") text = "1";

        if (value.is_list() || value.is_object()) {
            EXPECT_NE(complaint({}, {}, {{name, text}}).find("variable " + name), std::string::npos) << key.name;
            continue;
        }
        Environment environment{{name, text}};
        if (key.name.starts_with("tls_")) environment.merge(Environment(with_certificate));
        const std::vector<Manifest> with_proxy = {manifest("a", {{"trusted_proxies", List{"127.0.0.1"}, 1}})};
        Config config = load(key.name == "proxy_protocol" ? with_proxy : std::vector<Manifest>(), {}, environment);
        EXPECT_NE(value_of(key, config), value) << key.name;
    }
}

TEST(Config, TlsNeedsACertificateWithItsKey) {
    EXPECT_NE(complaint({}, {}, {{"LIMP_TLS_CERTIFICATE_FILE", "c"}}).find("\"tls_key_file\" too"), std::string::npos);
    for (const char* name : {"LIMP_TLS_KEY_FILE", "LIMP_TLS_REDIRECT_PORT", "LIMP_TLS_HSTS_SECONDS"}) {
        const std::string said = complaint({}, {}, {{name, "1"}});
        EXPECT_NE(said.find("\"tls_certificate_file\" too"), std::string::npos) << said;
    }
}

TEST(Config, ProxiesAreAddressesOrNetworks) {
    const std::string said = complaint({manifest("a", {{"trusted_proxies", List{"10.0.0.0/8", "nginx"}, 3}})});
    for (const char* part : {"\"trusted_proxies\"", "\"nginx\"", "127.0.0.1"})
        EXPECT_NE(said.find(part), std::string::npos) << said;
    const std::string alone = complaint({}, {}, {{"LIMP_PROXY_PROTOCOL", "true"}});
    EXPECT_NE(alone.find("\"trusted_proxies\" too"), std::string::npos) << alone;
}

TEST(Config, MergesInOrder) {
    const std::vector<Manifest> manifests = {
        manifest("a", {{"port", 1, 1}, {"threads", 7, 2}}, {{"prod", {{"port", 2, 3}, {"dev", true, 4}}}}),
        manifest("b", {{"threads", 8, 1}}, {{"prod", {{"threads", 9, 2}}}, {"test", {{"threads", 10, 3}}}}),
    };
    EXPECT_EQ(load(manifests).port, 1);
    EXPECT_EQ(load(manifests).threads, 8U);
    const Config prod = load(manifests, with_env("prod"));
    EXPECT_EQ(prod.env, "prod");
    EXPECT_EQ(prod.port, 2);
    EXPECT_EQ(prod.threads, 9U);
    EXPECT_TRUE(prod.dev);
    EXPECT_EQ(load(manifests, with_env("test")).threads, 10U);
    EXPECT_FALSE(load(manifests, with_env("test")).dev);

    // A later package wins over the env of an earlier one: an env's values stand at its package's position.
    const std::vector<Manifest> later = {manifests[0], manifest("c", {{"port", 3, 1}})};
    EXPECT_EQ(load(later, with_env("prod")).port, 3);
}

TEST(Config, MergesObjectsAndReplacesLists) {
    const Config config = load({
        manifest(
            "a", {{"sms_auth", Object{{"sid", "x"}, {"token", "y"}}, 1}, {"allowed_origins", List{"https://a"}, 2}}
        ),
        manifest("b", {{"sms_auth", Object{{"token", "z"}}, 1}, {"allowed_origins", List{"https://b"}, 2}}),
    });
    EXPECT_EQ(config.sms_auth, (Object{{"sid", "x"}, {"token", "z"}}));
    EXPECT_EQ(config.allowed_origins, std::vector<std::string>{"https://b"});
}

TEST(Config, VariablesWinOverManifestsAndFlagsOverVariables) {
    const std::vector<Manifest> manifests = {manifest("a", {{"port", 1, 1}})};
    EXPECT_EQ(load(manifests, {}, {{"PORT", "2"}}).port, 2);
    EXPECT_EQ(load(manifests, {}, {{"PORT", "2"}, {"LIMP_PORT", "3"}}).port, 3);
    EXPECT_EQ(load(manifests, {}, {{"PORT", ""}}).port, 1);
    EXPECT_TRUE(load({}, {}, {{"DEBUG", "true"}}).debug);

    Options options;
    options.port = std::uint16_t{0};
    options.address = "127.0.0.1";
    options.data = "x/y.db";
    options.debug = true;
    const Config config = load(manifests, options, {{"LIMP_PORT", "3"}, {"LIMP_DEBUG", "false"}});
    EXPECT_EQ(config.port, 0);
    EXPECT_EQ(config.address, "127.0.0.1");
    EXPECT_EQ(config.data_file, "x/y.db");
    EXPECT_EQ(config.server_key_file, "x/y.db.key");
    EXPECT_TRUE(config.debug);
}

TEST(Config, TakesTheEnvFromTheFlagThenTheVariables) {
    const std::vector<Manifest> manifests = {manifest("a", {}, {{"prod", {}}, {"test", {}}, {"live", {}}})};
    EXPECT_EQ(load(manifests, {}, {{"ENV", "prod"}}).env, "prod");
    EXPECT_EQ(load(manifests, {}, {{"ENV", "prod"}, {"LIMP_ENV", "test"}}).env, "test");
    EXPECT_EQ(load(manifests, with_env("live"), {{"LIMP_ENV", "test"}}).env, "live");
    EXPECT_FALSE(load(manifests, {}, {{"ENV", "prod"}}).dev);
}

TEST(Config, RefusesAnEnvThatNobodyKnows) {
    const std::vector<Manifest> manifests = {manifest("a", {}, {{"prod", {}}}), manifest("b", {}, {{"dev", {}}})};
    EXPECT_EQ(
        complaint(manifests, with_env("prdo")), "--env: unknown env \"prdo\"; did you mean \"prod\"? (known: dev, prod)"
    );
    EXPECT_EQ(complaint({}, with_env("prod")), "--env: unknown env \"prod\"; no package has any \"envs\"");
    EXPECT_EQ(
        complaint(manifests, {}, {{"ENV", "/root/.shrc"}}),
        "environment variable ENV: unknown env \"/root/.shrc\" (known: dev, prod)"
    );
}

TEST(Config, ReplacesEnvironmentVariables) {
    const Environment environment = {{"P", "9000"}, {"SECRET", "s3"}, {"YES", "yes"}, {"BAD", "x"}, {"EMPTY", ""}};
    const Config config = load(
        {manifest(
            "a", {{"port", "$__env.P", 1},
                  {"debug", "$__env.YES", 2},
                  {"admin_password", "$__env.SECRET", 3},
                  {"email_auth", Object{{"inner", Object{{"password", "$__env.SECRET"}}}}, 4},
                  {"allowed_origins", List{"$__env.SECRET"}, 5}}
        )},
        {}, environment
    );
    EXPECT_EQ(config.port, 9000);
    EXPECT_TRUE(config.debug);
    EXPECT_EQ(config.settings.admin_password, "s3");
    EXPECT_EQ(*config.email_auth.find("inner")->find("password"), Value("s3"));
    EXPECT_EQ(config.allowed_origins, std::vector<std::string>{"s3"});

    const auto complaint_with = [&](const std::string& key, Value value) {
        return complaint({manifest("a", {{key, std::move(value), 7}})}, {}, environment);
    };
    EXPECT_EQ(
        complaint_with("port", "$__env.NOBODY"),
        "modules/a/limp.json:7: \"$__env.NOBODY\": the environment variable NOBODY is not set"
    );
    EXPECT_NE(complaint_with("port", "$__env.EMPTY").find("EMPTY is not set"), std::string::npos);
    EXPECT_NE(complaint_with("allowed_origins", List{"$__env.NOBODY"}).find("NOBODY is not set"), std::string::npos);
    EXPECT_EQ(
        complaint_with("port", "$__env.BAD"),
        "modules/a/limp.json:7: \"port\" must be a whole number from 0 to 65535, not \"x\""
    );
    EXPECT_NE(complaint_with("locales", "$__env.P").find("which no variable can give"), std::string::npos);

    // An env that was not asked for needs none of its variables.
    EXPECT_EQ(complaint({manifest("a", {}, {{"prod", {{"port", "$__env.NOBODY", 1}}}})}), "none");
}

TEST(Config, NamesThePlaceAndTheNearest) {
    EXPECT_EQ(complaint_about("portt", 1), "unknown key \"portt\"; did you mean \"port\"?");
    EXPECT_EQ(complaint_about("zzzzzzzz", 1), "unknown key \"zzzzzzzz\"");
    EXPECT_EQ(complaint_about("port", 70'000), "\"port\" must be a whole number from 0 to 65535, not 70000");
    EXPECT_EQ(complaint_about("port", "8081"), "\"port\" must be a whole number from 0 to 65535, not a text");
    EXPECT_EQ(complaint_about("admin_password", 12345), "\"admin_password\" must be a text, not a number");
    EXPECT_EQ(complaint_about("anon_token", ""), "\"anon_token\" must not be empty");
    EXPECT_EQ(
        complaint_about("data_driver", "mongodb"), "\"data_driver\" must be one of sqlite, memory, not \"mongodb\""
    );
    EXPECT_EQ(complaint_about("locales", List{}), "\"locales\" must not be empty");
    EXPECT_NE(complaint_about("locales", List{1}), "none");
    EXPECT_NE(complaint_about("groups", List{Object{}}), "none");
    EXPECT_EQ(complaint_about("groups", List{Object{{"_id", "f00000000000000000000020"}}}), "none");
    EXPECT_EQ(
        complaint({manifest("a", {}, {{"prod", {{"prot", 1, 4}}}})}),
        "modules/a/limp.json:4: unknown key \"prot\"; did you mean \"port\"?"
    );
    EXPECT_EQ(
        complaint({}, {}, {{"LIMP_PORT", "80x"}}),
        "environment variable LIMP_PORT: \"port\" must be a whole number from 0 to 65535, not \"80x\""
    );
    EXPECT_EQ(
        complaint({}, {}, {{"DEBUG", "app:*"}}),
        "environment variable DEBUG: \"debug\" must be true or false, not \"app:*\""
    );
}

TEST(Config, KeepsDevInsideEnvs) {
    EXPECT_NE(complaint_about("dev", true).find("belongs to an env"), std::string::npos);
    EXPECT_FALSE(load({}, {}, {{"LIMP_DEV", "false"}}).dev);
}

TEST(Config, ChecksWhatGoesAcrossKeys) {
    EXPECT_NE(
        complaint_about("locale", "en_US").find("\"locale\" is \"en_US\", \"locales\" are ar_AE, en_AE"),
        std::string::npos
    );
    EXPECT_NE(complaint_about("locales", List{"en_US"}).find("\"locale\" is \"ar_AE\""), std::string::npos);
    EXPECT_NE(complaint_about("idle_timeout_ms", 30'000).find("more than"), std::string::npos);
    EXPECT_NE(complaint_about("ping_every_ms", 90'000).find("more than"), std::string::npos);
}

TEST(Config, WarnsOfWhatHasNoEffect) {
    const Config config = load(
        {manifest("a", {{"sms_auth", Object{}, 4}, {"data_server", "mongodb://x", 5}})}, {}, {{"LIMP_PROT", "80"}}
    );
    ASSERT_EQ(config.warnings.size(), 3U);
    EXPECT_EQ(config.warnings[0], "modules/a/limp.json:4: \"sms_auth\" has no effect in this version");
    EXPECT_EQ(config.warnings[1], "modules/a/limp.json:5: \"data_server\" has no effect in this version");
    EXPECT_EQ(
        config.warnings[2], "environment variable LIMP_PROT is no configuration key; did you mean \"LIMP_PORT\"?"
    );
}

TEST(Config, NeedsNoKeyFileInMemory) {
    EXPECT_EQ(load({}, {}, {{"LIMP_DATA_DRIVER", "memory"}}).server_key_file, "");
    EXPECT_EQ(load({}, {}, {{"LIMP_DATA_DRIVER", "memory"}, {"LIMP_SERVER_KEY_FILE", "k"}}).server_key_file, "k");
}

TEST(Config, ReadsTheProcessEnvironment) {
    EXPECT_TRUE(process_environment().contains("PATH"));
}

}  // namespace
}  // namespace limp::app
