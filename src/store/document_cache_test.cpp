#include "store/document_cache.hpp"

#include <gtest/gtest.h>

namespace limp::store {
namespace {

DocTextPtr text(std::string content) {
    return std::make_shared<const DocText>(DocText{std::move(content), {}});
}

TEST(DocumentCache, FindsWhatWasPutInThatVersion) {
    DocumentCache cache(1'000'000);
    EXPECT_EQ(cache.find("a", "1", 0), nullptr);
    cache.put("a", "1", 0, text("{}"));
    ASSERT_NE(cache.find("a", "1", 0), nullptr);
    EXPECT_EQ(cache.find("a", "1", 0)->text, "{}");
    EXPECT_EQ(cache.find("b", "1", 0), nullptr);
    EXPECT_EQ(cache.find("a", "2", 0), nullptr);
}

TEST(DocumentCache, ForgetsWhatHasAnotherVersion) {
    DocumentCache cache(1'000'000);
    cache.put("a", "1", 0, text("{}"));
    EXPECT_EQ(cache.find("a", "1", 1), nullptr);
    EXPECT_EQ(cache.bytes(), 0u);
    cache.put("a", "1", 1, text("{1}"));
    cache.put("a", "1", 2, text("{2}"));
    EXPECT_EQ(cache.find("a", "1", 1), nullptr);
    cache.put("a", "1", 3, text("{3}"));
    EXPECT_EQ(cache.find("a", "1", 3)->text, "{3}");
}

TEST(DocumentCache, IsBoundedAndDropsWhatWasNotAskedForLongest) {
    constexpr std::size_t bound = 64 * 4'000;
    DocumentCache cache(bound);
    cache.put("a", "kept", 0, text(std::string(500, 'x')));
    for (int number = 0; number < 10'000; ++number) {
        cache.put("a", std::to_string(number), 0, text(std::string(500, 'x')));
        EXPECT_NE(cache.find("a", "kept", 0), nullptr);
        EXPECT_LE(cache.bytes(), bound);
    }
    EXPECT_EQ(cache.find("a", "0", 0), nullptr);
    EXPECT_GT(cache.bytes(), bound / 2);
}

TEST(DocumentCache, TakesNothingThatIsTooLarge) {
    DocumentCache cache(64 * 1'000);
    cache.put("a", "1", 0, text(std::string(2'000, 'x')));
    EXPECT_EQ(cache.find("a", "1", 0), nullptr);
    DocumentCache none(0);
    none.put("a", "1", 0, text("{}"));
    EXPECT_EQ(none.find("a", "1", 0), nullptr);
    EXPECT_EQ(none.bytes(), 0u);
}

}  // namespace
}  // namespace limp::store
