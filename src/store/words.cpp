#include "store/words.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

#include "query/matcher.hpp"

namespace limp::store {

namespace {

void add_words(const Value& value, std::vector<std::string>& words) {
    if (value.is_string()) std::ranges::move(query::words_of(value.string()), std::back_inserter(words));
    if (value.is_list())
        for (const Value& element : value.list()) add_words(element, words);
    if (value.is_object())
        for (const Member& member : value.object()) add_words(member.value, words);
}

bool is_searched(const Search& search, const std::string& word) {
    const bool begins_last = search.last_begins && word.starts_with(search.words.back());
    return begins_last || std::ranges::find(search.words, word) != search.words.end();
}

}  // namespace

std::vector<std::string> words_in(const Value& value) {
    std::vector<std::string> words;
    add_words(value, words);
    return words;
}

std::int64_t occurrences(const Search& search, const Document& document) {
    std::int64_t count = 0;
    for (const std::string& attr : search.attrs)
        if (const Value* value = document.find(attr))
            count += std::ranges::count_if(words_in(*value), [&](const std::string& word) {
                return is_searched(search, word);
            });
    return count;
}

}  // namespace limp::store
