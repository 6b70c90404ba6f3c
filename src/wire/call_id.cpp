#include "wire/call_id.hpp"

#include "base/json.hpp"

namespace limp::wire {
namespace {

// "call_id" with every letter written as \u0063.
constexpr std::size_t name_bytes_max = 2 + 7 * 6;

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool is_bracket_or_quote(char c) {
    return c == '{' || c == '}' || c == '[' || c == ']' || c == '"';
}

// Goes over JSON text from one piece to the next, and looks no closer than that needs.
class Scanner {
public:
    explicit Scanner(std::string_view text) : text_(text) {}

    bool skip(char c) {
        skip_spaces();
        if (!text_.starts_with(c)) return false;
        text_.remove_prefix(1);
        return true;
    }

    // With its quotes; empty when there is none, or no end of it.
    std::string_view string() {
        skip_spaces();
        return text_.starts_with('"') ? take(string_end(0)) : std::string_view();
    }

    // Empty when there is none, or no end of it.
    std::string_view value() {
        skip_spaces();
        if (text_.starts_with('"')) return string();
        if (text_.starts_with('{') || text_.starts_with('[')) return take(nested_end());
        return take(text_.find_first_of(",}] \t\n\r"));
    }

private:
    void skip_spaces() {
        while (!text_.empty() && is_space(text_.front())) text_.remove_prefix(1);
    }

    std::string_view take(std::size_t end) {
        if (end == std::string_view::npos) return {};
        const std::string_view taken = text_.substr(0, end);
        text_.remove_prefix(end);
        return taken;
    }

    // Behind the string that begins at `at`.
    std::size_t string_end(std::size_t at) const {
        for (std::size_t quote = text_.find('"', at + 1); quote != std::string_view::npos;
             quote = text_.find('"', quote + 1)) {
            std::size_t backslashes = 0;
            while (text_[quote - 1 - backslashes] == '\\') ++backslashes;
            if (backslashes % 2 == 0) return quote + 1;
        }
        return std::string_view::npos;
    }

    // Behind the list or object that begins here.
    std::size_t nested_end() const {
        std::size_t depth = 0;
        for (std::size_t at = 0; at < text_.size(); ++at) {
            const char c = text_[at];
            if (!is_bracket_or_quote(c)) continue;
            if (c == '"') {
                const std::size_t end = string_end(at);
                if (end == std::string_view::npos) return end;
                at = end - 1;
                continue;
            }
            depth = c == '{' || c == '[' ? depth + 1 : depth - 1;
            if (depth == 0) return at + 1;
        }
        return std::string_view::npos;
    }

    std::string_view text_;
};

bool is_call_id(std::string_view name) {
    if (name == R"("call_id")") return true;
    if (name.size() > name_bytes_max || name.find('\\') == std::string_view::npos) return false;
    try {
        return base::parse_json(name) == Value("call_id");
    } catch (const base::JsonError&) {
        return false;
    }
}

bool is_echoed(std::string_view value) {
    if (value.size() > call_id_bytes_max || value.starts_with('{') || value.starts_with('[')) return false;
    try {
        base::parse_json(value);
        return true;
    } catch (const base::JsonError&) {
        return false;
    }
}

}  // namespace

std::string_view find_call_id(std::string_view object) {
    Scanner scanner(object);
    if (!scanner.skip('{')) return {};
    do {
        const std::string_view name = scanner.string();
        if (name.empty() || !scanner.skip(':')) return {};
        const std::string_view value = scanner.value();
        if (value.empty()) return {};
        if (is_call_id(name)) return is_echoed(value) ? value : std::string_view();
    } while (scanner.skip(','));
    return {};
}

}  // namespace limp::wire
