// What $search compares: words, folded so that those who type in haste find them all the same.
#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <set>
#include <string>

#include "query/matcher.hpp"

namespace limp::query {

namespace {

constexpr utf8proc_int32_t tatweel = 0x0640;

// Letters that stand for one another in Arabic and its neighbours, once their marks are gone.
utf8proc_int32_t one_form(utf8proc_int32_t letter) {
    switch (letter) {
        case 0x0671:  // alef wasla
            return 0x0627;
        case 0x0649:  // alef maqsura
        case 0x06CC:  // Farsi ya
            return 0x064A;
        case 0x0629:  // ta marbuta
            return 0x0647;
        case 0x06A9:  // keheh
            return 0x0643;
        default:
            break;
    }
    if (letter >= 0x0660 && letter <= 0x0669) return letter - 0x0660 + '0';
    if (letter >= 0x06F0 && letter <= 0x06F9) return letter - 0x06F0 + '0';
    return letter;
}

bool is_in_word(utf8proc_int32_t letter) {
    const utf8proc_category_t category = utf8proc_category(letter);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO && category != UTF8PROC_CATEGORY_MN &&
           category != UTF8PROC_CATEGORY_MC && category != UTF8PROC_CATEGORY_ME;
}

// Decomposed, in lower case, without marks. Empty when it is no UTF-8.
std::string plain(std::string_view text) {
    constexpr auto options = static_cast<utf8proc_option_t>(
        UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK |
        UTF8PROC_IGNORE
    );
    utf8proc_uint8_t* mapped = nullptr;
    const utf8proc_ssize_t size = utf8proc_map(
        reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()), &mapped,
        options
    );
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owned(mapped, &std::free);
    return size < 0 ? std::string()
                    : std::string(reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(size));
}

void append(std::string& word, utf8proc_int32_t letter) {
    utf8proc_uint8_t bytes[4];
    const utf8proc_ssize_t count = utf8proc_encode_char(letter, bytes);
    word.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(count));
}

void add_words(const Value& value, std::set<std::string>& words) {
    if (value.is_string())
        for (std::string& word : words_of(value.string())) words.insert(std::move(word));
    if (value.is_list())
        for (const Value& element : value.list()) add_words(element, words);
    if (value.is_object())
        for (const Member& member : value.object()) add_words(member.value, words);
}

}  // namespace

std::vector<std::string> words_of(std::string_view text) {
    const std::string folded = plain(text);
    std::vector<std::string> words;
    std::string word;
    const auto end_word = [&] {
        if (!word.empty()) words.push_back(std::exchange(word, {}));
    };
    for (std::size_t at = 0; at < folded.size();) {
        utf8proc_int32_t letter = -1;
        const utf8proc_ssize_t read = utf8proc_iterate(
            reinterpret_cast<const utf8proc_uint8_t*>(folded.data()) + at,
            static_cast<utf8proc_ssize_t>(folded.size() - at), &letter
        );
        if (read <= 0) break;
        at += static_cast<std::size_t>(read);
        if (letter == tatweel) continue;
        if (is_in_word(letter))
            append(word, one_form(letter));
        else
            end_word();
    }
    end_word();
    return words;
}

std::string folding() {
    constexpr const char* rules = "1";  // of one_form() and is_in_word()
    return std::string(rules) + ", Unicode " + utf8proc_unicode_version();
}

bool has_words(const Search& search, const Document& document) {
    std::set<std::string> words;
    for (const std::string& attr : search.attrs)
        if (const Value* value = document.find(attr)) add_words(*value, words);
    for (std::size_t at = 0; at < search.words.size(); ++at) {
        const std::string& wanted = search.words[at];
        const auto found = words.lower_bound(wanted);
        const bool may_begin = search.last_begins && at + 1 == search.words.size();
        if (found == words.end() || !(may_begin ? found->starts_with(wanted) : *found == wanted)) return false;
    }
    return true;
}

}  // namespace limp::query
