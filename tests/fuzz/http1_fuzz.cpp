// Any bytes as requests of HTTP/1.1. The first byte chooses the pieces in which they come, which must make no
// difference.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "fuzz/must.hpp"
#include "net/http1.hpp"

namespace limp::net {
namespace {

using fuzz::must;
using State = Http1Parser::State;

constexpr std::size_t header_bytes = 512;
constexpr std::size_t body_bytes = 512;

struct Seen {
    std::vector<HttpRequest> requests;
    int status = 0;  // of the failure

    friend bool operator==(const Seen& left, const Seen& right) {
        const auto is_same = [](const HttpRequest& one, const HttpRequest& other) {
            return one.method == other.method && one.target == other.target && one.headers == other.headers &&
                   one.body == other.body;
        };
        return left.status == right.status && std::ranges::equal(left.requests, right.requests, is_same);
    }
};

Seen read_in_pieces(std::string_view bytes, std::size_t piece_bytes) {
    Http1Parser parser(header_bytes, body_bytes);
    Seen seen;
    while (!bytes.empty()) {
        std::string_view piece = bytes.substr(0, piece_bytes);
        bytes.remove_prefix(piece.size());
        while (!piece.empty()) {
            const auto outcome = parser.feed(piece);
            must(outcome.used <= piece.size(), "no more is used than was fed");
            if (outcome.state == State::failed) {
                must(outcome.status >= 400 && !outcome.why.empty(), "a failure says why");
                seen.status = outcome.status;
                return seen;
            }
            if (outcome.state == State::complete) seen.requests.push_back(parser.take().request);
            if (outcome.state == State::need_more)
                must(outcome.used == piece.size(), "all is used when more is needed");
            piece.remove_prefix(outcome.used);
        }
    }
    return seen;
}

void read_any(std::size_t piece_bytes, std::string_view bytes) {
    const Seen seen = read_in_pieces(bytes, bytes.size());
    must(seen == read_in_pieces(bytes, piece_bytes), "pieces make no difference");
    for (const HttpRequest& request : seen.requests) must(request.body.size() <= body_bytes, "a body is bounded");
}

}  // namespace
}  // namespace limp::net

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    limp::net::read_any(1 + data[0] % 32, {reinterpret_cast<const char*>(data) + 1, size - 1});
    return 0;
}
