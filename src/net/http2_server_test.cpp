// HTTP/2 over real sockets: requests, WebSockets, the end. Frames by hand.
#include <gtest/gtest.h>

#include <string>

#include "net/http2_frames.hpp"
#include "net/loopback.hpp"

namespace limp::net {
namespace {

using http2::test::FrameSeen;
using http2::test::Type;

class Http2Client : public Client {
public:
    explicit Http2Client(std::uint16_t port) : Client(port) {
        send(
            std::string(http2::test::preface) + http2::test::frame(Type::settings, 0, 0, "") +
            http2::test::frame(Type::settings, http2::test::ack, 0, "")
        );
    }

    FrameSeen read() {
        std::string bytes = read_exactly(http2::test::frame_head_bytes);
        bytes += read_exactly(http2::test::number_in(std::string_view(bytes).substr(0, 3)));
        return http2::test::frames_in(bytes).front();
    }

    // The next frame of that type on that stream; those before it are thrown away.
    FrameSeen read(Type type, int stream) {
        for (;;) {
            FrameSeen next = read();
            if (next.type == type && next.stream == stream) return next;
        }
    }

    void request(int stream, const Headers& more, bool is_complete = true) {
        Headers all = {{":scheme", "http"}, {":authority", "x"}};
        all.insert(all.end(), more.begin(), more.end());
        const int flags = http2::test::end_headers | (is_complete ? http2::test::end_stream : 0);
        send(http2::test::frame(Type::headers, flags, stream, http2::test::headers(all)));
    }

    void get(int stream, const std::string& path) { request(stream, {{":method", "GET"}, {":path", path}}); }

    // Asks for a WebSocket; the first byte of the answer's headers, which tells the commonest statuses.
    int open(int stream, const std::string& path = "/ws", const std::string& version = "13") {
        request(
            stream,
            {{":method", "CONNECT"}, {":protocol", "websocket"}, {":path", path}, {"sec-websocket-version", version}},
            false
        );
        return static_cast<unsigned char>(read(Type::headers, stream).payload[0]);
    }

    void data(int stream, std::string_view bytes, bool is_last = false) {
        send(http2::test::frame(Type::data, is_last ? http2::test::end_stream : 0, stream, bytes));
    }
};

constexpr int ok = 0x88;         // HPACK: ":status: 200"
constexpr int not_found = 0x8d;  // ":status: 404"
constexpr int bad_request = 0x8c;

class Http2Server : public testing::Test {
protected:
    TestDoorkeeper doorkeeper;
    TestServer server{doorkeeper};
    Http2Client client{server.port()};
};

TEST_F(Http2Server, AnswersARequest) {
    client.get(1, "/a?b");
    EXPECT_EQ(static_cast<unsigned char>(client.read(Type::headers, 1).payload[0]), ok);
    const FrameSeen body = client.read(Type::data, 1);
    EXPECT_EQ(body.payload, "GET /a?b ");
    EXPECT_EQ(body.flags & http2::test::end_stream, http2::test::end_stream);
}

TEST_F(Http2Server, TakesABody) {
    client.request(1, {{":method", "POST"}, {":path", "/a"}}, false);
    client.data(1, "one ");
    client.data(1, "two", true);
    EXPECT_EQ(client.read(Type::data, 1).payload, "POST /a one two");
}

TEST_F(Http2Server, AnswersOneWhileAnotherWaits) {
    doorkeeper.gate_target = "/slow";
    client.get(1, "/slow");
    doorkeeper.gate.await(1);
    client.get(3, "/quick");
    EXPECT_EQ(client.read(Type::data, 3).payload, "GET /quick ");
    doorkeeper.gate.open();
    EXPECT_EQ(client.read(Type::data, 1).payload, "GET /slow ");
}

TEST_F(Http2Server, ARequestThatIsResetIsForgotten) {
    doorkeeper.gate_target = "/slow";
    client.get(1, "/slow");
    doorkeeper.gate.await(1);
    client.send(http2::test::frame(Type::rst_stream, 0, 1, http2::test::number(8)));
    client.get(3, "/quick");
    EXPECT_EQ(client.read(Type::data, 3).payload, "GET /quick ");
    doorkeeper.gate.open();
    client.get(5, "/quick");
    EXPECT_EQ(client.read(Type::data, 5).payload, "GET /quick ");
}

TEST_F(Http2Server, AnAnswerLargerThanTheWindow) {
    doorkeeper.reply = [](const HttpRequest&, const Peer&) {
        HttpResponse response;
        response.body = std::string(100'000, 'x');
        return response;
    };
    client.get(1, "/");
    std::size_t received = 0;
    while (received < 65'535) received += client.read(Type::data, 1).payload.size();
    EXPECT_EQ(received, 65'535U);
    client.send(
        http2::test::frame(Type::window_update, 0, 1, http2::test::number(100'000)) +
        http2::test::frame(Type::window_update, 0, 0, http2::test::number(100'000))
    );
    while (received < 100'000) received += client.read(Type::data, 1).payload.size();
    EXPECT_EQ(received, 100'000U);
}

TEST_F(Http2Server, AFileLargerThanTheWindow) {
    const auto file = std::make_shared<Letters>(300'000);
    doorkeeper.reply = [&](const HttpRequest&, const Peer&) {
        HttpResponse response;
        response.file = Bytes(file);
        return response;
    };
    client.get(1, "/");
    std::string received;
    while (received.size() < 65'535) received += client.read(Type::data, 1).payload;
    EXPECT_EQ(file->read_to, 65'535U);
    client.send(
        http2::test::frame(Type::window_update, 0, 1, http2::test::number(300'000)) +
        http2::test::frame(Type::window_update, 0, 0, http2::test::number(300'000))
    );
    while (received.size() < 300'000) received += client.read(Type::data, 1).payload;
    EXPECT_TRUE(received == Letters::text(300'000));
}

TEST_F(Http2Server, AFileThatBreaksEndsItsStreamAlone) {
    const auto file = std::make_shared<Letters>(40'000);
    file->broken_at = 20'000;
    doorkeeper.reply = [&](const HttpRequest& request, const Peer&) {
        HttpResponse response;
        response.body = "whole";
        if (request.target == "/broken") response.file = Bytes(file);
        return response;
    };
    client.get(1, "/broken");
    EXPECT_EQ(client.read(Type::rst_stream, 1).payload, http2::test::number(2));
    client.get(3, "/");
    EXPECT_EQ(client.read(Type::data, 3).payload, "whole");
}

TEST_F(Http2Server, EchoesOnManyWebSockets) {
    for (const int stream : {1, 3, 5}) ASSERT_EQ(client.open(stream), ok);
    for (const int stream : {1, 3, 5}) client.data(stream, client_frame(1, "n" + std::to_string(stream)));
    for (const int stream : {1, 3, 5}) {
        EXPECT_EQ(client.read(Type::data, stream).payload, "\x81\x02n" + std::to_string(stream));
    }
}

TEST_F(Http2Server, AFrameInManyPieces) {
    ASSERT_EQ(client.open(1), ok);
    for (const char byte : client_frame(1, "hello")) client.data(1, std::string_view(&byte, 1));
    EXPECT_EQ(client.read(Type::data, 1).payload, "\x81\x05hello");
}

TEST_F(Http2Server, AnswersTheCloseBeforeItEndsTheStream) {
    ASSERT_EQ(client.open(1), ok);
    client.data(1, client_close(1000), true);
    const FrameSeen last = client.read(Type::data, 1);
    EXPECT_EQ(last.payload, "\x88\x02\x03\xe8");
    EXPECT_EQ(last.flags & http2::test::end_stream, http2::test::end_stream);
}

TEST_F(Http2Server, AStreamThatEndsWithoutACloseIsReset) {
    ASSERT_EQ(client.open(1), ok);
    client.data(1, "", true);
    EXPECT_EQ(http2::test::number_in(client.read(Type::rst_stream, 1).payload), 8U);
    ASSERT_EQ(client.open(3), ok);
}

TEST_F(Http2Server, DeclinesWithoutHarmToTheConnection) {
    EXPECT_EQ(client.open(1, "/elsewhere"), not_found);
    EXPECT_EQ(client.open(3, "/ws", "8"), bad_request);
    client.request(5, {{":method", "CONNECT"}, {":protocol", "chat"}, {":path", "/ws"}}, false);
    client.read(Type::headers, 5);
    client.request(7, {{":method", "CONNECT"}, {":protocol", "websocket"}}, false);  // no path
    EXPECT_EQ(http2::test::number_in(client.read(Type::rst_stream, 7).payload), 1U);
    EXPECT_EQ(client.open(9), ok);
}

// A handler that is paused from the beginning, until the test lets it go on.
struct Paused : EchoHandler {
    explicit Paused(Socket& socket) : EchoHandler(socket) { socket.pause(); }
};

TEST_F(Http2Server, APausedSocketHoldsUpItsOwnSenderAlone) {
    Socket* paused = nullptr;
    doorkeeper.make_handler = [&](Socket& socket) -> std::unique_ptr<SocketHandler> {
        if (paused) return std::make_unique<EchoHandler>(socket);
        paused = &socket;
        return std::make_unique<Paused>(socket);
    };
    ASSERT_EQ(client.open(1), ok);
    ASSERT_EQ(client.open(3), ok);
    const std::string message = client_frame(2, std::string(16'000, 'x'));
    for (int i = 0; i < 16; ++i) client.data(1, message);
    client.data(3, client_frame(1, "hello"));
    for (;;) {
        const FrameSeen next = client.read();
        EXPECT_FALSE(next.type == Type::window_update && next.stream == 1);
        if (next.type == Type::data && next.stream == 3) break;
    }
    server.loop().post([&] { paused->resume(); });
    EXPECT_GT(http2::test::number_in(client.read(Type::window_update, 1).payload), 0U);
}

TEST_F(Http2Server, GoesAwayAndLetsStreamsEnd) {
    ASSERT_EQ(client.open(1), ok);
    const auto stopped = server.stop(std::chrono::seconds(10));
    EXPECT_EQ(http2::test::goaway_code(client.read(Type::goaway, 0)), 0U);
    EXPECT_EQ(client.read(Type::data, 1).payload, "\x88\x02\x03\xe9");
    client.data(1, client_close(1001), true);
    client.read_to_end();
    EXPECT_EQ(stopped.wait_for(std::chrono::seconds(10)), std::future_status::ready);
}

TEST_F(Http2Server, SocketsCountAsConnections) {
    Options options = loopback_options();
    options.connections_max = 3;
    TestServer small(doorkeeper, options);
    Http2Client peer(small.port());
    EXPECT_EQ(peer.open(1), ok);
    EXPECT_EQ(peer.open(3), ok);
    EXPECT_NE(peer.open(5), ok);
}

TEST_F(Http2Server, HandlersHearOfTheEndOfTheConnection) {
    std::promise<void> closed;
    struct Telling : EchoHandler {
        Telling(Socket& socket, std::promise<void>& promise) : EchoHandler(socket), closed(promise) {}
        void on_closed() override { closed.set_value(); }
        std::promise<void>& closed;
    };
    doorkeeper.make_handler = [&](Socket& socket) { return std::make_unique<Telling>(socket, closed); };
    ASSERT_EQ(client.open(1), ok);
    client.reset();
    EXPECT_EQ(closed.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
}

}  // namespace
}  // namespace limp::net
