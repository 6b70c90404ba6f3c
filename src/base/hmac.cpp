#include "base/hmac.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <cstddef>
#include <stdexcept>

namespace limp::base {
namespace {

constexpr std::size_t signature_bytes = 32;

const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

void require(bool done) {
    if (!done) throw std::runtime_error("OpenSSL cannot compute HMAC-SHA256");
}

// Fetching takes a lock and a look-up by name: once for the process, which keeps it to its end.
EVP_MAC* hmac() {
    static EVP_MAC* const fetched = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    return fetched;
}

}  // namespace

struct Hmac::Context {
    explicit Context(std::string_view key) : mac(EVP_MAC_CTX_new(hmac())) {
        require(mac != nullptr);
        char digest[] = "SHA256";
        const OSSL_PARAM parameters[] = {OSSL_PARAM_utf8_string("digest", digest, 0), OSSL_PARAM_END};
        // A null key would mean the key before, which there is not: an empty one still needs an address.
        const unsigned char* const key_bytes = key.empty() ? bytes("") : bytes(key);
        if (EVP_MAC_init(mac, key_bytes, key.size(), parameters) == 1) return;
        EVP_MAC_CTX_free(mac);
        require(false);
    }
    ~Context() { EVP_MAC_CTX_free(mac); }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    EVP_MAC_CTX* mac;
};

Hmac::Hmac(std::string_view key) : context_(std::make_unique<Context>(key)) {}
Hmac::~Hmac() = default;
Hmac::Hmac(Hmac&&) noexcept = default;
Hmac& Hmac::operator=(Hmac&&) noexcept = default;

std::string Hmac::sign(std::string_view message) {
    std::string signature(signature_bytes, '\0');
    std::size_t length = 0;
    require(EVP_MAC_init(context_->mac, nullptr, 0, nullptr) == 1);
    require(EVP_MAC_update(context_->mac, bytes(message), message.size()) == 1);
    require(
        EVP_MAC_final(context_->mac, reinterpret_cast<unsigned char*>(signature.data()), &length, signature.size()) == 1
    );
    return signature;
}

bool Hmac::verify(std::string_view message, std::string_view signature) {
    return equal_in_constant_time(sign(message), signature);
}

bool equal_in_constant_time(std::string_view left, std::string_view right) {
    return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace limp::base
