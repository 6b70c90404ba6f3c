#include "app/ranges.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "app/http.hpp"
#include "net/tokens.hpp"

namespace limp::app {

namespace {

// Bytes first to last, both included; nothing to send when first is past last.
struct Range {
    std::size_t first = 0;
    std::size_t last = 0;
};

std::optional<std::size_t> number_in(std::string_view text) {
    std::size_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
    return number;
}

// "bytes=0-99", "bytes=100-", "bytes=-100"
std::optional<Range> range_in(std::string_view text, std::size_t size) {
    constexpr std::string_view unit = "bytes=";
    if (!text.starts_with(unit)) return std::nullopt;
    text.remove_prefix(unit.size());
    const std::size_t dash = text.find('-');
    if (dash == text.npos) return std::nullopt;
    const std::string_view left = text.substr(0, dash);
    const std::string_view right = text.substr(dash + 1);
    const std::optional<std::size_t> first = number_in(left);
    const std::optional<std::size_t> last = number_in(right);
    if (left.empty() && last) {
        if (*last == 0 || size == 0) return Range{1, 0};
        return Range{size - std::min(size, *last), size - 1};
    }
    if (!first || (!right.empty() && (!last || *last < *first))) return std::nullopt;
    if (*first >= size) return Range{1, 0};
    return Range{*first, last ? std::min(*last, size - 1) : size - 1};
}

// If-Range: the part is wanted only of the bytes that the client has the rest of; the tag must be the very same.
bool is_of_this(const net::HttpRequest& request, const net::HttpResponse& whole) {
    const std::string_view wanted = header(request, "if-range");
    if (wanted.empty()) return true;
    const auto etag = std::ranges::find(whole.headers, "ETag", &std::pair<std::string, std::string>::first);
    return etag != whole.headers.end() && wanted == etag->second;
}

}  // namespace

net::HttpResponse in_range(const net::HttpRequest& request, net::HttpResponse whole) {
    whole.headers.emplace_back("Accept-Ranges", "bytes");
    const auto asked = net::header_values(request, "range");
    if (request.method != "GET" || asked.size() != 1 || !is_of_this(request, whole)) return whole;
    const std::size_t size = whole.file->size();
    const std::optional<Range> range = range_in(asked.front(), size);
    if (!range) return whole;
    if (range->first > range->last) {
        net::HttpResponse refused = refuse(416, "CORE_REQ_INVALID_RANGE", "The file has no such bytes.");
        refused.headers.emplace_back("Content-Range", "bytes */" + std::to_string(size));
        return refused;
    }
    whole.status = 206;
    whole.headers.emplace_back(
        "Content-Range",
        "bytes " + std::to_string(range->first) + '-' + std::to_string(range->last) + '/' + std::to_string(size)
    );
    whole.file = whole.file->part(range->first, range->last - range->first + 1);
    return whole;
}

}  // namespace limp::app
