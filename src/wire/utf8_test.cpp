#include "wire/utf8.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/text.hpp"

namespace limp::wire {
namespace {

using namespace std::literals;

bool takes(std::string_view text) {
    return Utf8Stream().take(text);
}

TEST(Utf8Stream, TakesCharactersOfAllLengths) {
    for (const auto text :
         {"", "a", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xBF\xBF",
          "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "κόσμε, twelve more letters"})
        EXPECT_TRUE(takes(text)) << text;
    EXPECT_TRUE(takes("\0\0"sv));
}

TEST(Utf8Stream, RefusesWhatNoTextBeginsWith) {
    for (const auto text :
         {"\x80", "\xBF", "\xC0", "\xC1", "\xF5", "\xFF", "\xC2\x7F", "\xC2\xC2", "\xE0\x9F", "\xED\xA0", "\xF0\x8F",
          "\xF4\x90", "\xE1\x80\x7F", "\xF1\x80\x80\xC0", "eight letters and more \xFE"})
        EXPECT_FALSE(takes(text)) << text;
}

TEST(Utf8Stream, RemembersACharacterThatIsUnderWay) {
    Utf8Stream stream;
    EXPECT_TRUE(stream.take("only ascii here\xF0"));
    EXPECT_TRUE(stream.take("\x9F"));
    EXPECT_TRUE(stream.take(""));
    EXPECT_TRUE(stream.take("\x92\xA9\xED"));
    EXPECT_FALSE(stream.take("\xA0"));
}

// Against the slow obvious way: a prefix is fine when some ending makes a valid text of it.
TEST(Utf8Stream, AgreesWithTheWholeCheckOnAllPairsOfBytes) {
    const auto can_be_completed = [](const std::string& text) {
        for (const auto ending : {"", "\x80", "\xBF", "\x80\x80", "\xBF\x80", "\x90\x80\x80", "\x80\x80\x80"})
            if (base::is_utf8(text + ending)) return true;
        return false;
    };
    for (int first = 0; first < 256; ++first) {
        for (int second = 0; second < 256; ++second) {
            const std::string text = {static_cast<char>(first), static_cast<char>(second)};
            EXPECT_EQ(takes(text), can_be_completed(text)) << first << ' ' << second;
        }
    }
}

}  // namespace
}  // namespace limp::wire
