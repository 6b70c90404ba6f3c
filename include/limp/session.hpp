// limp/session.hpp: who is calling.
//
// A Session is a snapshot: the session's document, its user and the user's merged privileges as they were when it was
// loaded. A change of any of them makes a new snapshot, which the next call sees.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "limp/value.hpp"

namespace limp {

// The documents that start-up ensures. No call deletes or hijacks them.
inline constexpr std::string_view admin_user_id = "f00000000000000000000010";
inline constexpr std::string_view anon_user_id = "f00000000000000000000011";
inline constexpr std::string_view anon_session_id = "f00000000000000000000012";
inline constexpr std::string_view default_group_id = "f00000000000000000000013";

// The other end of a connection.
struct Peer {
    std::string address;     // "192.0.2.7", without the port
    std::string user_agent;  // the User-Agent header, or empty
};

// What a user may do, merged from the user's document and its groups: {module: [privilege, …]}. "*" as a module stands
// for each module not named itself; "*" among the privileges stands for all of that module.
class Privileges {
public:
    Privileges() = default;
    explicit Privileges(Object merged) : merged_(std::move(merged)) {}

    bool has(std::string_view module, std::string_view privilege) const {
        const Value* granted = merged_.find(module);
        if (!granted) granted = merged_.find("*");
        if (!granted || !granted->is_list()) return false;
        return std::ranges::any_of(granted->list(), [&](const Value& one) {
            return one == Value("*") || one == Value(privilege);
        });
    }

    const Object& merged() const { return merged_; }

private:
    Object merged_;
};

struct Session {
    std::string id;
    std::string token;  // key of the session's signatures; derived, never stored, never logged
    std::string user_id;
    Document document;  // the session's document, without token, `user` as an id
    Document user;      // the user's document, with `privileges` merged
    Privileges privileges;
    std::int64_t expiry_ms = 0;  // since 1970; 0: never (the anonymous session)

    bool is_anonymous() const { return id == anon_session_id; }
};

using SessionPtr = std::shared_ptr<const Session>;

}  // namespace limp
