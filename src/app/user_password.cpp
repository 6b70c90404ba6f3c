#include "app/user_password.hpp"

#include <filesystem>
#include <utility>
#include <vector>

#include "app/proofs.hpp"
#include "app/start.hpp"
#include "base/id.hpp"
#include "base/log.hpp"
#include "base/loop.hpp"
#include "base/text.hpp"
#include "core/core.hpp"
#include "limp/session.hpp"

namespace limp::app {

namespace {

constexpr std::size_t suggestions_max = 3;
constexpr std::int64_t users_at_once = 1'000;

std::string text_of(const Document& user, std::string_view attr) {
    const Value* value = user.find(attr);
    return value && value->is_string() ? value->string() : std::string();
}

// The attr by which the user has that name; empty when it has not. Signing in compares the same, but for the case.
std::string attr_named(const Document& user, const std::string& name) {
    const std::string folded = base::fold_case(name);
    for (const char* attr : {"username", "email"})
        if (base::fold_case(text_of(user, attr)) == folded) return attr;
    for (const char* attr : {"phone", "_id"})
        if (text_of(user, attr) == name) return attr;
    return {};
}

std::string nearest_names(const std::string& name, std::vector<std::string> names) {
    std::vector<std::string> near;
    while (near.size() < suggestions_max) {
        std::string next = base::nearest(name, names);
        if (next.empty()) break;
        std::erase(names, next);
        near.push_back(base::in_quotes(next));
    }
    return near.empty() ? "" : "; did you mean " + base::join(near, " or ") + "?";
}

// A limpd that is busy with the same file is what a person forgets first.
std::unique_ptr<Store> open_stopped(const Config& config) {
    if (config.data_driver == "memory") throw UsageError("the data are in memory only (data_driver): there is no file");
    if (!std::filesystem::exists(config.data_file))
        throw UsageError("there is no data file " + config.data_file + "; limpd makes it when it first starts");
    try {
        return open_store(config);
    } catch (const UsageError& error) {
        if (std::string_view(error.what()).find("in use by another limpd") == std::string_view::npos) throw;
        throw UsageError(std::string(error.what()) + "; stop it first");
    }
}

engine::Options options_of(const Config& config) {
    engine::Options options = engine_options(config);
    options.server_key = base::random_bytes(32);  // nobody signs in here
    return options;
}

}  // namespace

// What a limpd has of its data, with core's modules alone: they hold the users, whatever is wrong with other packages.
struct Accounts::Opened {
    explicit Opened(const Config& config)
        : store(open_stopped(config)),
          passwords({.name = "password", .threads = 1}),
          engine(
              engine::linked_in({core::make(config.settings)}), *store, passwords, options_of(config), {proofs(), {}}
          ) {
        engine.prepare_store();
        base::run_to_end(engine.start());
    }

    std::string collection_of(const char* module) const {
        return engine.served()->registry.find(module)->module.collection;
    }

    // Each live user.
    void for_each_user(const auto& visit) {
        Query query;
        query.sort = {{{"_id"}, false}};
        query.limit = users_at_once;
        for (;;) {
            const Found found = base::run_to_end(engine.store().read(collection_of("user"), query));
            for (const Document& user : found.docs) visit(user);
            if (found.docs.size() < static_cast<std::size_t>(users_at_once)) return;
            Condition after;
            after.path = {"_id"};
            after.oper = Condition::Operator::greater;
            after.operands = {*found.docs.back().find("_id")};
            query.filter = Filter::of(std::move(after));
        }
    }

    std::unique_ptr<Store> store;
    base::Pool passwords;
    engine::Engine engine;
};

Accounts::Accounts(const Options& options) {
    base::set_log(base::LogLevel::warning, options.log_format);
    const Config config = load_config(options, read_manifests(options), process_environment());
    for (const std::string& warning : config.warnings) base::log_warning("app", warning);
    opened_ = std::make_unique<Opened>(config);
}

Accounts::~Accounts() = default;

Account Accounts::find(const std::string& name) {
    std::vector<Account> matches;
    std::vector<std::string> names;
    opened_->for_each_user([&](const Document& user) {
        if (text_of(user, "_id") == anon_user_id) return;  // has no password: nobody signs in as it
        for (const char* attr : {"username", "email", "phone"})
            if (std::string known = text_of(user, attr); !known.empty()) names.push_back(std::move(known));
        if (const std::string attr = attr_named(user, name); !attr.empty())
            matches.push_back({text_of(user, "_id"), text_of(user, attr), text_of(user, "status")});
    });
    if (matches.empty()) throw UsageError("there is no user " + base::in_quotes(name) + nearest_names(name, names));
    if (matches.size() > 1)
        throw UsageError(
            base::in_quotes(name) + " names several users; say which by its id: " + matches[0].id + " or " +
            matches[1].id
        );
    return matches[0];
}

std::size_t Accounts::set_password(const Account& account, const std::string& password, bool activate) {
    if (password.empty()) throw UsageError("the password is empty");
    if (!base::is_utf8(password)) throw UsageError("the password is not UTF-8 text: no client could send it");
    Change credential;
    credential.kind = Change::Kind::credential;
    credential.id = account.id;
    credential.text = base::run_to_end(opened_->engine.auth().credential_for(password));
    Change sessions;
    sessions.kind = Change::Kind::soft_delete;
    sessions.collection = opened_->collection_of("session");
    sessions.filter = Filter::equal("user", account.id);
    Batch batch{{std::move(sessions), std::move(credential)}};
    if (activate) {
        Change active;
        active.kind = Change::Kind::update;
        active.collection = opened_->collection_of("user");
        active.filter = Filter::equal("_id", account.id);
        active.set = {{"status", "active"}};
        batch.changes.push_back(std::move(active));
    }
    return base::run_to_end(opened_->engine.store().write(std::move(batch)))[0].matched.size();
}

}  // namespace limp::app
