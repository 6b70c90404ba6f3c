#include "net/http2_session.hpp"

#include <gtest/gtest.h>
#include <nghttp2/nghttp2.h>

#include <map>
#include <string>
#include <vector>

#include "net/http2_frames.hpp"

namespace limp::net::http2 {
namespace {

using test::frame;
using test::FrameSeen;
using test::headers;
using test::Type;

// The headers of a block that a server sent first of all.
Headers fields_in(std::string_view block) {
    nghttp2_hd_inflater* inflater = nullptr;
    nghttp2_hd_inflate_new(&inflater);
    Headers fields;
    while (!block.empty()) {
        nghttp2_nv field{};
        int flags = 0;
        const auto used = nghttp2_hd_inflate_hd2(
            inflater, &field, &flags, reinterpret_cast<const std::uint8_t*>(block.data()), block.size(), 1
        );
        if (used < 0) break;
        block.remove_prefix(static_cast<std::size_t>(used));
        if ((flags & NGHTTP2_HD_INFLATE_EMIT) == 0) continue;
        fields.emplace_back(
            std::string(reinterpret_cast<char*>(field.name), field.namelen),
            std::string(reinterpret_cast<char*>(field.value), field.valuelen)
        );
    }
    nghttp2_hd_inflate_del(inflater);
    return fields;
}

struct Heard final : Listener {
    std::vector<std::string> events;
    std::map<StreamId, Request> requests;
    std::map<StreamId, std::string> bodies;  // to send

    void on_request(StreamId stream, Request request) override {
        events.push_back("request " + std::to_string(stream) + " " + request.http.method + " " + request.http.target);
        requests.emplace(stream, std::move(request));
    }
    void on_data(StreamId stream, std::string_view bytes) override {
        events.push_back("data " + std::to_string(stream) + " " + std::string(bytes));
    }
    void on_end(StreamId stream) override { events.push_back("end " + std::to_string(stream)); }
    void on_closed(StreamId stream) override { events.push_back("closed " + std::to_string(stream)); }
    std::size_t read_body(StreamId stream, std::span<char> into, bool& is_last) override {
        std::string& body = bodies[stream];
        const std::size_t count = body.copy(into.data(), into.size());
        body.erase(0, count);
        is_last = body.empty();
        return count;
    }
};

class Http2Session : public testing::Test {
protected:
    void SetUp() override {
        session.feed(std::string(test::preface) + frame(Type::settings, 0, 0, ""));
        seen();
        session.feed(frame(Type::settings, test::ack, 0, ""));
    }

    std::vector<FrameSeen> seen() {
        std::string out;
        session.send(out, 1'000'000);
        return test::frames_in(out);
    }

    // The frame of that type among those that are sent now; the test fails when there is none.
    FrameSeen sent(Type type) {
        for (const FrameSeen& one : seen())
            if (one.type == type) return one;
        ADD_FAILURE() << "no such frame was sent";
        return {};
    }

    Heard heard;
    Session session{heard, {.header_bytes = 1000, .streams_max = 3, .control_frames_per_second = 10}};
};

const std::string get = headers({{":method", "GET"}, {":scheme", "http"}, {":path", "/a"}, {":authority", "x"}});

std::string request(StreamId stream, int flags, const std::string& block = get) {
    return frame(Type::headers, flags | test::end_headers, stream, block);
}

TEST_F(Http2Session, HearsARequest) {
    session.feed(request(1, test::end_stream));
    EXPECT_EQ(heard.events, std::vector<std::string>{"request 1 GET /a"});
    EXPECT_TRUE(heard.requests[1].is_complete);
    EXPECT_EQ(heard.requests[1].http.headers, (Headers{{"host", "x"}}));
}

TEST_F(Http2Session, HearsAByteAtATime) {
    for (const char byte : request(1, 0) + frame(Type::data, test::end_stream, 1, "ab"))
        session.feed(std::string_view(&byte, 1));
    EXPECT_EQ(heard.events.front(), "request 1 GET /a");
    EXPECT_EQ(heard.events.back(), "end 1");
    EXPECT_FALSE(heard.requests[1].is_complete);
}

TEST_F(Http2Session, AnswersWithoutHeadersOfTheConnection) {
    session.feed(request(1, test::end_stream));
    heard.bodies[1] = "hello";
    session.answer(1, 200, {{"X-Name", "a\r\nb"}, {"Connection", "close"}, {"Upgrade", "x"}}, true);
    std::string out;
    session.send(out, 1'000'000);
    const auto frames = test::frames_in(out);
    ASSERT_EQ(frames.size(), 2U);
    const auto fields = fields_in(frames[0].payload);
    EXPECT_EQ(fields, (Headers{{":status", "200"}, {"x-name", "a  b"}}));
    EXPECT_EQ(frames[1].payload, "hello");
    EXPECT_EQ(frames[1].flags & test::end_stream, test::end_stream);
    EXPECT_EQ(heard.events.back(), "closed 1");
}

TEST_F(Http2Session, SendsNoMoreThanTheWindow) {
    session.feed(frame(Type::settings, 0, 0, test::setting(4, 3)) + request(1, test::end_stream));
    heard.bodies[1] = "hello";
    session.answer(1, 200, {}, true);
    EXPECT_EQ(sent(Type::data).payload, "hel");
    EXPECT_TRUE(seen().empty());
    session.feed(frame(Type::window_update, 0, 1, test::number(100)));
    EXPECT_EQ(sent(Type::data).payload, "lo");
}

TEST_F(Http2Session, GivesTheWindowBackWhenConsumed) {
    session.feed(request(1, 0));
    const std::string data(16'384, 'x');
    for (int i = 0; i < 12; ++i) session.feed(frame(Type::data, 0, 1, data));
    EXPECT_TRUE(seen().empty());
    session.consume(1, 12 * data.size());
    EXPECT_EQ(test::number_in(sent(Type::window_update).payload), 12 * data.size());
}

TEST_F(Http2Session, ExtendedConnect) {
    session.feed(request(
        1, 0,
        headers(
            {{":method", "CONNECT"},
             {":protocol", "websocket"},
             {":scheme", "http"},
             {":path", "/ws"},
             {":authority", "x"}}
        )
    ));
    EXPECT_EQ(heard.requests[1].protocol, "websocket");
    EXPECT_EQ(heard.requests[1].http.target, "/ws");
}

TEST_F(Http2Session, ResetsAMalformedRequestAlone) {
    session.feed(request(1, test::end_stream, headers({{":method", "GET"}, {":scheme", "http"}, {":authority", "x"}})));
    const FrameSeen reset = sent(Type::rst_stream);
    EXPECT_EQ(reset.stream, 1);
    EXPECT_EQ(test::number_in(reset.payload), 1U);
    session.feed(request(3, test::end_stream));
    EXPECT_EQ(heard.events.back(), "request 3 GET /a");
    EXPECT_FALSE(session.is_over());
}

TEST_F(Http2Session, MarksHeadersThatAreTooLarge) {
    auto block = get;
    for (int i = 0; i < 40; ++i) block += headers({{"a" + std::to_string(i), "value"}});
    session.feed(request(1, test::end_stream, block));
    EXPECT_TRUE(heard.requests[1].headers_too_large);
}

TEST_F(Http2Session, EndsAtMoreStreamsThanItTakes) {
    for (const StreamId stream : {1, 3, 5, 7}) session.feed(request(stream, test::end_stream));
    EXPECT_EQ(heard.requests.size(), 3U);
    EXPECT_EQ(test::goaway_code(sent(Type::goaway)), 1U);
}

TEST_F(Http2Session, EndsAFloodOfControlFrames) {
    for (int i = 0; i < 12 && !session.is_over(); ++i) {
        session.feed(frame(Type::ping, 0, 0, "12345678"));
        seen();
    }
    EXPECT_TRUE(session.is_over());
}

TEST_F(Http2Session, SaysWhyItEnds) {
    for (int i = 0; i < 10; ++i) session.feed(frame(Type::settings, 0, 0, ""));
    EXPECT_EQ(test::goaway_code(sent(Type::goaway)), 11U);
}

TEST_F(Http2Session, EndsAtAFrameThatIsTooLong) {
    session.feed(frame(Type::data, 0, 1, std::string(16'385, 'x')));
    EXPECT_EQ(test::goaway_code(sent(Type::goaway)), 6U);
    EXPECT_TRUE(session.is_over());
}

TEST_F(Http2Session, EndsContinuationsWithoutEnd) {
    session.feed(frame(Type::headers, 0, 1, get));
    for (int i = 0; i < 20; ++i) session.feed(frame(Type::continuation, 0, 1, headers({{"a", "b"}})));
    EXPECT_EQ(test::goaway_code(sent(Type::goaway)), 11U);
    EXPECT_TRUE(heard.events.empty());
}

TEST_F(Http2Session, GoesAwayWhenTheStreamsHaveEnded) {
    session.feed(request(1, test::end_stream));
    session.shut_down();
    const FrameSeen goaway = sent(Type::goaway);
    EXPECT_EQ(test::goaway_code(goaway), 0U);
    EXPECT_FALSE(session.is_over());
    session.feed(request(3, test::end_stream));
    EXPECT_EQ(heard.requests.size(), 1U);
    session.answer(1, 204, {}, false);
    seen();
    EXPECT_TRUE(session.is_over());
}

TEST(Http2Preface, MustBeRight) {
    Heard heard;
    Session session(heard, {});
    session.feed("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n");
    std::string out;
    session.send(out, 1'000'000);
    EXPECT_TRUE(session.is_over());
    EXPECT_EQ(test::goaway_code(test::frames_in(out).back()), 1U);
}

}  // namespace
}  // namespace limp::net::http2
