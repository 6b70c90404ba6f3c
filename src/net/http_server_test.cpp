#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <system_error>

#include "base/log.hpp"
#include "net/loopback.hpp"

namespace limp::net {
namespace {

std::string get(const std::string& target, const std::string& headers = {}) {
    return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n";
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != text.npos;
}

TEST(HttpServer, Answers) {
    TestDoorkeeper doorkeeper;
    TestServer server(doorkeeper);
    Client client(server.port());
    client.send(get("/a"));
    const std::string answer = client.read_answer();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
    EXPECT_TRUE(answer.ends_with("\r\n\r\nGET /a ")) << answer;
    for (const std::string header : {"Server: limpd\r\n", "Content-Length: 7\r\n", "Date: ", " GMT\r\n"}) {
        EXPECT_TRUE(has(answer, header)) << header << answer;
    }
    EXPECT_FALSE(has(answer, "Connection: close"));
}

TEST(HttpServer, AnswersPipelinedRequestsInOrder) {
    TestDoorkeeper doorkeeper;
    TestServer server(doorkeeper);
    Client client(server.port());
    std::string requests;
    for (int i = 0; i < 500; ++i) requests += get("/" + std::to_string(i));
    client.send(requests);
    for (int i = 0; i < 500; ++i) {
        ASSERT_TRUE(client.read_answer().ends_with("\r\n\r\nGET /" + std::to_string(i) + " "));
    }
}

TEST(HttpServer, TakesRequestsByteByByte) {
    TestDoorkeeper doorkeeper;
    TestServer server(doorkeeper);
    Client client(server.port());
    for (const char byte : "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody" + get("/next")) {
        client.send(std::string(1, byte));
    }
    EXPECT_TRUE(client.read_answer().ends_with("POST / body"));
    EXPECT_TRUE(client.read_answer().ends_with("GET /next "));
}

TEST(HttpServer, SendsNoBodyToHead) {
    TestDoorkeeper doorkeeper;
    TestServer server(doorkeeper);
    Client client(server.port());
    client.send("HEAD /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const std::string answer = client.read_to_end();
    EXPECT_TRUE(has(answer, "Content-Length: 8\r\n")) << answer;
    EXPECT_TRUE(has(answer, "Connection: close\r\n")) << answer;
    EXPECT_TRUE(answer.ends_with("\r\n\r\n")) << answer;
}

TEST(HttpServer, ClosesAfterAnErrorAndSaysWhy) {
    TestDoorkeeper doorkeeper;
    TestServer server(doorkeeper);
    Client client(server.port());
    client.send(get("/first") + "GET / HTTP/1.1\r\n\r\n" + get("/never"));
    const std::string answers = client.read_to_end();
    EXPECT_TRUE(has(answers, "GET /first ")) << answers;
    EXPECT_TRUE(has(answers, "HTTP/1.1 400 Bad Request\r\n")) << answers;
    EXPECT_TRUE(has(answers, "A request has one Host header.")) << answers;
    EXPECT_FALSE(has(answers, "GET /never")) << answers;
}

TEST(HttpServer, LetsTheClientContinue) {
    TestDoorkeeper doorkeeper;
    TestServer server(doorkeeper);
    Client client(server.port());
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.read_through("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("ok");
    EXPECT_TRUE(client.read_answer().ends_with("POST / ok"));
}

TEST(HttpServer, RefusesLargeBodiesAndStillDeliversTheAnswer) {
    TestDoorkeeper doorkeeper;
    Options options = loopback_options();
    options.body_bytes = 1000;
    TestServer server(doorkeeper, options);
    Client client(server.port());
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n" + std::string(1000000, 'x'));
    EXPECT_TRUE(client.read_answer().starts_with("HTTP/1.1 413 Content Too Large\r\n"));
}

TEST(HttpServer, AnswersAClientThatHasEndedItsSide) {
    TestDoorkeeper doorkeeper;
    TestServer server(doorkeeper);
    Client client(server.port());
    client.send(get("/a"));
    client.end_output();
    EXPECT_TRUE(client.read_to_end().ends_with("GET /a "));
}

TEST(HttpServer, AnswersAFaultWith500) {
    TestDoorkeeper doorkeeper;
    doorkeeper.reply = [](const HttpRequest&, const Peer&) -> HttpResponse { throw std::runtime_error("secret"); };
    TestServer server(doorkeeper);
    Client client(server.port());
    client.send(get("/a"));
    const std::string answer = client.read_answer();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 500 ")) << answer;
    EXPECT_FALSE(has(answer, "secret")) << answer;
}

TEST(HttpServer, AnswersInOrderThoughTheFirstAnswerHasToWait) {
    TestDoorkeeper doorkeeper;
    doorkeeper.gate_target = "/slow";
    TestServer server(doorkeeper);
    Client client(server.port());
    client.send(get("/slow") + get("/quick") + get("/slow"));
    doorkeeper.gate.await(1);
    Client other(server.port());
    other.send(get("/other"));
    EXPECT_TRUE(other.read_answer().ends_with("GET /other "));
    doorkeeper.gate.open();
    EXPECT_TRUE(client.read_answer().ends_with("GET /slow "));
    EXPECT_TRUE(client.read_answer().ends_with("GET /quick "));
    doorkeeper.gate.open();
    EXPECT_TRUE(client.read_answer().ends_with("GET /slow "));
    client.send(get("/next"));
    EXPECT_TRUE(client.read_answer().ends_with("GET /next "));
}

TEST(HttpServer, DoesNotTakeTheTimeOfAnAnswerForASlowRequest) {
    TestDoorkeeper doorkeeper;
    doorkeeper.gate_target = "/slow";
    Options options = loopback_options();
    options.handshake_timeout = std::chrono::milliseconds(20);
    TestServer server(doorkeeper, options);
    Client client(server.port());
    client.send(get("/slow"));
    doorkeeper.gate.await(1);
    Client idle(server.port());
    EXPECT_TRUE(has(idle.read_to_end(), "408"));  // so the time has passed for the other, too
    doorkeeper.gate.open();
    EXPECT_TRUE(client.read_answer().ends_with("GET /slow "));
}

TEST(HttpServer, AnswersLateAndLargeAndThenCloses) {
    TestDoorkeeper doorkeeper;
    doorkeeper.gate_target = "/slow";
    doorkeeper.reply = [](const HttpRequest&, const Peer&) {
        HttpResponse response;
        response.body.assign(4 * 1024 * 1024, 'x');
        return response;
    };
    TestServer server(doorkeeper);
    Client client(server.port());
    client.send(get("/slow", "Connection: close\r\n"));
    doorkeeper.gate.open();
    const std::string answer = client.read_to_end();
    EXPECT_TRUE(has(answer, "Connection: close\r\n"));
    EXPECT_EQ(answer.size() - answer.find("\r\n\r\n") - 4, 4U * 1024 * 1024);
}

TEST(HttpServer, AnswersAClientThatEndedItsSideBeforeTheAnswerWasReady) {
    TestDoorkeeper doorkeeper;
    doorkeeper.gate_target = "/slow";
    TestServer server(doorkeeper);
    Client client(server.port());
    client.send(get("/slow"));
    client.end_output();
    doorkeeper.gate.open();
    EXPECT_TRUE(client.read_to_end().ends_with("GET /slow "));
}

TEST(HttpServer, AnAnswerMayOutliveItsConnection) {
    TestDoorkeeper doorkeeper;
    doorkeeper.gate_target = "/slow";
    TestServer server(doorkeeper);
    Client client(server.port());
    client.send(get("/slow"));
    doorkeeper.gate.await(1);
    client.reset();
    Client other(server.port());
    other.send(get("/other"));
    EXPECT_TRUE(other.read_answer().ends_with("GET /other "));
    doorkeeper.gate.open();
    other.send(get("/next"));
    EXPECT_TRUE(other.read_answer().ends_with("GET /next "));
}

TEST(HttpServer, StoppingWaitsForAnAnswerThatIsUnderWay) {
    TestDoorkeeper doorkeeper;
    doorkeeper.gate_target = "/slow";
    TestServer server(doorkeeper);
    Client client(server.port());
    client.send(get("/slow") + get("/never"));
    doorkeeper.gate.await(1);
    const auto stopped = server.stop(std::chrono::seconds(10));
    doorkeeper.gate.open();
    const std::string answers = client.read_to_end();
    EXPECT_TRUE(has(answers, "Connection: close\r\n")) << answers;
    EXPECT_TRUE(answers.ends_with("GET /slow ")) << answers;
    stopped.wait();
}

TEST(HttpServer, StoppingEndsWithoutAnAnswerThatNeverComes) {
    TestDoorkeeper doorkeeper;
    doorkeeper.gate_target = "/slow";
    TestServer server(doorkeeper);
    Client client(server.port());
    client.send(get("/slow"));
    doorkeeper.gate.await(1);
    server.stop(std::chrono::milliseconds(20)).wait();
    EXPECT_EQ(client.read_to_end(), "");
}

TEST(HttpServer, KeepsHeaderValuesOnTheirLine) {
    TestDoorkeeper doorkeeper;
    doorkeeper.reply = [](const HttpRequest& request, const Peer& peer) {
        HttpResponse response;
        response.headers = {{"Location", "/\r\nSet-Cookie: evil"}, {"X-Peer", peer.address + " " + peer.user_agent}};
        response.body = request.target;
        return response;
    };
    TestServer server(doorkeeper);
    Client client(server.port());
    client.send(get("/a", "User-Agent: test/1\r\n"));
    const std::string answer = client.read_answer();
    EXPECT_FALSE(has(answer, "\r\nSet-Cookie")) << answer;
    EXPECT_TRUE(has(answer, "X-Peer: 127.0.0.1 test/1\r\n")) << answer;
}

TEST(HttpServer, TakesAUserAgentThatIsNoTextForNone) {
    TestDoorkeeper doorkeeper;
    doorkeeper.reply = [](const HttpRequest&, const Peer& peer) {
        HttpResponse response;
        response.body = "<" + peer.user_agent + ">";
        return response;
    };
    TestServer server(doorkeeper);
    Client client(server.port());
    client.send(get("/a", "User-Agent: Br\xFCssel/1\r\n"));
    const std::string answer = client.read_answer();
    EXPECT_TRUE(has(answer, "<>")) << answer;
}

TEST(HttpServer, StopsReadingFromAClientThatReadsNoAnswers) {
    TestDoorkeeper doorkeeper;
    std::atomic<int> answered = 0;
    doorkeeper.reply = [&](const HttpRequest&, const Peer&) {
        ++answered;
        HttpResponse response;
        response.body.assign(400 * 1024, 'x');
        return response;
    };
    TestServer server(doorkeeper);
    Client client(server.port());
    std::string requests;
    for (int i = 0; i < 100; ++i) requests += get("/");
    client.send(requests);
    client.read_answer();
    EXPECT_LT(answered, 50);  // what the kernel's buffers hold, and one
    for (int i = 1; i < 100; ++i) ASSERT_EQ(client.read_answer().back(), 'x');
    EXPECT_EQ(answered, 100);
}

// A server that answers every request for /file with it.
class FileServer : public testing::Test {
protected:
    explicit FileServer(std::size_t size = 3 * 1024 * 1024) : file(std::make_shared<Letters>(size)) {
        doorkeeper.reply = [this, others = doorkeeper.reply](const HttpRequest& request, const Peer& peer) {
            HttpResponse response = others(request, peer);
            if (request.target == "/file") response.file = Bytes(file);
            return response;
        };
    }

    std::shared_ptr<Letters> file;
    TestDoorkeeper doorkeeper;
    TestServer server{doorkeeper};
};

struct LargeFileServer : FileServer {
    LargeFileServer() : FileServer(256 * 1024 * 1024) {}
};

TEST_F(FileServer, SendsAllOfItAndAnswersWhatComesBehind) {
    Client client(server.port());
    client.send(get("/file") + get("/next") + get("/file", "Connection: close\r\n"));
    const std::string text = Letters::text(file->size());
    std::string answer = client.read_answer();
    EXPECT_TRUE(has(answer, "Content-Length: 3145728\r\n"));
    EXPECT_TRUE(answer.ends_with("\r\n\r\n" + text));
    EXPECT_TRUE(client.read_answer().ends_with("GET /next "));
    EXPECT_TRUE(client.read_to_end().ends_with("\r\n\r\n" + text));
}

TEST_F(FileServer, ReadsNothingOfItForHead) {
    Client client(server.port());
    client.send("HEAD /file HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const std::string answer = client.read_to_end();
    EXPECT_TRUE(has(answer, "Content-Length: 3145728\r\n")) << answer;
    EXPECT_TRUE(answer.ends_with("\r\n\r\n")) << answer;
    EXPECT_EQ(file->read_to, 0U);
}

TEST_F(FileServer, SendsAnEmptyOne) {
    file = std::make_shared<Letters>(0);
    Client client(server.port());
    client.send(get("/file") + get("/next"));
    EXPECT_TRUE(has(client.read_answer(), "Content-Length: 0\r\n"));
    EXPECT_TRUE(client.read_answer().ends_with("GET /next "));
}

TEST_F(FileServer, ClosesBeforeTheEndWhenItBreaks) {
    file->broken_at = 1024 * 1024;
    Client client(server.port());
    client.send(get("/file") + get("/never"));
    const std::string answer = client.read_to_end();
    EXPECT_TRUE(has(answer, "Content-Length: 3145728\r\n"));
    EXPECT_LE(answer.size(), file->broken_at + 1000);
    EXPECT_FALSE(has(answer, "/never"));
}

TEST_F(LargeFileServer, ReadsNoMoreOfItThanTheClientTakes) {
    Client client(server.port(), "127.0.0.1", 4096);
    client.send(get("/file"));
    client.read_through("\r\n\r\n");
    Client other(server.port());
    for (int i = 0; i < 100; ++i) {
        other.send(get("/other"));
        EXPECT_TRUE(other.read_answer().ends_with("GET /other "));
    }
    EXPECT_LT(file->read_to, file->size() / 2) << "the kernel's buffers hold a few MiB";
    client.reset();
}

TEST_F(FileServer, StoppingWaitsForTheRestOfIt) {
    Client client(server.port(), "127.0.0.1", 4096);
    client.send(get("/file") + get("/never"));
    const std::string head = client.read_through("\r\n\r\n");
    const auto stopped = server.stop(std::chrono::seconds(10));
    EXPECT_TRUE(client.read_to_end() == Letters::text(file->size()));
    stopped.wait();
}

TEST(HttpServer, ClosesOnASlowRequest) {
    TestDoorkeeper doorkeeper;
    Options options = loopback_options();
    options.handshake_timeout = std::chrono::milliseconds(20);
    TestServer server(doorkeeper, options);
    Client client(server.port());
    client.send("GET / HTTP/1.1\r\nHost: ");
    EXPECT_TRUE(client.read_to_end().starts_with("HTTP/1.1 408 Request Timeout\r\n"));
    Client idle(server.port());
    idle.send(get("/"));
    EXPECT_FALSE(has(idle.read_to_end(), "408"));
}

TEST(HttpServer, ASlowRequestIsNotHelpedByBytes) {
    TestDoorkeeper doorkeeper;
    Options options = loopback_options();
    options.handshake_timeout = std::chrono::milliseconds(50);
    options.close_timeout = std::chrono::milliseconds(50);
    options.header_bytes = 1024 * 1024 * 1024;
    TestServer server(doorkeeper, options);
    Client client(server.port());
    client.send("GET / HTTP/1.1\r\nHost: x\r\n");
    while (client.send("A: b\r\n")) {
    }
    SUCCEED();  // send() fails at last: the server has closed
}

TEST(HttpServer, BoundsConnectionsOfAnAddress) {
    TestDoorkeeper doorkeeper;
    Options options = loopback_options();
    options.connections_per_address_max = 2;
    TestServer server(doorkeeper, options, 2);
    Client first(server.port());
    Client second(server.port());
    for (Client* client : {&first, &second}) {
        client->send(get("/"));
        client->read_answer();
    }
    EXPECT_EQ(Client(server.port()).read_to_end(), "");

    first.send(get("/", "Connection: close\r\n"));
    first.read_to_end();
    std::string answer;
    while (answer.empty()) {  // until the server, too, has seen the first one go
        Client third(server.port());
        third.send(get("/", "Connection: close\r\n"));
        answer = third.read_to_end();
    }
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200"));
}

TEST(HttpServer, BoundsConnections) {
    TestDoorkeeper doorkeeper;
    Options options = loopback_options();
    options.connections_max = 1;
    TestServer server(doorkeeper, options);
    Client first(server.port());
    first.send(get("/"));
    first.read_answer();
    EXPECT_EQ(Client(server.port()).read_to_end(), "");
    first.send(get("/"));
    EXPECT_TRUE(first.read_answer().starts_with("HTTP/1.1 200"));
}

TEST(HttpServer, NamesAnIPv4PeerTheSameOnAnIPv6Socket) {
    TestDoorkeeper doorkeeper;
    doorkeeper.reply = [](const HttpRequest&, const Peer& peer) {
        HttpResponse response;
        response.body = peer.address;
        return response;
    };
    Options options = loopback_options();
    options.address = "::";
    std::optional<TestServer> server;
    try {
        server.emplace(doorkeeper, options);
    } catch (const std::system_error& error) {
        GTEST_SKIP() << "no IPv6 here: " << error.what();
    }
    Client client(server->port());
    client.send(get("/"));
    EXPECT_TRUE(client.read_answer().ends_with("\r\n\r\n127.0.0.1"));
}

TEST(HttpServer, FailsOnAPortInUse) {
    TestDoorkeeper doorkeeper;
    for (const std::size_t loops_of_first : {1U, 2U}) {
        TestServer first(doorkeeper, loopback_options(), loops_of_first);
        Options options = loopback_options();
        options.port = first.port();
        for (const std::size_t loops_of_second : {1U, 2U}) {
            try {
                TestServer second(doorkeeper, options, loops_of_second);
                ADD_FAILURE() << "two servers on one port";
            } catch (const std::system_error& error) {
                EXPECT_EQ(error.code(), std::errc::address_in_use);
                EXPECT_TRUE(has(error.what(), "127.0.0.1 port " + std::to_string(options.port))) << error.what();
            }
        }
    }
}

TEST(HttpServer, FailsOnWhatIsNoAddress) {
    TestDoorkeeper doorkeeper;
    Options options = loopback_options();
    options.address = "localhost";
    EXPECT_THROW(TestServer(doorkeeper, options), std::system_error);
}

// While it lives, this process can open so many more descriptors.
class DescriptorsLeft {
public:
    explicit DescriptorsLeft(rlim_t count) {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        rlimit now = before_;
        now.rlim_cur = static_cast<rlim_t>(Descriptor(::dup(0)).number()) + count;
        ::setrlimit(RLIMIT_NOFILE, &now);
    }
    ~DescriptorsLeft() { ::setrlimit(RLIMIT_NOFILE, &before_); }

private:
    rlimit before_{};
};

TEST(HttpServer, AcceptsAgainWhenDescriptorsHadRunOut) {
#if defined(__has_feature)
#if __has_feature(undefined_behavior_sanitizer)
    GTEST_SKIP() << "the sanitizer needs descriptors of its own to look at a vptr";
#endif
#endif
    TestDoorkeeper doorkeeper;
    TestServer server(doorkeeper);
    std::string lines;  // written and read on the loop's thread
    base::set_log_capture(&lines);
    auto left = std::make_unique<DescriptorsLeft>(1);
    Client client(server.port());
    for (bool is_out = false; !is_out;) {
        const auto seen = std::make_shared<std::promise<bool>>();
        server.loop().post([&lines, seen] { seen->set_value(has(lines, "cannot accept connections")); });
        is_out = seen->get_future().get();
    }
    left.reset();
    client.send(get("/a"));
    EXPECT_TRUE(client.read_answer().ends_with("GET /a "));
    base::set_log_capture(nullptr);
}

TEST(HttpServer, ServesOnEachLoop) {
    TestDoorkeeper doorkeeper;
    std::mutex mutex;
    std::set<base::Loop*> seen;
    doorkeeper.reply = [&](const HttpRequest&, const Peer&) {
        const std::lock_guard lock(mutex);
        seen.insert(&base::Loop::current());
        return HttpResponse();
    };
    TestServer server(doorkeeper, loopback_options(), 2);
    for (int i = 0; i < 1000; ++i) {  // the kernel deals connections out by a hash
        Client client(server.port());
        client.send(get("/"));
        client.read_answer();
        const std::lock_guard lock(mutex);
        if (seen.size() == 2) break;
    }
    EXPECT_EQ(seen.size(), 2U);
}

TEST(HttpServer, StopsAcceptingAndClosesIdleConnections) {
    TestDoorkeeper doorkeeper;
    TestServer server(doorkeeper, loopback_options(), 2);
    Client client(server.port());
    client.send(get("/"));
    client.read_answer();
    server.stop(std::chrono::minutes(1)).wait();
    EXPECT_EQ(client.read_to_end(), "");
    EXPECT_THROW(Client(server.port()), std::system_error);
}

TEST(HttpServer, StopsAtTheEndOfTheGraceWithARequestHalfRead) {
    TestDoorkeeper doorkeeper;
    TestServer server(doorkeeper);
    Client client(server.port());
    client.send(get("/") + "GET / HT");
    client.read_answer();
    server.stop(std::chrono::milliseconds(1)).wait();
    EXPECT_EQ(client.read_to_end(), "");
}

}  // namespace
}  // namespace limp::net
