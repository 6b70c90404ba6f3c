// base/password.hpp: Argon2id by libsodium. Slow on purpose: call on a pool, never on a loop.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace limp::base {

struct PasswordCost {
    std::uint64_t operations = 2;  // libsodium's INTERACTIVE: 66 ms on one core of our machine
    std::size_t memory_bytes = 64 * 1024 * 1024;
};

// "$argon2id$v=19$…", with its salt and cost in it. Throws std::bad_alloc when the memory is not to be had.
std::string hash_password(std::string_view password, const PasswordCost& cost);

// Whether the hash is of that password. A text that is no hash is nobody's.
bool verify_password(std::string_view hash, std::string_view password);

}  // namespace limp::base
