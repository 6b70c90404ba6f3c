#include "base/password.hpp"

#include <sodium.h>

#include <cerrno>
#include <new>
#include <stdexcept>

namespace limp::base {
namespace {

void prepare_sodium() {
    static const int prepared = sodium_init();
    if (prepared < 0) throw std::runtime_error("libsodium cannot be initialised");
}

}  // namespace

std::string hash_password(std::string_view password, const PasswordCost& cost) {
    prepare_sodium();
    char hash[crypto_pwhash_STRBYTES];
    const int failed = crypto_pwhash_str_alg(
        hash, password.data(), password.size(), cost.operations, cost.memory_bytes, crypto_pwhash_ALG_ARGON2ID13
    );
    if (failed != 0) throw std::bad_alloc();
    return hash;
}

bool verify_password(std::string_view hash, std::string_view password) {
    prepare_sodium();
    // libsodium reads to the first NUL: what stands behind one would not be looked at.
    if (hash.find('\0') != std::string_view::npos) return false;
    const std::string terminated(hash);
    errno = 0;
    const bool fits = crypto_pwhash_str_verify(terminated.c_str(), password.data(), password.size()) == 0;
    if (!fits && errno == ENOMEM) throw std::bad_alloc();
    return fits;
}

}  // namespace limp::base
