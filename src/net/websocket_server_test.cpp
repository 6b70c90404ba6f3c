#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <string>

#include "net/loopback.hpp"

namespace limp::net {
namespace {

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != text.npos;
}

// A handler made of functions.
class FunctionHandler final : public EchoHandler {
public:
    using Callback = std::function<void(Socket&, std::string_view)>;

    FunctionHandler(Socket& socket, Callback text, std::function<void()> closed = {}, Callback stopping = {})
        : EchoHandler(socket), text_(std::move(text)), closed_(std::move(closed)), stopping_(std::move(stopping)) {}
    void on_text(std::string_view text) override { text_(socket_, text); }
    void on_stopping() override {
        if (stopping_) stopping_(socket_, {});
    }
    void on_closed() override {
        if (closed_) closed_();
    }

private:
    Callback text_;
    std::function<void()> closed_;
    Callback stopping_;
};

class WebSocketServer : public testing::Test {
protected:
    TestDoorkeeper doorkeeper;
    Options options = loopback_options();

    void handle_text(FunctionHandler::Callback callback) {
        doorkeeper.make_handler = [callback](Socket& socket) {
            return std::make_unique<FunctionHandler>(socket, callback);
        };
    }

    // What the server closes with, when a client sends these bytes; while another goes on undisturbed.
    int close_code_after(const std::string& bytes) {
        TestServer server(doorkeeper, options);
        Client other(server.port());
        other.open();
        Client client(server.port());
        client.open();
        client.send(bytes);
        Frame frame;
        do frame = client.read_frame();
        while (frame.opcode != 8);
        EXPECT_EQ(client.read_to_end(), "");
        other.send_text("still there?");
        EXPECT_EQ(other.read_frame().payload, "still there?");
        return frame.close_code();
    }
};

TEST_F(WebSocketServer, OpensAsInTheRfc) {
    TestServer server(doorkeeper);
    Client client(server.port());
    const std::string answer = client.open("Sec-WebSocket-Protocol: limp, other\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 101 Switching Protocols\r\n")) << answer;
    EXPECT_TRUE(has(answer, "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")) << answer;
    EXPECT_TRUE(has(answer, "Sec-WebSocket-Protocol: limp\r\n")) << answer;
    EXPECT_FALSE(has(answer, "Content-Length")) << answer;
}

TEST_F(WebSocketServer, Echoes) {
    TestServer server(doorkeeper);
    Client client(server.port());
    client.open();
    for (const std::size_t size : {0U, 1U, 125U, 126U, 65535U, 65536U, 700'000U}) {
        client.send_text(std::string(size, 'a'));
        const Frame text = client.read_frame();
        EXPECT_EQ(text.opcode, 1);
        EXPECT_EQ(text.payload, std::string(size, 'a'));
        client.send(client_frame(2, std::string(size, '\xff')));
        const Frame binary = client.read_frame();
        EXPECT_EQ(binary.opcode, 2);
        EXPECT_EQ(binary.payload, std::string(size, '\xff'));
    }
}

TEST_F(WebSocketServer, EchoesByteByByteWithTheHandshakeInOnePiece) {
    TestServer server(doorkeeper);
    Client client(server.port());
    for (const char byte : Client::handshake() + client_frame(1, "one") + client_frame(1, "two")) {
        client.send(std::string(1, byte));
    }
    client.read_through("\r\n\r\n");
    EXPECT_EQ(client.read_frame().payload, "one");
    EXPECT_EQ(client.read_frame().payload, "two");
}

TEST_F(WebSocketServer, TakesMessagesThatCameWithTheHandshake) {
    doorkeeper.make_handler = [](Socket& socket) {
        socket.send_text("hello");
        return std::make_unique<EchoHandler>(socket);
    };
    TestServer server(doorkeeper);
    Client client(server.port());
    client.send(Client::handshake() + client_frame(1, "one") + client_frame(1, "two"));
    client.read_through("\r\n\r\n");
    for (const std::string expected : {"hello", "one", "two"}) EXPECT_EQ(client.read_frame().payload, expected);
}

TEST_F(WebSocketServer, KeepsOrderWithManyInFlight) {
    TestServer server(doorkeeper, options, 2);
    Client client(server.port());
    client.open();
    std::string frames;
    for (int i = 0; i < 10'000; ++i) frames += client_frame(1, std::to_string(i));
    std::thread writer([&] { client.send(frames); });
    for (int i = 0; i < 10'000; ++i) EXPECT_EQ(client.read_frame().payload, std::to_string(i));
    writer.join();
}

TEST_F(WebSocketServer, AgreesOnDeflate) {
    TestServer server(doorkeeper);
    Client client(server.port());
    EXPECT_TRUE(has(client.open("Sec-WebSocket-Extensions: permessage-deflate\r\n"), "Sec-WebSocket-Extensions: perm"));
    client.send_text(std::string(10'000, 'a'));
    const Frame frame = client.read_frame();
    EXPECT_TRUE(frame.is_compressed);
    EXPECT_LT(frame.payload.size(), 1000U);
}

TEST_F(WebSocketServer, RefusesWrongHandshakes) {
    TestServer server(doorkeeper);
    const auto refused = [&](std::string request, const std::string& part, const std::string& instead) {
        request.replace(request.find(part), part.size(), instead);
        Client client(server.port());
        client.send(request);
        return client.read_answer();
    };
    const std::string good = Client::handshake();
    EXPECT_TRUE(has(refused(good, "GET", "POST"), " 400 "));
    EXPECT_TRUE(has(refused(good, "HTTP/1.1", "HTTP/1.0"), " 400 "));
    EXPECT_TRUE(has(refused(good, ", Upgrade", ""), " 400 "));
    EXPECT_TRUE(has(refused(good, "b25jZQ==", "b25jZQ"), " 400 "));
    EXPECT_TRUE(has(refused(good, "Sec-WebSocket-Key", "Sec-WebSocket-Clef"), " 400 "));
    EXPECT_TRUE(has(refused(good + "x", "Host", "Content-Length: 1\r\nHost"), " 400 "));
    EXPECT_TRUE(has(refused(good, "/ws", "/elsewhere"), " 404 "));
    const std::string other_version = refused(good, "Version: 13", "Version: 12");
    EXPECT_TRUE(has(other_version, " 426 ")) << other_version;
    EXPECT_TRUE(has(other_version, "Sec-WebSocket-Version: 13\r\n")) << other_version;
}

TEST_F(WebSocketServer, AnswersPings) {
    TestServer server(doorkeeper);
    Client client(server.port());
    client.open();
    client.send(client_frame(9, "are you there?"));
    const Frame pong = client.read_frame();
    EXPECT_EQ(pong.opcode, 10);
    EXPECT_EQ(pong.payload, "are you there?");
}

TEST_F(WebSocketServer, ReturnsACloseAndThenEnds) {
    EXPECT_EQ(close_code_after(client_close(1000)), 1000);
    EXPECT_EQ(close_code_after(client_close(4321)), 4321);
    EXPECT_EQ(close_code_after(client_frame(8, "")), 0);
}

TEST_F(WebSocketServer, EndsOnWhatBreaksTheProtocol) {
    EXPECT_EQ(close_code_after(std::string("\x81\x02hi", 4)), 1002);            // unmasked
    EXPECT_EQ(close_code_after(client_frame(3, "x")), 1002);                    // an unknown opcode
    EXPECT_EQ(close_code_after(client_frame(0, "x")), 1002);                    // goes on with nothing
    EXPECT_EQ(close_code_after(client_frame(9, std::string(126, 'x'))), 1002);  // a long ping
    EXPECT_EQ(close_code_after(client_frame(9, "x", false)), 1002);             // a ping in pieces
    EXPECT_EQ(close_code_after(client_close(1005)), 1002);                      // a code that is never sent
    EXPECT_EQ(close_code_after(std::string("\xc1\x80\0\0\0\0", 6)), 1002);      // RSV1 without deflate
    EXPECT_EQ(close_code_after(client_frame(1, "\xff\xfe")), 1007);             // no UTF-8
    EXPECT_EQ(close_code_after(client_frame(1, "\xed\xa0\x80")), 1007);         // a surrogate
}

TEST_F(WebSocketServer, EndsOnMessagesThatAreTooLong) {
    doorkeeper.message_bytes = 1000;
    EXPECT_EQ(close_code_after(client_frame(1, std::string(1001, 'x'))), 1009);
    EXPECT_EQ(close_code_after(std::string("\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff\0\0\0\0", 14)), 1009);
    const int announced_2_63 = close_code_after(std::string("\x82\xff\x80\0\0\0\0\0\0\0\0\0\0\0", 14));
    EXPECT_TRUE(announced_2_63 == 1002 || announced_2_63 == 1009) << announced_2_63;
    std::string fragments = client_frame(1, "x", false);
    for (int i = 0; i < 1000; ++i) fragments += client_frame(0, "x", false);
    EXPECT_EQ(close_code_after(fragments), 1009);
}

TEST_F(WebSocketServer, EndsAFloodOfPings) {
    options.control_frames_per_second = 10;
    std::string pings;
    for (int i = 0; i < 100'000; ++i) pings += client_frame(9, "");
    EXPECT_EQ(close_code_after(pings), 1008);
}

// All of it is sent before the client reads any: however quick the client is then, it was too slow.
TEST_F(WebSocketServer, EndsASlowReader) {
    options.send_bytes = 1024 * 1024;
    std::promise<void> sent;
    std::promise<void> closed;
    doorkeeper.make_handler = [&](Socket& socket) {
        return std::make_unique<FunctionHandler>(
            socket,
            [&](Socket& to, std::string_view) {
                for (int i = 0; i < 100; ++i) to.send_text(std::string(500'000, 'x'));
                sent.set_value();
            },
            [&] { closed.set_value(); }
        );
    };
    TestServer server(doorkeeper, options);
    Client client(server.port(), "127.0.0.1", 4096);
    client.open();
    client.send_text("more");
    sent.get_future().wait();
    Frame frame;
    int texts = 0;
    for (;; ++texts) {
        frame = client.read_frame();
        if (frame.opcode == 8) break;
    }
    EXPECT_EQ(frame.close_code(), 1013);
    EXPECT_LT(texts, 100);
    EXPECT_EQ(client.read_to_end(), "");
    closed.get_future().wait();
}

TEST_F(WebSocketServer, CutsAReaderThatNeverReadsAgain) {
    options.send_bytes = 1024 * 1024;
    options.close_timeout = std::chrono::milliseconds(20);
    std::promise<void> closed;
    doorkeeper.make_handler = [&](Socket& socket) {
        return std::make_unique<FunctionHandler>(
            socket, [](Socket& to, std::string_view) { to.send_text(std::string(500'000, 'x')); },
            [&] { closed.set_value(); }
        );
    };
    TestServer server(doorkeeper, options);
    Client client(server.port(), "127.0.0.1", 4096);
    client.open();
    for (int i = 0; i < 100; ++i) client.send_text("more");
    closed.get_future().wait();
}

TEST_F(WebSocketServer, HandsOutNothingWhilePaused) {
    std::atomic<int> handed_out = 0;
    std::promise<Socket*> paused;
    handle_text([&](Socket& socket, std::string_view text) {
        ++handed_out;
        socket.send_text(text);
        if (text == "pause") {
            socket.pause();
            paused.set_value(&socket);
        }
    });
    TestServer server(doorkeeper);
    Client client(server.port());
    client.open();
    std::string frames = client_frame(1, "pause");
    for (int i = 0; i < 10'000; ++i) frames += client_frame(1, std::to_string(i));
    std::thread writer([&] { client.send(frames); });
    Socket* socket = paused.get_future().get();
    EXPECT_EQ(client.read_frame().payload, "pause");
    EXPECT_EQ(handed_out, 1);
    server.loop().post([socket] { socket->resume(); });
    for (int i = 0; i < 10'000; ++i) ASSERT_EQ(client.read_frame().payload, std::to_string(i));
    writer.join();
}

TEST_F(WebSocketServer, PausesAndGoesOnAtEachMessage) {
    handle_text([](Socket& socket, std::string_view text) {
        socket.pause();
        socket.loop().post([&socket, copy = std::string(text)] {
            socket.send_text(copy);
            socket.resume();
        });
    });
    TestServer server(doorkeeper);
    Client client(server.port());
    std::string frames = Client::handshake();
    for (int i = 0; i < 1000; ++i) frames += client_frame(1, std::to_string(i));
    client.send(frames);
    client.read_through("\r\n\r\n");
    for (int i = 0; i < 1000; ++i) ASSERT_EQ(client.read_frame().payload, std::to_string(i));
}

TEST_F(WebSocketServer, ClosesFromInsideAMessage) {
    std::atomic<int> handed_out = 0;
    std::promise<void> closed;
    doorkeeper.make_handler = [&](Socket& socket) {
        return std::make_unique<FunctionHandler>(
            socket,
            [&](Socket& to, std::string_view) {
                ++handed_out;
                to.pause();
                to.send_text("bye");
                to.close(4000, "enough");
                to.close(4001);
                to.send_text("too late");
                to.resume();
            },
            [&] { closed.set_value(); }
        );
    };
    TestServer server(doorkeeper);
    Client client(server.port());
    client.open();
    client.send(client_frame(1, "a") + client_frame(1, "b") + client_frame(9, "c"));
    EXPECT_EQ(client.read_frame().payload, "bye");
    const Frame close = client.read_frame();
    EXPECT_EQ(close.close_code(), 4000);
    EXPECT_EQ(close.payload.substr(2), "enough");
    client.send(client_close(4000));
    EXPECT_EQ(client.read_to_end(), "");
    closed.get_future().wait();
    EXPECT_EQ(handed_out, 1);
}

TEST_F(WebSocketServer, CutsAPeerThatDoesNotReturnTheClose) {
    options.close_timeout = std::chrono::milliseconds(20);
    handle_text([](Socket& socket, std::string_view) { socket.close(4000); });
    TestServer server(doorkeeper, options);
    Client client(server.port());
    client.open();
    client.send_text("a");
    EXPECT_EQ(client.read_frame().close_code(), 4000);
    EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(WebSocketServer, TellsTheHandlerThatThePeerHasGone) {
    std::promise<void> closed;
    doorkeeper.make_handler = [&](Socket& socket) {
        return std::make_unique<FunctionHandler>(socket, [](Socket&, std::string_view) {}, [&] { closed.set_value(); });
    };
    TestServer server(doorkeeper);
    std::make_unique<Client>(server.port())->open();
    closed.get_future().wait();
}

TEST_F(WebSocketServer, EndsTheConnectionOfAHandlerThatFails) {
    handle_text([](Socket&, std::string_view) { throw std::runtime_error("secret"); });
    TestServer server(doorkeeper);
    Client client(server.port());
    client.open();
    client.send_text("a");
    EXPECT_EQ(client.read_frame().close_code(), 1011);
    EXPECT_EQ(client.read_to_end(), "");

    doorkeeper.make_handler = [](Socket&) -> std::unique_ptr<SocketHandler> { throw std::runtime_error("secret"); };
    Client next(server.port());
    next.open();
    EXPECT_EQ(next.read_frame().close_code(), 1011);
}

TEST_F(WebSocketServer, PingsASilentPeerAndThenCloses) {
    options.ping_every = std::chrono::milliseconds(20);
    options.idle_timeout = std::chrono::milliseconds(200);
    TestServer server(doorkeeper, options);
    Client client(server.port());
    client.open();
    EXPECT_EQ(client.read_frame().opcode, 9);
    Frame frame;
    do frame = client.read_frame();
    while (frame.opcode == 9);
    EXPECT_EQ(frame.close_code(), 1001);
    EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(WebSocketServer, StopsWhenCallsInFlightAreAnswered) {
    std::promise<void> arrived;
    doorkeeper.make_handler = [&](Socket& socket) {
        return std::make_unique<FunctionHandler>(
            socket, [&](Socket&, std::string_view) { arrived.set_value(); }, nullptr,
            [](Socket& to, std::string_view) {
                to.loop().post([&to] {
                    to.send_text("the answer");
                    to.close(1001);
                });
            }
        );
    };
    TestServer server(doorkeeper);
    Client client(server.port());
    client.open();
    client.send_text("a call");
    arrived.get_future().wait();
    const auto stopped = server.stop(std::chrono::minutes(1));
    EXPECT_EQ(client.read_frame().payload, "the answer");
    EXPECT_EQ(client.read_frame().close_code(), 1001);
    client.send(client_frame(1, "not heard any more") + client_close(1001));
    EXPECT_EQ(client.read_to_end(), "");
    stopped.wait();
}

TEST_F(WebSocketServer, CutsHandlersThatDoNotStopInTime) {
    std::promise<void> closed;
    doorkeeper.make_handler = [&](Socket& socket) {
        return std::make_unique<FunctionHandler>(
            socket, [](Socket& to, std::string_view text) { to.send_text(text); }, [&] { closed.set_value(); }
        );
    };
    TestServer server(doorkeeper, options, 2);
    Client client(server.port());
    client.open();
    client.send_text("a");
    client.read_frame();
    server.stop(std::chrono::milliseconds(5)).wait();
    closed.get_future().wait();
    EXPECT_EQ(client.read_to_end(), "");
}

}  // namespace
}  // namespace limp::net
