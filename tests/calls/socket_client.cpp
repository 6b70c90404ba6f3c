// The one file of the project that is compiled with Beast's WebSocket: a second implementation of the protocol, so that
// the codec in src/wire is not tested by itself.
#include "tests/calls/socket_client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <chrono>
#include <stdexcept>

namespace limp::calls {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using tcp = asio::ip::tcp;

constexpr std::chrono::seconds patience{30};

class SocketClient : public Client {
public:
    explicit SocketClient(std::uint16_t port) : socket_(context_) {
        socket_.next_layer().connect({asio::ip::make_address("127.0.0.1"), port});
        in_time([&](auto done) { socket_.async_handshake("127.0.0.1", "/ws", done); });
        greeting_ = receive();
    }

    std::string greeting() override { return greeting_; }

    std::string exchange(std::string_view message) override {
        in_time([&](auto done) {
            socket_.async_write(asio::buffer(message), [done](beast::error_code error, std::size_t) { done(error); });
        });
        return receive();
    }

private:
    std::string receive() {
        beast::flat_buffer buffer;
        in_time([&](auto done) {
            socket_.async_read(buffer, [done](beast::error_code error, std::size_t) { done(error); });
        });
        return beast::buffers_to_string(buffer.data());
    }

    // Starts an operation and waits for it, but not for ever: a blocking one could not be given up.
    template <class Start>
    void in_time(Start start) {
        bool finished = false;
        beast::error_code failure;
        start([&](beast::error_code error) {
            finished = true;
            failure = error;
        });
        context_.restart();
        context_.run_for(patience);
        if (!finished) {
            socket_.next_layer().close();  // cancels it: its handler refers to this call
            context_.restart();
            context_.run();
            throw std::runtime_error("no answer in time");
        }
        if (failure) throw std::system_error(failure);
    }

    asio::io_context context_{1};
    beast::websocket::stream<tcp::socket> socket_;
    std::string greeting_;
};

}  // namespace

std::unique_ptr<Client> connect_socket(std::uint16_t port) {
    return std::make_unique<SocketClient>(port);
}

}  // namespace limp::calls
