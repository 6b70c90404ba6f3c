#include "net/http1.hpp"

#include <algorithm>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "net/tokens.hpp"

namespace limp::net {
namespace {

namespace http = boost::beast::http;
using Message = http::request_parser<http::string_body>;

struct Malformed {
    int status;
    std::string_view why;
};

std::string_view view(boost::beast::string_view text) {
    return {text.data(), text.size()};
}

// Beast reads HTTP/1.0 and 1.1 and calls all else malformed; a client that tries a newer version deserves to know.
void check_version(std::string_view head) {
    const std::string_view line = head.substr(0, head.find("\r\n"));
    const std::string_view version = line.substr(line.rfind(' ') + 1);
    if (version == "HTTP/1.1" || version == "HTTP/1.0") return;
    if (version.size() == 8 && version.starts_with("HTTP/") && version[6] == '.') {
        throw Malformed{505, "This server speaks HTTP/1.1 here."};
    }
    throw Malformed{400, "The request line must end in HTTP/1.1."};
}

void check_error(const boost::system::error_code& error) {
    if (!error || error == http::error::need_more) return;
    if (error == http::error::body_limit) throw Malformed{413, "The body is larger than this server takes."};
    if (error == http::error::header_limit) throw Malformed{431, "The headers are larger than this server takes."};
    throw Malformed{400, "The request is not well-formed HTTP/1.1."};
}

bool is_number(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// RFC 9112 §6: how long the body is must be beyond doubt.
void check_framing(const http::fields& fields, bool is_1_0) {
    const auto lengths = fields.count(http::field::content_length);
    const auto codings = fields.count(http::field::transfer_encoding);
    if (lengths > 1 || codings > 1 || (lengths == 1 && codings == 1)) {
        throw Malformed{400, "A request has one Content-Length or one Transfer-Encoding."};
    }
    if (lengths == 1 && !is_number(view(fields[http::field::content_length]))) {
        throw Malformed{400, "Content-Length must be a number."};
    }
    if (codings == 0) return;
    if (is_1_0) throw Malformed{400, "HTTP/1.0 has no Transfer-Encoding."};
    if (base::to_lower(view(fields[http::field::transfer_encoding])) != "chunked") {
        throw Malformed{501, "The only Transfer-Encoding that this server knows is chunked."};
    }
}

void check_host(const http::fields& fields, bool is_1_0) {
    const auto hosts = fields.count(http::field::host);
    if (hosts > 1 || (hosts == 0 && !is_1_0)) throw Malformed{400, "A request has one Host header."};
}

}  // namespace

struct Http1Parser::Impl {
    std::size_t header_bytes;
    std::size_t body_bytes;
    std::string head = {};          // the request line and the headers, as far as they have come
    std::size_t line_start = 0;     // in head, of the line that is coming
    std::optional<Message> body{};  // from the end of the head on
    std::string held = {};          // the beginning of a chunk's header, which Beast wants whole
    Http1Request ready = {};
    bool is_first = true;  // no request was complete yet

    Outcome feed(std::string_view bytes);
    bool take_head(std::string_view bytes, std::size_t& used);
    bool take_line();
    State parse_head();
    bool take_body(std::string_view bytes, std::size_t& used);
    void finish();
};

// Line by line, so that bytes are looked at once, however small the pieces are in which they come.
bool Http1Parser::Impl::take_head(std::string_view bytes, std::size_t& used) {
    while (used < bytes.size()) {
        const auto end = bytes.find('\n', used);
        const auto piece = bytes.substr(used, end == bytes.npos ? bytes.npos : end + 1 - used);
        if (head.size() + piece.size() > header_bytes) check_error(http::error::header_limit);
        head.append(piece);
        used += piece.size();
        if (end == bytes.npos) return false;
        if (take_line()) return true;
    }
    return false;
}

// Checks the line that has just become complete. True when it is the empty one that ends the head.
bool Http1Parser::Impl::take_line() {
    const std::string_view line = std::string_view(head).substr(line_start);
    if (!line.ends_with("\r\n") || line.find('\r') != line.size() - 2) {
        throw Malformed{400, "A line must end in CRLF, and have no CR elsewhere."};
    }
    if (line.size() == 2) {
        if (line_start > 0) return true;
        head.clear();  // RFC 9112 §2.2: an empty line before the request line is overlooked
        return false;
    }
    if (line.front() == ' ' || line.front() == '\t') throw Malformed{400, "A line must not begin with a space."};
    line_start = head.size();
    return false;
}

Http1Parser::State Http1Parser::Impl::parse_head() {
    check_version(head);
    constexpr std::size_t limit_max = std::numeric_limits<std::uint32_t>::max();
    body.emplace();
    body->header_limit(static_cast<std::uint32_t>(std::min(header_bytes, limit_max)));
    body->body_limit(body_bytes);
    boost::system::error_code error;
    body->put(boost::asio::buffer(head), error);
    check_error(error);

    const auto& message = body->get();
    ready.is_1_0 = message.version() == 10;
    check_framing(message, ready.is_1_0);
    check_host(message, ready.is_1_0);

    // Taken over now: Beast would mix a chunked body's trailers into the headers.
    ready.request.method = view(message.method_string());
    ready.request.target = view(message.target());
    for (const auto& field : message) {
        ready.request.headers.emplace_back(base::to_lower(view(field.name_string())), view(field.value()));
    }
    ready.keep_alive = !ready.is_1_0 && !has_token(ready.request, "connection", "close");

    const std::string_view expected = view(message[http::field::expect]);
    if (expected.empty() || ready.is_1_0) return State::need_more;
    if (base::to_lower(expected) != "100-continue") {
        throw Malformed{417, "The only thing to expect is 100-continue."};
    }
    return body->is_done() ? State::need_more : State::expects_continue;
}

bool Http1Parser::Impl::take_body(std::string_view bytes, std::size_t& used) {
    std::string_view rest = bytes.substr(used);
    std::string joined;
    if (!held.empty()) {
        joined = std::exchange(held, {}).append(rest);
        rest = joined;
    }
    while (!body->is_done() && !rest.empty()) {
        boost::system::error_code error;
        rest.remove_prefix(body->put(boost::asio::buffer(rest.data(), rest.size()), error));
        check_error(error);
        if (error == http::error::need_more) break;
    }
    if (body->is_done()) {
        used = bytes.size() - rest.size();
        return true;
    }
    if (rest.size() > header_bytes) throw Malformed{400, "The header of a chunk is too long."};
    held = rest;
    used = bytes.size();
    return false;
}

void Http1Parser::Impl::finish() {
    is_first = false;
    ready.request.body = std::move(body->get().body());
    body.reset();
    head.clear();
    line_start = 0;
}

Http1Parser::Outcome Http1Parser::Impl::feed(std::string_view bytes) {
    Outcome outcome;
    if (!body) {
        if (!take_head(bytes, outcome.used)) return outcome;
        if (is_first && head == http2_preface_half) {
            outcome.state = State::is_http2;
            return outcome;
        }
        outcome.state = parse_head();
        if (outcome.state == State::expects_continue) return outcome;
    }
    if (!body->is_done() && !take_body(bytes, outcome.used)) return outcome;
    finish();
    outcome.state = State::complete;
    return outcome;
}

Http1Parser::Http1Parser(std::size_t header_bytes, std::size_t body_bytes)
    : impl_(new Impl{.header_bytes = header_bytes, .body_bytes = body_bytes}) {}

Http1Parser::~Http1Parser() = default;

Http1Parser::Outcome Http1Parser::feed(std::string_view bytes) {
    try {
        return impl_->feed(bytes);
    } catch (const Malformed& malformed) {
        return {.state = State::failed, .used = bytes.size(), .status = malformed.status, .why = malformed.why};
    }
}

Http1Request Http1Parser::take() {
    return std::exchange(impl_->ready, {});
}

bool Http1Parser::is_idle() const {
    return impl_->head.empty();
}

}  // namespace limp::net
