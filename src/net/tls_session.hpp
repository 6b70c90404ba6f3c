// net/tls_session.hpp: TLS on one connection, without I/O: bytes of the peer into what they say, and back.
//
// Memory   Nothing is kept but an incomplete record; idle, OpenSSL gives its buffers back.
// Threads  The worker's loop.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "net/tls_context.hpp"

namespace limp::net {

class TlsSession {
public:
    enum class State {
        opening,
        open,
        ended,    // the peer has said that nothing more comes
        failed,   // what is ready to be sent says why
        not_tls,  // the peer did not begin as TLS does; what it sent is left alone
    };

    // So many bytes must be free before those that receive() is given, when they are in one buffer: it may hold one
    // record of before.
    static constexpr std::size_t headroom = 20 * 1024;

    explicit TlsSession(const TlsContext& context);
    ~TlsSession();

    // Takes all of the bytes and writes what they say to `out`, which may be `headroom` bytes before them; how much.
    std::size_t receive(std::span<const char> bytes, char* out);

    // Appends the records for `plain`, and whatever else the peer is owed. False: it cannot be.
    bool send(std::string_view plain, std::string& out);

    // No more is sent after this; the peer is told so.
    void close();

    State state() const;
    bool has_output() const;
    bool chose_http2() const;  // by ALPN

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace limp::net
