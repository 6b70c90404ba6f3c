#include "wire/websocket.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <span>
#include <utility>

#include "base/text.hpp"
#include "wire/utf8.hpp"
#include "wire/websocket_deflate.hpp"
#include "wire/websocket_frame.hpp"

namespace limp::wire {

namespace {

using Kind = WebSocketEvent::Kind;

// A message that has begun and is not complete.
struct Message {
    Opcode opcode;
    bool is_compressed;
    std::string bytes;
    Utf8Stream utf8;
};

// A frame whose header was read, and its payload not to the end.
struct Frame {
    FrameHeader header;
    std::uint64_t taken = 0;  // of its payload

    bool is_complete() const { return taken == header.length; }
};

// What was wrong with a message that is whole now; 0: nothing.
std::uint16_t unpack(const Message& message, std::string_view& payload, std::size_t bytes_max, std::string& inflated) {
    if (message.is_compressed) {
        const Inflated result = inflate_message(payload, bytes_max, inflated);
        if (result == Inflated::too_big) return CloseCode::too_big;
        if (result == Inflated::malformed) return CloseCode::not_utf8;
        payload = inflated;
    }
    if (message.opcode == Opcode::text && !base::is_utf8(payload)) return CloseCode::not_utf8;
    return 0;
}

void send_message(std::string& out, Opcode opcode, std::string_view payload, const WebSocketOptions& options) {
    if (options.deflate && payload.size() >= options.deflate_from_bytes) {
        if (const auto compressed = deflate_message(payload, options.server_window_bits)) {
            append_frame(out, opcode, *compressed, true);
            return;
        }
    }
    append_frame(out, opcode, payload);
}

}  // namespace

struct WebSocketCodec::State {
    explicit State(const WebSocketOptions& agreed) : options(agreed) {}

    WebSocketEvent next();
    std::optional<std::string_view> take_header();
    std::uint16_t begin_frame(std::string_view header);
    std::string_view take_payload();
    WebSocketEvent take_control();
    WebSocketEvent take_data();
    WebSocketEvent deliver(std::string_view payload);
    WebSocketEvent close(std::string_view payload);
    WebSocketEvent fail(std::uint16_t code);

    WebSocketOptions options;
    std::span<char> input;  // what was fed and not looked at yet
    std::array<char, frame_header_bytes_max> header{};
    std::size_t header_held = 0;
    std::optional<Frame> frame;
    std::optional<Message> message;
    std::string control;    // of a control frame that is not complete
    std::string delivered;  // what the last event's payload points into, when that is not the input
    bool is_over = false;   // closed or failed
};

WebSocketEvent WebSocketCodec::State::next() {
    delivered = std::string();
    while (!is_over) {
        if (!frame) {
            const auto whole = take_header();
            if (!whole) return {};
            if (const std::uint16_t code = begin_frame(*whole)) return fail(code);
        }
        const WebSocketEvent event = is_control(frame->header.opcode) ? take_control() : take_data();
        if (event.kind != Kind::none) return event;
        if (frame) return {};
    }
    return {};
}

// The bytes of a whole header; they are copied only when they came in pieces.
std::optional<std::string_view> WebSocketCodec::State::take_header() {
    const std::string_view fed(input.data(), input.size());
    if (header_held == 0 && fed.size() >= 2 && fed.size() >= frame_header_bytes(fed)) {
        const std::size_t bytes = frame_header_bytes(fed);
        input = input.subspan(bytes);
        return fed.substr(0, bytes);
    }
    while (!input.empty()) {
        header[header_held++] = input.front();
        input = input.subspan(1);
        const std::string_view held(header.data(), header_held);
        if (held.size() < 2 || held.size() < frame_header_bytes(held)) continue;
        header_held = 0;
        return held;
    }
    return std::nullopt;
}

// The close code of what is wrong with it, as far as its header tells; 0: nothing.
std::uint16_t WebSocketCodec::State::begin_frame(std::string_view bytes) {
    const auto read = read_frame_header(bytes);
    if (!read) return CloseCode::protocol_error;

    const bool begins_message = read->opcode == Opcode::text || read->opcode == Opcode::binary;
    if (read->is_compressed && !(options.deflate && begins_message)) return CloseCode::protocol_error;
    if (begins_message && message) return CloseCode::protocol_error;
    if (read->opcode == Opcode::continuation && !message) return CloseCode::protocol_error;
    if (!is_control(read->opcode)) {
        const std::size_t held = message ? message->bytes.size() : 0;
        if (read->length > options.message_bytes - held) return CloseCode::too_big;
    }
    if (begins_message) message = Message{read->opcode, read->is_compressed, {}, {}};
    frame = Frame{*read};
    return 0;
}

// As much of the frame's payload as is there, unmasked.
std::string_view WebSocketCodec::State::take_payload() {
    const std::uint64_t missing = frame->header.length - frame->taken;
    const std::size_t count = static_cast<std::size_t>(std::min<std::uint64_t>(missing, input.size()));
    const std::span<char> piece = input.first(count);
    unmask(piece, frame->header.mask, frame->taken);
    frame->taken += count;
    input = input.subspan(count);
    return {piece.data(), piece.size()};
}

WebSocketEvent WebSocketCodec::State::take_control() {
    std::string_view payload = take_payload();
    if (!frame->is_complete() || !control.empty()) {
        control += payload;
        if (!frame->is_complete()) return {};
        delivered = std::exchange(control, {});
        payload = delivered;
    }
    const Opcode opcode = frame->header.opcode;
    frame.reset();
    if (opcode == Opcode::close) return close(payload);
    return {opcode == Opcode::ping ? Kind::ping : Kind::pong, payload, 0};
}

WebSocketEvent WebSocketCodec::State::take_data() {
    const std::string_view piece = take_payload();
    const bool is_whole = frame->is_complete() && frame->header.is_final;
    if (frame->is_complete()) frame.reset();
    if (is_whole && message->bytes.empty()) return deliver(piece);

    // The whole text is checked again when it is complete; this finds out as early as it can be known.
    const bool is_plain_text = message->opcode == Opcode::text && !message->is_compressed;
    if (is_plain_text && !message->utf8.take(piece)) return fail(CloseCode::not_utf8);
    message->bytes += piece;
    if (!is_whole) return {};
    delivered = std::move(message->bytes);
    return deliver(delivered);
}

WebSocketEvent WebSocketCodec::State::deliver(std::string_view payload) {
    std::string inflated;
    if (const std::uint16_t code = unpack(*message, payload, options.message_bytes, inflated)) return fail(code);
    if (message->is_compressed) {
        delivered = std::move(inflated);
        payload = delivered;
    }
    const Kind kind = message->opcode == Opcode::text ? Kind::text : Kind::binary;
    message.reset();
    return {kind, payload, 0};
}

// RFC 6455 §5.5.1: nothing, or a code and a reason.
WebSocketEvent WebSocketCodec::State::close(std::string_view payload) {
    if (payload.size() == 1) return fail(CloseCode::protocol_error);
    std::uint16_t code = CloseCode::none;
    if (!payload.empty()) {
        const auto high = static_cast<unsigned char>(payload[0]);
        const auto low = static_cast<unsigned char>(payload[1]);
        code = static_cast<std::uint16_t>(high << 8 | low);
        payload.remove_prefix(2);
        if (!is_close_code(code)) return fail(CloseCode::protocol_error);
        if (!base::is_utf8(payload)) return fail(CloseCode::not_utf8);
    }
    is_over = true;
    message.reset();
    return {Kind::close, payload, code};
}

WebSocketEvent WebSocketCodec::State::fail(std::uint16_t code) {
    is_over = true;
    message.reset();
    return {Kind::failed, {}, code};
}

WebSocketCodec::WebSocketCodec(const WebSocketOptions& options) : state_(std::make_unique<State>(options)) {}
WebSocketCodec::~WebSocketCodec() = default;
WebSocketCodec::WebSocketCodec(WebSocketCodec&&) noexcept = default;

void WebSocketCodec::feed(char* bytes, std::size_t count) {
    assert(state_->input.empty() || state_->is_over);
    state_->input = {bytes, count};
}

WebSocketEvent WebSocketCodec::next() {
    return state_->next();
}

std::size_t WebSocketCodec::held_bytes() const {
    const std::size_t message = state_->message ? state_->message->bytes.size() : 0;
    return message + state_->control.size() + state_->header_held;
}

void WebSocketCodec::send_text(std::string& out, std::string_view text) {
    send_message(out, Opcode::text, text, state_->options);
}

void WebSocketCodec::send_binary(std::string& out, std::string_view bytes) {
    send_message(out, Opcode::binary, bytes, state_->options);
}

void WebSocketCodec::send_ping(std::string& out, std::string_view payload) {
    append_frame(out, Opcode::ping, payload.substr(0, control_bytes_max));
}

void WebSocketCodec::send_pong(std::string& out, std::string_view payload) {
    append_frame(out, Opcode::pong, payload.substr(0, control_bytes_max));
}

void WebSocketCodec::send_close(std::string& out, std::uint16_t code, std::string_view reason) {
    std::string payload;
    if (code != CloseCode::none) {
        payload += static_cast<char>(code >> 8);
        payload += static_cast<char>(code & 0xFF);
        payload += base::utf8_prefix(reason, control_bytes_max - payload.size());
    }
    append_frame(out, Opcode::close, payload);
}

}  // namespace limp::wire
