#include "base/text.hpp"

#include <simdjson.h>
#include <utf8proc.h>

#include <algorithm>
#include <cstddef>

#include "base/json.hpp"

namespace limp::base {
namespace {

constexpr std::size_t quoted_bytes_max = 64;

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

char upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

// The full folding where it is one code point, else the lower case: that is the simple folding for all letters in use.
utf8proc_int32_t fold(utf8proc_int32_t code_point) {
    utf8proc_int32_t folded[4];
    int boundary_class = UTF8PROC_BOUNDCLASS_START;
    const auto count = utf8proc_decompose_char(code_point, folded, 4, UTF8PROC_CASEFOLD, &boundary_class);
    return count == 1 ? folded[0] : utf8proc_tolower(code_point);
}

// The letters to insert, remove, replace or swap with their neighbour that make one text the other.
std::size_t edit_distance(std::string_view left, std::string_view right) {
    std::vector<std::size_t> two_back(right.size() + 1);
    std::vector<std::size_t> back(right.size() + 1);
    std::vector<std::size_t> row(right.size() + 1);
    for (std::size_t j = 0; j <= right.size(); ++j) back[j] = j;
    for (std::size_t i = 1; i <= left.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= right.size(); ++j) {
            const std::size_t replaced = back[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
            row[j] = std::min({replaced, back[j] + 1, row[j - 1] + 1});
            if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                row[j] = std::min(row[j], two_back[j - 2] + 1);
        }
        std::swap(two_back, back);
        std::swap(back, row);
    }
    return back[right.size()];
}

}  // namespace

std::string to_lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), lower);
    return result;
}

std::string to_upper(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), upper);
    return result;
}

std::string fold_case(std::string_view utf8) {
    std::string result;
    result.reserve(utf8.size());
    while (!utf8.empty()) {
        utf8proc_int32_t code_point = -1;
        const auto read = utf8proc_iterate(
            reinterpret_cast<const utf8proc_uint8_t*>(utf8.data()), static_cast<utf8proc_ssize_t>(utf8.size()),
            &code_point
        );
        if (read <= 0) {
            result += utf8.front();
            utf8.remove_prefix(1);
            continue;
        }
        utf8proc_uint8_t bytes[4];
        const auto written = utf8proc_encode_char(fold(code_point), bytes);
        result.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(written));
        utf8.remove_prefix(static_cast<std::size_t>(read));
    }
    return result;
}

bool is_utf8(std::string_view text) {
    return simdjson::validate_utf8(text.data(), text.size());
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    for (;;) {
        const std::size_t end = text.find(separator);
        parts.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
    std::string result;
    for (const std::string& part : parts) {
        if (&part != parts.data()) result += separator;
        result += part;
    }
    return result;
}

std::string nearest(std::string_view word, std::span<const std::string> candidates) {
    const std::size_t distance_max = word.size() / 3;
    std::size_t least = distance_max + 1;
    std::string best;
    for (const std::string& candidate : candidates) {
        // Their lengths alone tell most candidates apart, and keep a huge word from costing much.
        const std::size_t lengths_apart =
            std::max(word.size(), candidate.size()) - std::min(word.size(), candidate.size());
        if (lengths_apart >= least) continue;
        const std::size_t distance = edit_distance(word, candidate);
        if (distance >= least) continue;
        least = distance;
        best = candidate;
    }
    return best;
}

std::string_view utf8_prefix(std::string_view text, std::size_t bytes_max) {
    if (text.size() <= bytes_max) return text;
    const auto continues = [&](std::size_t at) { return (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80; };
    while (bytes_max > 0 && continues(bytes_max)) --bytes_max;
    return text.substr(0, bytes_max);
}

std::string in_quotes(std::string_view text) {
    std::string shown(utf8_prefix(text, quoted_bytes_max));
    if (shown.size() < text.size()) shown += "…";
    std::string out;
    append_json_string(out, shown);
    return out;
}

std::string did_you_mean(std::string_view word, std::span<const std::string> candidates) {
    // A word this long is no typing mistake, and comparing it with each candidate would cost an attacker nothing.
    if (word.size() > quoted_bytes_max) return {};
    const std::string near = nearest(word, candidates);
    return near.empty() ? std::string() : " (did you mean " + base::in_quotes(near) + "?)";
}

}  // namespace limp::base
