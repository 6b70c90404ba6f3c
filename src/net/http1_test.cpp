#include "net/http1.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace limp::net {
namespace {

using State = Http1Parser::State;

const std::string get = "GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n";

std::string post(const std::string& headers, const std::string& body) {
    return "POST / HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n" + body;
}

// The status with which that is refused; 0: it is not.
int refusal_of(const std::string& bytes, std::size_t header_bytes = 1024, std::size_t body_bytes = 100) {
    Http1Parser parser(header_bytes, body_bytes);
    const auto outcome = parser.feed(bytes);
    return outcome.state == State::failed ? outcome.status : 0;
}

Http1Request read(const std::string& bytes) {
    Http1Parser parser(1024, 100);
    const auto outcome = parser.feed(bytes);
    EXPECT_EQ(outcome.state, State::complete) << outcome.why;
    EXPECT_EQ(outcome.used, bytes.size());
    return parser.take();
}

TEST(Http1, ReadsARequest) {
    const auto http = read("GET /a?b=c HTTP/1.1\r\nHost: x\r\nX-One:  1 \r\nx-one: 2\r\n\r\n");
    EXPECT_EQ(http.request.method, "GET");
    EXPECT_EQ(http.request.target, "/a?b=c");
    const std::vector<std::pair<std::string, std::string>> headers = {{"host", "x"}, {"x-one", "1"}, {"x-one", "2"}};
    EXPECT_EQ(http.request.headers, headers);
    EXPECT_TRUE(http.keep_alive);
    EXPECT_FALSE(http.is_1_0);
}

TEST(Http1, ReadsBodies) {
    EXPECT_EQ(read(post("Content-Length: 5\r\n", "hello")).request.body, "hello");
    EXPECT_EQ(read(post("Content-Length: 0\r\n", "")).request.body, "");
    EXPECT_EQ(
        read(post("Transfer-Encoding: Chunked\r\n", "3;x=y\r\nhel\r\n02\r\nlo\r\n0\r\n\r\n")).request.body, "hello"
    );
}

TEST(Http1, KeepsTrailersOutOfTheHeaders) {
    const auto http =
        read(post("Transfer-Encoding: chunked\r\n", "1\r\na\r\n0\r\nAuthorization: me\r\nHost: evil\r\n\r\n"));
    EXPECT_EQ(http.request.headers.size(), 2U);
    EXPECT_EQ(http.request.headers[0].second, "x");
}

TEST(Http1, TellsWhetherTheConnectionStays) {
    EXPECT_FALSE(read("GET / HTTP/1.1\r\nHost: x\r\nConnection: foo, Close\r\n\r\n").keep_alive);
    const auto old = read("GET / HTTP/1.0\r\n\r\n");
    EXPECT_TRUE(old.is_1_0);
    EXPECT_FALSE(old.keep_alive);
}

TEST(Http1, TakesPiecesOfAnySize) {
    const std::string two = post("Transfer-Encoding: chunked\r\n", "3;ext=1\r\nhel\r\n2\r\nlo\r\n0\r\nT: 1\r\n\r\n") +
                            post("Content-Length: 3\r\n", "abc") + get;
    for (std::size_t size = 1; size <= two.size(); ++size) {
        Http1Parser parser(1024, 100);
        std::vector<std::string> bodies;
        for (std::size_t at = 0; at < two.size(); at += size) {
            std::string_view piece = std::string_view(two).substr(at, size);
            while (!piece.empty()) {
                const auto outcome = parser.feed(piece);
                ASSERT_NE(outcome.state, State::failed) << outcome.why << " in pieces of " << size;
                if (outcome.state == State::complete) bodies.push_back(parser.take().request.body);
                piece.remove_prefix(outcome.used);
            }
        }
        EXPECT_EQ(bodies, (std::vector<std::string>{"hello", "abc", ""})) << "in pieces of " << size;
        EXPECT_TRUE(parser.is_idle());
    }
}

TEST(Http1, OverlooksEmptyLinesBeforeARequest) {
    EXPECT_EQ(read("\r\n\r\n" + get).request.target, "/a?b=c");
}

TEST(Http1, LeavesWhatFollowsTheRequest) {
    Http1Parser parser(1024, 100);
    EXPECT_EQ(parser.feed(get + "\x81\x85").used, get.size());
}

TEST(Http1, SaysWhenTheClientWaitsForContinue) {
    Http1Parser parser(1024, 100);
    EXPECT_EQ(parser.feed(post("Content-Length: 2\r\nExpect: 100-Continue\r\n", "")).state, State::expects_continue);
    EXPECT_EQ(parser.feed("ok").state, State::complete);
    EXPECT_EQ(parser.take().request.body, "ok");
    EXPECT_EQ(refusal_of(post("Content-Length: 2\r\nExpect: cookies\r\n", "")), 417);
}

TEST(Http1, RefusesWhatIsMalformed) {
    const std::vector<std::string> malformed = {
        "GET / HTTP/1.1\nHost: x\n\n",                           // bare LF
        "GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n",               // bare LF further down
        "GET / HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n",          // bare CR
        "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n",       // a folded line
        "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n\tc\r\n\r\n",      // a folded line
        " GET / HTTP/1.1\r\nHost: x\r\n\r\n",                    // a space in front
        "GET / HTTP/1.1\r\nHost : x\r\n\r\n",                    // a space before the colon
        "GET / HTTP/1.1\r\nHost: x\r\nA\r\n\r\n",                // no colon
        "GET / HTTP/1.1\r\nHost: x\r\n: b\r\n\r\n",              // no name
        "GET / HTTP/1.1\r\nHost: x\r\nA: \x01\r\n\r\n",          // a control character
        std::string("GET / HTTP/1.1\r\nHost: \0x\r\n\r\n", 28),  // NUL
        "GET / HTTP/1.1\r\n\r\n",                                // no Host
        "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",          // two
        "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n",                  // a space in the target
        "GET  HTTP/1.1\r\nHost: x\r\n\r\n",                      // no target
        "GET /\r\nHost: x\r\n\r\n",                              // HTTP/0.9
        "GET / HTTP/x.1\r\nHost: x\r\n\r\n\r\n" + std::string(9, 'x'),
        "\x16\x03\x01\x02\n\r\n",  // TLS
    };
    for (const std::string& bytes : malformed) {
        const int status = refusal_of(bytes);
        EXPECT_TRUE(status == 400 || (status == 505 && bytes.find("HTTP/x") != bytes.npos))
            << status << " for " << bytes;
    }
}

TEST(Http1, RefusesABodyWhoseLengthIsInDoubt) {
    EXPECT_EQ(refusal_of(post("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", "")), 400);
    EXPECT_EQ(refusal_of(post("Transfer-Encoding: chunked\r\nContent-Length: 1\r\n", "")), 400);
    EXPECT_EQ(refusal_of(post("Content-Length: 1\r\nContent-Length: 1\r\n", "a")), 400);
    EXPECT_EQ(refusal_of(post("Content-Length: 1\r\nContent-Length: 2\r\n", "a")), 400);
    EXPECT_EQ(refusal_of(post("Content-Length: 1, 1\r\n", "a")), 400);
    EXPECT_EQ(refusal_of(post("Content-Length: -1\r\n", "")), 400);
    EXPECT_EQ(refusal_of(post("Content-Length: +1\r\n", "a")), 400);
    EXPECT_EQ(refusal_of(post("Content-Length: 0x1\r\n", "a")), 400);
    EXPECT_EQ(refusal_of(post("Content-Length: 99999999999999999999\r\n", "")), 400);
    EXPECT_EQ(refusal_of(post("Content-Length:\r\n", "")), 400);
    EXPECT_EQ(refusal_of(post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "")), 400);
    EXPECT_EQ(refusal_of("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
}

TEST(Http1, RefusesTransferCodingsItDoesNotKnow) {
    EXPECT_EQ(refusal_of(post("Transfer-Encoding: gzip\r\n", "")), 501);
    EXPECT_EQ(refusal_of(post("Transfer-Encoding: gzip, chunked\r\n", "")), 501);
    EXPECT_EQ(refusal_of(post("Transfer-Encoding: identity\r\n", "")), 501);
}

TEST(Http1, RefusesMalformedChunks) {
    for (const std::string chunk :
         {"g\r\n", "-1\r\n", " 1\r\na", "1\r\nab\r\n0\r\n\r\n", "1\na\r\n0\r\n\r\n", "1\r\na\n0\r\n\r\n", "\r\n",
          "1 \r\na", "ffffffffffffffffff\r\n"}) {
        EXPECT_EQ(refusal_of(post("Transfer-Encoding: chunked\r\n", chunk)), 400) << chunk;
    }
}

TEST(Http1, RefusesOtherVersions) {
    EXPECT_EQ(refusal_of("GET / HTTP/2.0\r\nHost: x\r\n\r\n"), 505);
    EXPECT_EQ(refusal_of("PRI * HTTP/2.0\r\nHost: x\r\n\r\n"), 505);
    EXPECT_EQ(refusal_of("GET / HTTP/1.2\r\nHost: x\r\n\r\n"), 505);
}

TEST(Http1, KnowsTheBeginningOfHttp2) {
    Http1Parser parser(1000, 1000);
    EXPECT_EQ(parser.feed("PRI * HTT").state, Http1Parser::State::need_more);
    const auto outcome = parser.feed("P/2.0\r\n\r\nSM\r\n\r\n");
    EXPECT_EQ(outcome.state, Http1Parser::State::is_http2);
    EXPECT_EQ(outcome.used, std::string_view("P/2.0\r\n\r\n").size());
}

TEST(Http1, GoesOnAsHttp2OnlyAtTheBeginning) {
    Http1Parser parser(1000, 1000);
    ASSERT_EQ(parser.feed(get).state, Http1Parser::State::complete);
    parser.take();
    EXPECT_EQ(parser.feed(http2_preface_half).status, 505);
}

TEST(Http1, BoundsTheHead) {
    EXPECT_EQ(refusal_of("GET /" + std::string(2000, 'a')), 431);
    EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(2000, 'a') + "\r\n\r\n"), 431);
    std::string many = "GET / HTTP/1.1\r\nHost: x\r\n";
    for (int i = 0; i < 1000; ++i) many += "a:b\r\n";
    EXPECT_EQ(refusal_of(many), 431);
    EXPECT_EQ(refusal_of(get, get.size() - 1), 431);
    EXPECT_EQ(refusal_of(get, get.size()), 0);
}

TEST(Http1, BoundsTheBody) {
    EXPECT_EQ(refusal_of(post("Content-Length: 100\r\n", std::string(100, 'a'))), 0);
    EXPECT_EQ(refusal_of(post("Content-Length: 101\r\n", "")), 413);
    EXPECT_EQ(refusal_of(post("Transfer-Encoding: chunked\r\n", "65\r\n")), 413);
    std::string chunks;
    for (int i = 0; i < 101; ++i) chunks += "1\r\na\r\n";
    EXPECT_EQ(refusal_of(post("Transfer-Encoding: chunked\r\n", chunks)), 413);
}

TEST(Http1, BoundsTheHeadersOfChunksAndTheTrailers) {
    const std::string chunked = "Transfer-Encoding: chunked\r\n";
    EXPECT_EQ(refusal_of(post(chunked, "1;" + std::string(2000, 'a'))), 400);
    EXPECT_GE(refusal_of(post(chunked, "0\r\nA: " + std::string(2000, 'a'))), 400);
}

}  // namespace
}  // namespace limp::net
