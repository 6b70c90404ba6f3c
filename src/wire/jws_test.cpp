#include "wire/jws.hpp"

#include <gtest/gtest.h>

#include "base/base64.hpp"

namespace limp::wire {
namespace {

using namespace std::literals;

constexpr auto key = "kéy";
constexpr auto example =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJhIjoiw6kifQ.Rjf-GqXPjRAZYm8FhHq1SEGGzlk566uZuE7v4T6EgBQ";

// A JWS with any header, signed as it should be.
std::string jws_with(std::string_view header, std::string_view payload = "{}") {
    const std::string signed_part = base::to_base64url(header) + '.' + base::to_base64url(payload);
    return signed_part + '.' + base::to_base64url(base::Hmac(key).sign(signed_part));
}

bool is_accepted(std::string_view text) {
    const auto jws = read_jws(text);
    base::Hmac hmac(key);
    return jws && verify(*jws, hmac);
}

TEST(Jws, WritesWhatOtherLibrariesWrite) {
    base::Hmac hmac(key);
    EXPECT_EQ(write_jws(R"({"a":"é"})", hmac), example);
}

TEST(Jws, ReadsWhatOtherLibrariesWrite) {
    const auto jws = read_jws(example);
    ASSERT_TRUE(jws);
    EXPECT_EQ(jws->payload, R"({"a":"é"})");
    EXPECT_EQ(jws->payload_part, "eyJhIjoiw6kifQ");
    EXPECT_EQ(jws->signed_part, "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJhIjoiw6kifQ");
    EXPECT_EQ(jws->signature.size(), 32U);
    base::Hmac right(key);
    base::Hmac wrong("key");
    EXPECT_TRUE(verify(*jws, right));
    EXPECT_FALSE(verify(*jws, wrong));
}

TEST(Jws, AcceptsHeadersThatSayHs256) {
    for (const auto header : {
             R"({"alg":"HS256","typ":"JWT"})",
             R"({"typ":"JWT","alg":"HS256"})",
             R"({"alg":"HS256"})",
             R"({ "typ" : "jose", "alg" : "\u0048S256", "kid" : null })",
         })
        EXPECT_TRUE(is_accepted(jws_with(header))) << header;
}

TEST(Jws, RefusesEveryOtherHeader) {
    for (const auto header : {
             "",
             "{}",
             "[]",
             "null",
             "\"HS256\"",
             "no JSON",
             R"({"alg":"none"})",
             R"({"alg":"None","typ":"JWT"})",
             R"({"alg":"RS256","typ":"JWT"})",
             R"({"alg":"HS512","typ":"JWT"})",
             R"({"alg":"hs256","typ":"JWT"})",
             R"({"alg":["HS256"],"typ":"JWT"})",
             R"({"alg":null,"typ":"JWT"})",
             R"({"typ":"JWT"})",
             R"({"ALG":"HS256","typ":"JWT"})",
             R"({"alg":"HS256","typ":1})",
             R"({"alg":"HS256","typ":null})",
             R"({"alg":"HS256","crit":[]})",
             R"({"alg":"HS256","crit":["b64"],"b64":false})",
             R"({"alg":"RS256","alg":"HS256"})",
             R"({"alg":"HS256","alg":"HS256"})",
             R"({"alg":"HS256"} )"
             "x",
             "{\"alg\":\"HS256\",\"kid\":\"\xFF\"}",
             R"({"alg":"HS256","x":[[[[[[[[[[1]]]]]]]]]]})",
         })
        EXPECT_FALSE(is_accepted(jws_with(header))) << header;
}

TEST(Jws, RefusesALargeHeader) {
    const auto header_of = [](std::size_t bytes) {
        const std::string begin = R"({"alg":"HS256","kid":")";
        return begin + std::string(bytes - begin.size() - 2, 'x') + "\"}";
    };
    EXPECT_TRUE(is_accepted(jws_with(header_of(1'024))));
    EXPECT_FALSE(is_accepted(jws_with(header_of(1'025))));
    EXPECT_FALSE(is_accepted(jws_with(header_of(1'000'000))));
}

TEST(Jws, RefusesAnythingButThreeParts) {
    const std::string good = example;
    const std::string header = good.substr(0, good.find('.'));
    const std::string signature = good.substr(good.rfind('.'));
    for (const auto& text : {
             ""s,
             "."s,
             ".."s,
             "..."s,
             header,
             header + ".",
             header + "..",
             header + signature,
             good + ".",
             "." + good,
             good + signature,
             header + ".eyJh.IjoifQ" + signature,
             good.substr(0, good.rfind('.')),
             good.substr(0, good.rfind('.') + 1),
             good + "A",
             good.substr(0, good.size() - 1),
         })
        EXPECT_EQ(read_jws(text), std::nullopt) << text;
}

TEST(Jws, AcceptsAnEmptyPayload) {
    EXPECT_TRUE(is_accepted(jws_with(R"({"alg":"HS256","typ":"JWT"})", "")));
}

TEST(Jws, RefusesBase64urlThatIsNotCanonical) {
    const std::string good = example;
    const std::size_t payload = good.find('.') + 1;
    const std::size_t signature = good.rfind('.') + 1;
    std::string text = good;
    text.back() = 'R';  // the same 32 bytes, with a bit set that belongs to none of them
    EXPECT_EQ(read_jws(text), std::nullopt);
    for (const char foreign : {'=', '+', '/', ' ', '\n', '\0', '\xC3'}) {
        for (const std::size_t at : {std::size_t{0}, payload, payload + 3, signature, good.size() - 1}) {
            text = good;
            text[at] = foreign;
            EXPECT_EQ(read_jws(text), std::nullopt) << text;
        }
    }
    EXPECT_EQ(read_jws(good + "="), std::nullopt);
    EXPECT_EQ(read_jws(good.substr(0, signature - 1) + "==" + good.substr(signature - 1)), std::nullopt);
}

TEST(Jws, FindsEveryChangedByte) {
    const std::string good = example;
    for (std::size_t at = 0; at < good.size(); ++at) {
        std::string changed = good;
        changed[at] = changed[at] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(is_accepted(changed)) << at;
    }
}

}  // namespace
}  // namespace limp::wire
