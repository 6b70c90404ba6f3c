// Every module × method × role, through each door: the doors agree, and what is forbidden is what the declarations do
// not allow.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/hmac.hpp"
#include "base/json.hpp"
#include "base/time.hpp"
#include "calls/credentials.hpp"
#include "tests/calls/daemon.hpp"
#include "tests/calls/files.hpp"
#include "tests/calls/http2_client.hpp"
#include "tests/calls/http_client.hpp"
#include "tests/calls/in_process.hpp"
#include "tests/calls/socket_client.hpp"
#include "wire/jws.hpp"

namespace limp::calls {
namespace {

using Granted = std::map<std::string, std::string>;  // privilege by module; "*" as either: all

struct Role {
    std::string name;
    Granted granted;
};

// By "role: module/method".
using Outcomes = std::map<std::string, std::string>;

const std::filesystem::path examples = source_root() / "examples";
const std::filesystem::path galleries = source_root() / "tests/calls/modules";

std::vector<Module> modules_in(const std::filesystem::path& folder) {
    std::vector<Module> modules;
    for (const Package& package : packages_in(folder, Settings()))
        modules.insert(modules.end(), package.modules.begin(), package.modules.end());
    return modules;
}

// Who has nothing, who has one privilege in one module, and who has all.
std::vector<Role> roles(const std::vector<Module>& modules) {
    std::vector<Role> roles = {{"a user", {}}, {"an admin", {{"*", "*"}}}};
    for (const Module& module : modules) {
        roles.push_back({"all of " + module.name, {{module.name, "*"}}});
        for (const std::string& privilege : module.privileges)
            roles.push_back({module.name + "." + privilege, {{module.name, privilege}}});
    }
    return roles;
}

// As docs/manifest.md has it, in other words than the engine's.
bool allows(const Permission& permission, const Module& module, const Granted& granted) {
    std::string wanted = permission.privilege;
    if (wanted == "*") return true;
    const bool is_negated = wanted.starts_with("__NOT:");
    if (is_negated) wanted = wanted.substr(6);
    std::string in = module.name;
    if (const std::size_t dot = wanted.find('.'); dot != wanted.npos) {
        in = wanted.substr(0, dot);
        wanted = wanted.substr(dot + 1);
    }
    const auto has = [&](const std::string& name) {
        const auto found = granted.find(name);
        return found != granted.end() && (found->second == "*" || found->second == wanted);
    };
    return (has(in) || (!granted.contains(in) && has("*"))) != is_negated;
}

Outcomes declared(const std::vector<Module>& modules, const std::vector<Role>& roles) {
    Outcomes outcomes;
    for (const Role& role : roles)
        for (const Module& module : modules)
            for (const Method& method : module.methods) {
                const bool is_allowed = std::ranges::any_of(method.permissions, [&](const Permission& permission) {
                    return allows(permission, module, role.granted);
                });
                outcomes[role.name + ": " + module.name + "/" + method.name] = is_allowed ? "allowed" : "forbidden";
            }
    return outcomes;
}

// One connection that signs what it sends.
class Caller {
public:
    explicit Caller(std::unique_ptr<Client> client) : client_(std::move(client)) { client_->greeting(); }

    void sign_in(const std::string& email, const std::string& password) {
        const std::string hash = computed("sdk_hash", {"email", email, password}).value();
        const Value answer = call("session/auth", {}, {{"hash", hash}, {"email", email}});
        const Value& session = answer.find("args")->find("docs")->list().front();
        token_ = session.find("token")->string();
        sid_ = session.find("_id")->string();
        user_ = session.find("user")->find("_id")->string();
    }
    const std::string& user() const { return user_; }

    // What shows the session to a GET of that path.
    std::string authorization(const std::string& path) const {
        base::Hmac key(token_);
        const Object payload{{"m", "GET"}, {"p", path}, {"exp", base::now_ms() / 1000 + 30}};
        return "LIMP " + sid_ + "." + wire::write_jws(base::to_json(payload), key);
    }

    Value call(const std::string& endpoint, const Object& query = {}, const Object& doc = {}) {
        Object call = {{"endpoint", endpoint}, {"query", query}, {"doc", doc}};
        if (!sid_.empty()) call.append("sid", sid_);
        return base::parse_json(client_->exchange(signed_frame(call, token_)));
    }

private:
    std::unique_ptr<Client> client_;
    std::string token_{anonymous_token};
    std::string sid_;
    std::string user_;
};

Object texts(const char* text) {
    return {{"ar_AE", text}, {"en_AE", text}};
}

class Door {
public:
    explicit Door(const ClientFactory& connect) : admin_(connect()), anybody_(connect()) {
        admin_.sign_in("ADMIN@LIMP.MASAAR.COM", "__ADMIN");
        admin_.call(
            "user/create", {},
            {{"email", "any@example.com"},
             {"name", texts("any")},
             {"email_hash", computed("sdk_hash", {"email", "any@example.com", "pass"}).value()}}
        );
        anybody_.sign_in("any@example.com", "pass");
    }

    Outcomes outcomes(const std::vector<Module>& modules, const std::vector<Role>& roles) {
        Outcomes outcomes;
        for (const Role& role : roles) {
            play(role);
            for (const Module& module : modules)
                for (const Method& method : module.methods) {
                    const std::string endpoint = module.name + "/" + method.name;
                    outcomes[role.name + ": " + endpoint] = outcome(anybody_.call(endpoint));
                }
        }
        return outcomes;
    }

    // The same by HTTP GET, from the limpd at that port.
    Outcomes outcomes_by_get(std::uint16_t port, const std::vector<Module>& modules, const std::vector<Role>& roles) {
        Outcomes outcomes;
        for (const Role& role : roles) {
            play(role);
            for (const Module& module : modules)
                for (const Method& method : module.methods) {
                    const std::string path = "/" + module.name + "/" + method.name;
                    const std::string answer = get(port, path, anybody_.authorization(path));
                    outcomes[role.name + ": " + path.substr(1)] = outcome(base::parse_json(answer));
                }
        }
        return outcomes;
    }

private:
    void play(const Role& role) {
        Object privileges;
        for (const auto& [module, privilege] : role.granted) privileges.append(module, List{privilege});
        const Value answer = admin_.call(
            "user/update", {{"_id", Object{{"val", anybody_.user()}}}}, {{"privileges", std::move(privileges)}}
        );
        ASSERT_EQ(*answer.find("status"), Value(200)) << base::to_json(answer);
    }

    // The calls are empty: most of them lack an argument, which is looked at after the permission.
    static std::string outcome(const Value& answer) {
        const Value* code = answer.find("args")->find("code");
        return base::to_json(*answer.find("status")) + (code ? " " + code->string() : std::string());
    }

    Caller admin_;
    Caller anybody_;
};

std::string allowed_or_not(const std::string& outcome) {
    return outcome == "403 CORE_SESSION_FORBIDDEN" ? "forbidden" : "allowed";
}

TEST(Matrix, EachDoorAllowsWhatIsDeclaredAndAllDoorsAgree) {
    const std::vector<Module> all = modules_in(examples);
    const std::vector<Role> played = roles(all);
    InProcess engine(examples, "memory");
    const Outcomes in_process = Door([&] { return engine.connect(); }).outcomes(all, played);
    Daemon daemon(LIMP_TEST_LIMPD, examples, "sqlite");
    const Outcomes by_socket = Door([&] { return connect_socket(daemon.port()); }).outcomes(all, played);
    Daemon for_http2(LIMP_TEST_LIMPD, examples, "sqlite");
    const Outcomes by_http2 = Door([&] { return connect_http2(for_http2.port()); }).outcomes(all, played);
    Daemon for_posts(LIMP_TEST_LIMPD, examples, "sqlite");
    const Outcomes by_post = Door([&] { return connect_post(for_posts.port()); }).outcomes(all, played);

    const Outcomes expected = declared(all, played);
    ASSERT_GT(expected.size(), 500u);
    for (const auto& [call, outcome] : expected) {
        EXPECT_EQ(allowed_or_not(in_process.at(call)), outcome) << call << ": " << in_process.at(call);
        EXPECT_EQ(by_socket.at(call), in_process.at(call)) << call;
        EXPECT_EQ(by_http2.at(call), in_process.at(call)) << call;
        EXPECT_EQ(by_post.at(call), in_process.at(call)) << call;
    }
}

TEST(Matrix, GetMethodsAreCalledByGetAloneAndAllowWhatIsDeclared) {
    std::vector<Module> all = modules_in(galleries);
    std::erase_if(all, [](const Module& module) { return module.package != "gallery"; });
    const std::vector<Role> played = roles(all);
    Daemon daemon(LIMP_TEST_LIMPD, galleries, "memory");
    Door door([&] { return connect_post(daemon.port()); });
    const Outcomes by_post = door.outcomes(all, played);
    const Outcomes by_get = door.outcomes_by_get(daemon.port(), all, played);

    const Outcomes expected = declared(all, played);
    ASSERT_GT(expected.size(), 80u);
    for (const Role& role : played)
        for (const Module& module : all)
            for (const Method& method : module.methods) {
                const std::string call = role.name + ": " + module.name + "/" + method.name;
                if (method.get_method) {
                    EXPECT_EQ(by_post.at(call), "400 CORE_REQ_GET_METHOD") << call;
                    EXPECT_EQ(allowed_or_not(by_get.at(call)), expected.at(call)) << call << ": " << by_get.at(call);
                } else {
                    EXPECT_EQ(allowed_or_not(by_post.at(call)), expected.at(call)) << call << ": " << by_post.at(call);
                    EXPECT_EQ(by_get.at(call), "405 CORE_REQ_INVALID_VERB") << call;
                }
            }
}

}  // namespace
}  // namespace limp::calls
