#include "base/hmac.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace limp::base {
namespace {

std::string hex(std::string_view bytes) {
    std::string text;
    for (const char c : bytes) {
        text += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
        text += "0123456789abcdef"[static_cast<unsigned char>(c) & 15];
    }
    return text;
}

// RFC 4231, test cases 1, 2 and 6.
TEST(Hmac, SignsTheExamplesOfRfc4231) {
    EXPECT_EQ(
        hex(Hmac(std::string(20, '\x0b')).sign("Hi There")),
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    );
    EXPECT_EQ(
        hex(Hmac("Jefe").sign("what do ya want for nothing?")),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    );
    EXPECT_EQ(
        hex(Hmac(std::string(131, '\xaa')).sign("Test Using Larger Than Block-Size Key - Hash Key First")),
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    );
}

TEST(Hmac, TakesAnEmptyKeyAndAnEmptyMessage) {
    constexpr auto expected = "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad";
    EXPECT_EQ(hex(Hmac("").sign("")), expected);
    EXPECT_EQ(hex(Hmac(std::string_view()).sign(std::string_view())), expected);
}

TEST(Hmac, SignsEachMessageForItself) {
    Hmac kept("key");
    for (const auto* message : {"one", "two", "", "one"}) EXPECT_EQ(kept.sign(message), Hmac("key").sign(message));
}

TEST(Hmac, VerifiesNothingButItsSignature) {
    Hmac hmac("key");
    const std::string signature = hmac.sign("message");
    EXPECT_TRUE(hmac.verify("message", signature));
    EXPECT_FALSE(hmac.verify("massage", signature));
    EXPECT_FALSE(Hmac("other").verify("message", signature));
    EXPECT_FALSE(hmac.verify("message", ""));
    EXPECT_FALSE(hmac.verify("message", signature.substr(0, 31)));
    EXPECT_FALSE(hmac.verify("message", signature + '\0'));
    for (std::size_t i = 0; i < signature.size(); ++i) {
        std::string changed = signature;
        changed[i] ^= 1;
        EXPECT_FALSE(hmac.verify("message", changed)) << i;
    }
}

TEST(Hmac, GoesOnWhereItIsMoved) {
    Hmac first("key");
    const std::string signature = first.sign("message");
    Hmac second = std::move(first);
    EXPECT_EQ(second.sign("message"), signature);
    second = Hmac("other");
    EXPECT_NE(second.sign("message"), signature);
}

TEST(Hmac, ComparesTexts) {
    EXPECT_TRUE(equal_in_constant_time("", ""));
    EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
    EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
    EXPECT_FALSE(equal_in_constant_time("abc", "ab"));
    EXPECT_FALSE(equal_in_constant_time("", "a"));
}

}  // namespace
}  // namespace limp::base
