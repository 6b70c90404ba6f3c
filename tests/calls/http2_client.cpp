#include "tests/calls/http2_client.hpp"

#include <nghttp2/nghttp2.h>
#include <sys/socket.h>

#include <array>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/address.hpp"
#include "net/descriptor.hpp"
#include "net/loopback.hpp"

namespace limp::calls {
namespace {

struct Stream {
    std::string out;
    std::string in;
    std::string status;
    bool is_closed = false;
};

// One connection, and what nghttp2 as a client makes of it. Waits at most thirty seconds for bytes.
class Connection {
public:
    explicit Connection(std::uint16_t port) : authority_("127.0.0.1:" + std::to_string(port)) {
        const auto where = net::socket_address("127.0.0.1", port);
        socket_ = net::Descriptor(::socket(where.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
        const timeval patience{.tv_sec = 30, .tv_usec = 0};
        ::setsockopt(socket_.number(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        if (::connect(socket_.number(), where.get(), where.length) != 0) throw std::runtime_error("cannot connect");
        begin();
        pump_until([this] {
            return nghttp2_session_get_remote_settings(session_, NGHTTP2_SETTINGS_ENABLE_CONNECT_PROTOCOL) == 1;
        });
    }

    ~Connection() { nghttp2_session_del(session_); }

    std::int32_t open() {
        const std::array<std::pair<std::string, std::string>, 6> fields{{
            {":method", "CONNECT"},
            {":protocol", "websocket"},
            {":scheme", "http"},
            {":path", "/ws"},
            {":authority", authority_},
            {"sec-websocket-version", "13"},
        }};
        std::vector<nghttp2_nv> head;
        for (const auto& [name, value] : fields) {
            head.push_back({bytes(name), bytes(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE});
        }
        nghttp2_data_provider body{};
        body.read_callback = [](nghttp2_session*, std::int32_t id, std::uint8_t* into, std::size_t count,
                                std::uint32_t*, nghttp2_data_source*, void* self) -> ssize_t {
            std::string& out = static_cast<Connection*>(self)->streams_[id].out;
            const std::size_t taken = out.copy(reinterpret_cast<char*>(into), count);
            out.erase(0, taken);
            return taken == 0 ? ssize_t{NGHTTP2_ERR_DEFERRED} : static_cast<ssize_t>(taken);
        };
        const std::int32_t id = nghttp2_submit_request(session_, nullptr, head.data(), head.size(), &body, nullptr);
        Stream& stream = streams_[id];
        pump_until([&] { return !stream.status.empty() || stream.is_closed; });
        if (stream.status != "200") throw std::runtime_error("no WebSocket: status " + stream.status);
        return id;
    }

    void close(std::int32_t id) {
        nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, id, NGHTTP2_CANCEL);
        nghttp2_session_send(session_);
    }

    void send(std::int32_t id, std::string_view text) {
        streams_[id].out += net::client_frame(1, text);
        nghttp2_session_resume_data(session_, id);
    }

    // The next text message.
    std::string read(std::int32_t id) {
        Stream& stream = streams_[id];
        for (;;) {
            pump_until([&] { return has_frame(stream.in) || stream.is_closed; });
            if (!has_frame(stream.in)) throw std::runtime_error("the stream was closed");
            const auto [head, length] = frame_size(stream.in);
            const int opcode = stream.in[0] & 0xf;
            const std::string payload = stream.in.substr(head, length);
            stream.in.erase(0, head + length);
            if (opcode == 1) return payload;
            if (opcode == 8) throw std::runtime_error("the socket was closed");
        }
    }

private:
    static std::uint8_t* bytes(const std::string& text) {
        return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
    }

    // Of a server's frame: the length of its header, and of its payload.
    static std::pair<std::size_t, std::size_t> frame_size(std::string_view bytes) {
        if (bytes.size() < 2) return {2, 0};
        const auto at = [&](std::size_t place) { return std::size_t{static_cast<unsigned char>(bytes[place])}; };
        const std::size_t more = at(1) == 127 ? 8 : at(1) == 126 ? 2 : 0;
        if (more == 0) return {2, at(1)};
        std::size_t length = 0;
        for (std::size_t i = 2; i < 2 + more && i < bytes.size(); ++i) length = length << 8 | at(i);
        return {2 + more, length};
    }

    static bool has_frame(std::string_view bytes) {
        const auto [head, length] = frame_size(bytes);
        return bytes.size() >= head && bytes.size() >= head + length;
    }

    void begin() {
        nghttp2_session_callbacks* callbacks = nullptr;
        nghttp2_session_callbacks_new(&callbacks);
        nghttp2_session_callbacks_set_send_callback(
            callbacks,
            [](nghttp2_session*, const std::uint8_t* data, std::size_t count, int, void* self) -> ssize_t {
                const int socket = static_cast<Connection*>(self)->socket_.number();
                const ssize_t sent = ::send(socket, data, count, MSG_NOSIGNAL);
                return sent < 0 ? ssize_t{NGHTTP2_ERR_CALLBACK_FAILURE} : sent;
            }
        );
        nghttp2_session_callbacks_set_on_header_callback(
            callbacks,
            [](nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t name_bytes,
               const std::uint8_t* value, std::size_t value_bytes, std::uint8_t, void* self) {
                if (std::string_view(reinterpret_cast<const char*>(name), name_bytes) == ":status") {
                    static_cast<Connection*>(self)->streams_[frame->hd.stream_id].status.assign(
                        reinterpret_cast<const char*>(value), value_bytes
                    );
                }
                return 0;
            }
        );
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(
            callbacks,
            [](nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* data, std::size_t count,
               void* self) {
                static_cast<Connection*>(self)->streams_[id].in.append(reinterpret_cast<const char*>(data), count);
                return 0;
            }
        );
        nghttp2_session_callbacks_set_on_stream_close_callback(
            callbacks,
            [](nghttp2_session*, std::int32_t id, std::uint32_t, void* self) {
                static_cast<Connection*>(self)->streams_[id].is_closed = true;
                return 0;
            }
        );
        nghttp2_session_client_new(&session_, callbacks, this);
        nghttp2_session_callbacks_del(callbacks);
        nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, nullptr, 0);
    }

    template <class Condition>
    void pump_until(Condition condition) {
        std::array<std::uint8_t, 65536> buffer;
        while (!condition()) {
            if (nghttp2_session_send(session_) != 0) throw std::runtime_error("cannot send");
            const ssize_t count = ::recv(socket_.number(), buffer.data(), buffer.size(), 0);
            if (count <= 0) throw std::runtime_error(count == 0 ? "limpd has closed" : "no answer in time");
            if (nghttp2_session_mem_recv(session_, buffer.data(), static_cast<std::size_t>(count)) < 0) {
                throw std::runtime_error("what limpd sends is not HTTP/2");
            }
        }
    }

    const std::string authority_;
    net::Descriptor socket_;
    nghttp2_session* session_ = nullptr;
    std::map<std::int32_t, Stream> streams_;
};

std::shared_ptr<Connection> connection_to(std::uint16_t port) {
    static std::map<std::uint16_t, std::weak_ptr<Connection>> connections;
    auto connection = connections[port].lock();
    if (!connection) connections[port] = connection = std::make_shared<Connection>(port);
    return connection;
}

class Http2Client : public Client {
public:
    explicit Http2Client(std::uint16_t port)
        : connection_(connection_to(port)), stream_(connection_->open()), greeting_(connection_->read(stream_)) {}
    ~Http2Client() override { connection_->close(stream_); }

    std::string greeting() override { return greeting_; }

    std::string exchange(std::string_view message) override {
        connection_->send(stream_, message);
        return connection_->read(stream_);
    }

private:
    std::shared_ptr<Connection> connection_;
    std::int32_t stream_;
    std::string greeting_;
};

}  // namespace

std::unique_ptr<Client> connect_http2(std::uint16_t port) {
    return std::make_unique<Http2Client>(port);
}

}  // namespace limp::calls
