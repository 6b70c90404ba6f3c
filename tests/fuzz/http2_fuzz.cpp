// Any bytes as what a client of HTTP/2 says. The first byte chooses the pieces in which they come, which must make no
// difference, and whether a right beginning stands before them.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>

#include "fuzz/must.hpp"
#include "net/http2_frames.hpp"
#include "net/http2_session.hpp"

namespace limp::net::http2 {
namespace {

using fuzz::must;

constexpr Limits limits{
    .header_bytes = 512,
    .streams_max = 8,
    .stream_window = 1024,
    .control_frames_per_second = 1'000'000,  // else it would matter when a second ends
};

// What is true of a request, whatever it was made of.
void check(const Request& request) {
    std::size_t bytes = 0;
    for (const auto& [name, value] : request.http.headers) {
        bytes += name.size() + value.size();
        must(name.find_first_of("\r\n ABCXYZ") == name.npos, "names are in lower case and within their line");
        must(value.find_first_of(std::string_view("\r\n\0", 3)) == value.npos, "values are within their line");
    }
    must(bytes <= limits.header_bytes, "headers are bounded");
    if (request.headers_too_large) return;
    must(!request.http.method.empty(), "a request has a method");
    must(request.protocol.empty() || request.http.method == "CONNECT", "only CONNECT has a protocol");
}

// Hears, and holds the session to the order in which a listener is told of streams.
class Heard final : public Listener {
public:
    void on_request(StreamId stream, Request request) override {
        check(request);
        must(stream % 2 == 1 && said_.emplace(stream, std::string()).second, "streams are the client's and new");
        must(open_.insert(stream).second && open_.size() <= limits.streams_max, "streams are bounded");
        said_[stream] = request.http.method + ' ' + request.http.target + ' ' + request.protocol + '\n';
        for (const auto& [name, value] : request.http.headers) said_[stream] += name + ": " + value + '\n';
        if (!request.is_complete) receiving_.insert(stream);
    }
    void on_data(StreamId stream, std::string_view bytes) override {
        must(receiving_.contains(stream), "a body comes between its request and its end");
        unconsumed[stream] += bytes.size();
        bodies_[stream] += bytes;
    }
    void on_end(StreamId stream) override {
        must(receiving_.erase(stream) == 1, "a body ends once");
        said_[stream] += bodies_[stream];
    }
    void on_closed(StreamId stream) override {
        open_.erase(stream);
        receiving_.erase(stream);
        unconsumed.erase(stream);
    }
    std::size_t read_body(StreamId stream, std::span<char> into, bool& is_last) override {
        must(open_.contains(stream), "what is sent belongs to a stream that is there");
        std::size_t& left = to_send[stream];
        const std::size_t count = std::min(left, into.size());
        std::fill_n(into.begin(), count, 'x');
        left -= count;
        is_last = left == 0;
        return count;
    }

    // Requests, with their bodies when these came to their end. Of one that is longer than it was announced to be, how
    // much is heard depends on the pieces.
    const std::map<StreamId, std::string>& said() const { return said_; }
    const std::set<StreamId>& open() const { return open_; }

    std::map<StreamId, std::size_t> unconsumed;
    std::map<StreamId, std::size_t> to_send;

private:
    std::map<StreamId, std::string> said_;
    std::map<StreamId, std::string> bodies_;
    std::set<StreamId> open_;
    std::set<StreamId> receiving_;
};

// Nobody answers.
std::map<StreamId, std::string> listen(std::string_view bytes, std::size_t piece_bytes) {
    Heard heard;
    Session session(heard, limits);
    for (; !bytes.empty(); bytes.remove_prefix(std::min(piece_bytes, bytes.size())))
        session.feed(bytes.substr(0, piece_bytes));
    return heard.said();
}

// As a server does with its streams, each by its number another way.
void answer(Session& session, Heard& heard, StreamId stream) {
    switch (stream / 2 % 4) {
        case 0:
            heard.to_send[stream] = 5'000;
            return session.answer(stream, 200, {{"Content-Type", "text/plain"}, {"Connection", "close"}}, true);
        case 1:
            session.go_on(stream);
            return session.answer(stream, 404, {}, false);
        case 2:
            return session.reset(stream, ErrorCode::cancel);
        default:
            return;  // it waits
    }
}

void serve(std::string_view bytes, std::size_t piece_bytes) {
    Heard heard;
    Session session(heard, limits);
    std::set<StreamId> answered;
    std::string out;
    for (; !bytes.empty(); bytes.remove_prefix(std::min(piece_bytes, bytes.size()))) {
        session.feed(bytes.substr(0, piece_bytes));
        for (const StreamId stream : std::set<StreamId>(heard.open()))
            if (answered.insert(stream).second) answer(session, heard, stream);
        for (const auto& [stream, count] : std::exchange(heard.unconsumed, {})) session.consume(stream, count);
        session.send(out, 100'000);
    }
    session.shut_down();
    session.send(out, 100'000);
    std::size_t framed = 0;
    for (const test::FrameSeen& frame : test::frames_in(out)) framed += test::frame_head_bytes + frame.payload.size();
    must(framed == out.size(), "whole frames are sent");
}

std::string beginning() {
    using test::frame;
    using test::Type;
    return std::string(test::preface) + frame(Type::settings, 0, 0, "") + frame(Type::settings, test::ack, 0, "");
}

void read_any(std::uint8_t choice, std::string_view rest) {
    std::string bytes;
    if ((choice & 1) == 0) bytes = beginning();
    bytes += rest;
    const std::size_t piece_bytes = 1 + choice / 2 % 32;
    must(listen(bytes, bytes.size() + 1) == listen(bytes, piece_bytes), "pieces make no difference");
    serve(bytes, piece_bytes);
}

}  // namespace
}  // namespace limp::net::http2

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    limp::net::http2::read_any(data[0], {reinterpret_cast<const char*>(data) + 1, size - 1});
    return 0;
}
