// calls/credentials.hpp: what clients compute before they send: signatures and the forms of password hashes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "limp/value.hpp"

namespace limp::calls {

inline constexpr std::string_view anonymous_token = "__ANON";

// {"token":"<JWS of the call>"}, signed with that key.
std::string signed_frame(const Value& call, std::string_view key);

// The forms that `let` knows; nothing for an unknown one or the wrong number of words.
//   sdk_hash KEY VALUE PASSWORD      the payload segment of {"hash":[KEY,VALUE,PASSWORD]}
//   readme_hash KEY VALUE PASSWORD   the whole JWS of {KEY:VALUE,"password":PASSWORD}, signed with PASSWORD
//   sdk_reauth TOKEN                 the payload segment of {"token":TOKEN}
//   readme_reauth TOKEN              the whole JWS of {"token":TOKEN}, signed with TOKEN
//   text WORD                        the word itself
std::optional<std::string> computed(std::string_view form, const std::vector<std::string>& words);

}  // namespace limp::calls
