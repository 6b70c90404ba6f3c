// Any text as a JWS; and any payload written and read back.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/base64.hpp"
#include "fuzz/must.hpp"
#include "wire/jws.hpp"

namespace limp::wire {
namespace {

using fuzz::must;

void read_any(std::string_view text) {
    const auto jws = read_jws(text);
    if (!jws) return;
    must(jws->signature.size() == 32, "a signature has 32 bytes");
    must(base::to_base64url(jws->payload) == jws->payload_part, "there is one way to write a payload");
    const std::string again = std::string(jws->signed_part) + '.' + base::to_base64url(jws->signature);
    must(again == text, "nothing of a JWS is left out");
}

void write_and_read(std::string_view payload) {
    static base::Hmac key("a key");
    static base::Hmac other("another key");
    std::string text = write_jws(payload, key);
    const auto jws = read_jws(text);
    must(jws && jws->payload == payload, "a written JWS reads back");
    must(verify(*jws, key), "its signature fits");
    must(!verify(*jws, other), "its signature fits no other key");

    char& changed = text[payload.size() * 31 % text.size()];
    changed = changed == 'A' ? 'B' : 'A';
    const auto forged = read_jws(text);
    must(!forged || !verify(*forged, key), "a changed JWS is refused");
}

}  // namespace
}  // namespace limp::wire

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    limp::wire::read_any(text);
    limp::wire::write_and_read(text);
    return 0;
}
