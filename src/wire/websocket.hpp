// wire/websocket.hpp: WebSocket frames (RFC 6455) with permessage-deflate (RFC 7692), server side, without I/O.
//
// Bytes go in by feed(), events come out; send_*() appends frames to a buffer. The same codec runs over HTTP/1.1, over
// a stream of HTTP/2, in tests and in the fuzzer.
//
// Limits   message_bytes bounds a message, whether it comes in one frame or in many, compressed or not; a frame header
//          that announces more is refused before its payload is read. Memory: at most one message besides what is fed.
// Errors   The first violation ends the connection: the event is `failed` with the close code that RFC 6455 §7.4.1 has
//          for it, a close frame is owed to the peer, and nothing that is fed later is looked at.
// Threads  One codec, one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace limp::wire {

struct CloseCode {
    static constexpr std::uint16_t normal = 1000;
    static constexpr std::uint16_t going_away = 1001;
    static constexpr std::uint16_t protocol_error = 1002;
    static constexpr std::uint16_t unsupported = 1003;
    static constexpr std::uint16_t none = 1005;  // the peer's close frame had no code
    static constexpr std::uint16_t not_utf8 = 1007;
    static constexpr std::uint16_t policy = 1008;
    static constexpr std::uint16_t too_big = 1009;
    static constexpr std::uint16_t fault = 1011;
    static constexpr std::uint16_t try_again = 1013;
};

struct WebSocketEvent {
    enum class Kind {
        none,    // all that was fed is used up; feed more
        text,    // a complete message, valid UTF-8
        binary,  // a complete message
        ping,    // answer with send_pong(payload)
        pong,
        close,   // the peer closes with `code`; answer with send_close(code) unless one was sent
        failed,  // the peer broke the protocol or a limit: send_close(code), then close the connection
    };
    Kind kind = Kind::none;
    std::string_view payload;  // valid until the next feed() or next()
    std::uint16_t code = 0;
};

// What the two sides agreed on.
struct WebSocketOptions {
    std::size_t message_bytes = 4 * 1024 * 1024;  // at most 1 GiB
    bool deflate = false;                         // permessage-deflate with no_context_takeover both ways
    std::size_t deflate_from_bytes = 1'024;       // smaller messages are sent as they are
    int server_window_bits = 15;                  // 9 to 15, as agreed (zlib knows no 8)
};

// Answers a Sec-WebSocket-Extensions request header: nothing when there is no offer of permessage-deflate that can be
// accepted, else the response header's value, with options.deflate and the window set.
std::optional<std::string> accept_deflate(std::string_view offers, WebSocketOptions& options);

// The Sec-WebSocket-Accept for a Sec-WebSocket-Key; nothing when the key is not the base64 of 16 bytes.
std::optional<std::string> accept_key(std::string_view key);

class WebSocketCodec {
public:
    explicit WebSocketCodec(const WebSocketOptions& options);
    ~WebSocketCodec();
    WebSocketCodec(WebSocketCodec&&) noexcept;

    // Hands over bytes from the peer. They are unmasked in place and must stay until next() has given `none`.
    // Requires: the last next() gave `none`.
    void feed(char* bytes, std::size_t count);

    // The next event in what was fed. After `none`, what is left of an incomplete frame was copied.
    WebSocketEvent next();

    // How many bytes are held of messages that are not complete yet.
    std::size_t held_bytes() const;

    // Append one message or control frame to `out`. Control payloads: 125 bytes at most, cut off there.
    void send_text(std::string& out, std::string_view text);
    void send_binary(std::string& out, std::string_view bytes);
    static void send_ping(std::string& out, std::string_view payload);
    static void send_pong(std::string& out, std::string_view payload);
    static void send_close(std::string& out, std::uint16_t code, std::string_view reason = {});

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace limp::wire
