#include "wire/websocket.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

#include "base/base64.hpp"

namespace limp::wire {

// RFC 6455 §4.2.2. SHA-1 proves here that the server speaks WebSocket, nothing more.
std::optional<std::string> accept_key(std::string_view key) {
    constexpr std::string_view protocol_guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    constexpr std::size_t nonce_bytes = 16;
    const auto nonce = base::from_base64(key);
    if (!nonce || nonce->size() != nonce_bytes) return std::nullopt;

    const std::string text = std::string(key) + std::string(protocol_guid);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int bytes = 0;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &bytes, EVP_sha1(), nullptr) != 1)
        throw std::runtime_error("OpenSSL cannot compute SHA-1");
    return base::to_base64({reinterpret_cast<const char*>(digest.data()), bytes});
}

}  // namespace limp::wire
