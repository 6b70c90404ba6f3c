#include "base/base64.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace limp::base {
namespace {

constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// For each of the four characters of a group, what it adds to the group's three bytes: a look-up and an OR for each.
using Table = std::array<std::array<std::uint32_t, 256>, 4>;
constexpr std::uint32_t foreign = 1U << 24;  // a bit that no group has

constexpr Table reverse(std::string_view alphabet) {
    Table table{};
    for (std::size_t place = 0; place < table.size(); ++place) {
        table[place].fill(foreign);
        for (std::size_t i = 0; i < alphabet.size(); ++i)
            table[place][static_cast<std::uint8_t>(alphabet[i])] = static_cast<std::uint32_t>(i) << (18 - 6 * place);
    }
    return table;
}

constexpr Table from_plain = reverse(plain);
constexpr Table from_url = reverse(url);

constexpr std::uint8_t byte(char c) {
    return static_cast<std::uint8_t>(c);
}

std::string encode(std::string_view bytes, std::string_view alphabet) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    while (!bytes.empty()) {
        const std::size_t count = bytes.size() < 3 ? bytes.size() : 3;
        std::uint32_t group = std::uint32_t{byte(bytes[0])} << 16;
        if (count > 1) group |= std::uint32_t{byte(bytes[1])} << 8;
        if (count > 2) group |= std::uint32_t{byte(bytes[2])};
        // n bytes need n + 1 characters.
        for (std::size_t i = 0; i <= count; ++i) text += alphabet[(group >> (18 - 6 * i)) & 63];
        bytes.remove_prefix(count);
    }
    return text;
}

// Text without padding. Errors are gathered in one bit and looked at once.
std::optional<std::string> decode(std::string_view text, const Table& table) {
    const std::size_t rest = text.size() % 4;
    if (rest == 1) return std::nullopt;

    std::string bytes(text.size() * 3 / 4, '\0');
    std::uint32_t seen = 0;
    const auto third = [](std::uint32_t group, int shift) { return static_cast<char>((group >> shift) & 255); };

    std::size_t at = 0;
    std::size_t out = 0;
    for (; at + 4 <= text.size(); at += 4, out += 3) {
        const std::uint32_t group = table[0][byte(text[at])] | table[1][byte(text[at + 1])] |
                                    table[2][byte(text[at + 2])] | table[3][byte(text[at + 3])];
        seen |= group;
        bytes[out] = third(group, 16);
        bytes[out + 1] = third(group, 8);
        bytes[out + 2] = third(group, 0);
    }
    if (rest != 0) {
        std::uint32_t group = table[0][byte(text[at])] | table[1][byte(text[at + 1])];
        if (rest == 3) group |= table[2][byte(text[at + 2])];
        seen |= group;
        bytes[out] = third(group, 16);
        if (rest == 3) bytes[out + 1] = third(group, 8);
        const std::uint32_t unused = rest == 3 ? group & 0xFF : group & 0xFFFF;
        if (unused != 0) return std::nullopt;
    }
    if ((seen & foreign) != 0) return std::nullopt;
    return bytes;
}

}  // namespace

std::string to_base64(std::string_view bytes) {
    std::string text = encode(bytes, plain);
    text.append((4 - text.size() % 4) % 4, '=');
    return text;
}

std::optional<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    for (int i = 0; i < 2; ++i)
        if (text.ends_with('=')) text.remove_suffix(1);
    return decode(text, from_plain);
}

std::string to_base64url(std::string_view bytes) {
    return encode(bytes, url);
}

std::optional<std::string> from_base64url(std::string_view text) {
    return decode(text, from_url);
}

}  // namespace limp::base
