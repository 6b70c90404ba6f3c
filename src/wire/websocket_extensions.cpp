#include "wire/websocket.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

namespace limp::wire {
namespace {

struct Parameter {
    std::string name;
    std::optional<std::string> value;
};

struct Offer {
    std::string extension;
    std::vector<Parameter> parameters;
};

// Reads the grammar of RFC 6455 §9.1.
class OfferReader {
public:
    explicit OfferReader(std::string_view text) : text_(text) {}

    // Nothing when the text is not of that grammar.
    std::optional<std::vector<Offer>> read() {
        std::vector<Offer> offers;
        do {
            // The elements of a list in HTTP may be empty (RFC 9110 §5.6.1).
            if (rest().empty() || rest().front() == ',') continue;
            Offer offer{token(), {}};
            while (skip(';')) offer.parameters.push_back(parameter());
            offers.push_back(std::move(offer));
        } while (!is_wrong_ && skip(','));
        if (is_wrong_ || !rest().empty()) return std::nullopt;
        return offers;
    }

private:
    Parameter parameter() {
        Parameter parameter{token(), std::nullopt};
        if (skip('=')) parameter.value = rest().starts_with('"') ? quoted() : token();
        return parameter;
    }

    std::string token() {
        rest();
        const auto end = std::ranges::find_if_not(text_, is_token);
        const std::string found(text_.begin(), end);
        text_.remove_prefix(found.size());
        if (found.empty()) is_wrong_ = true;
        return found;
    }

    // Once the quotes and backslashes are off, it must be a token like any other.
    std::string quoted() {
        std::string found;
        text_.remove_prefix(1);
        while (!text_.empty() && text_.front() != '"') {
            if (text_.front() == '\\') text_.remove_prefix(1);
            if (text_.empty()) break;
            found += text_.front();
            text_.remove_prefix(1);
        }
        if (text_.empty() || found.empty() || !std::ranges::all_of(found, is_token)) is_wrong_ = true;
        if (!text_.empty()) text_.remove_prefix(1);
        return found;
    }

    bool skip(char separator) {
        if (!rest().starts_with(separator)) return false;
        text_.remove_prefix(1);
        return true;
    }

    // What is left, from its first character that is no space on.
    std::string_view rest() {
        text_.remove_prefix(std::min(text_.find_first_not_of(" \t"), text_.size()));
        return text_;
    }

    static bool is_token(char c) {
        const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool is_digit = c >= '0' && c <= '9';
        return is_letter || is_digit || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
    }

    std::string_view text_;
    bool is_wrong_ = false;
};

// "8" to "15", without zeros before it (RFC 7692 §7.1.2).
std::optional<int> window_bits(std::string_view text) {
    if (text.starts_with('0')) return std::nullopt;
    int bits = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
    if (error != std::errc() || end != text.data() + text.size() || bits < 8 || bits > 15) return std::nullopt;
    return bits;
}

bool has_twice(const Offer& offer) {
    std::vector<std::string_view> names;
    for (const Parameter& parameter : offer.parameters) names.push_back(parameter.name);
    std::ranges::sort(names);
    return std::ranges::adjacent_find(names) != names.end();
}

bool is_acceptable(const Parameter& parameter) {
    if (parameter.name == "server_no_context_takeover" || parameter.name == "client_no_context_takeover")
        return !parameter.value;
    if (parameter.name == "client_max_window_bits") return !parameter.value || window_bits(*parameter.value);
    // zlib cannot compress with a window of 8 bits.
    if (parameter.name == "server_max_window_bits") return parameter.value && window_bits(*parameter.value) > 8;
    return false;
}

bool is_acceptable(const Offer& offer) {
    const auto fits = [](const Parameter& parameter) { return is_acceptable(parameter); };
    return offer.extension == "permessage-deflate" && !has_twice(offer) && std::ranges::all_of(offer.parameters, fits);
}

}  // namespace

std::optional<std::string> accept_deflate(std::string_view offers, WebSocketOptions& options) {
    const auto read = OfferReader(offers).read();
    if (!read) return std::nullopt;
    const auto accepted = std::ranges::find_if(*read, [](const Offer& offer) { return is_acceptable(offer); });
    if (accepted == read->end()) return std::nullopt;

    std::string answer = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
    options.deflate = true;
    options.server_window_bits = 15;
    const auto asked = std::ranges::find(accepted->parameters, "server_max_window_bits", &Parameter::name);
    if (asked != accepted->parameters.end()) {
        options.server_window_bits = *window_bits(*asked->value);
        answer += "; server_max_window_bits=" + std::to_string(options.server_window_bits);
    }
    return answer;
}

}  // namespace limp::wire
