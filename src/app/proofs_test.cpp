#include "app/proofs.hpp"

#include <gtest/gtest.h>

#include "base/base64.hpp"
#include "base/hmac.hpp"
#include "wire/jws.hpp"

namespace limp::app {
namespace {

std::string jws(std::string_view payload, std::string_view secret) {
    base::Hmac key(secret);
    return wire::write_jws(payload, key);
}

// What LIMP's SDK 4.0 sends for the default admin, made with another library (jsrsasign).
constexpr std::string_view sdk_email = "eyJoYXNoIjpbImVtYWlsIiwiQURNSU5ATElNUC5NQVNBQVIuQ09NIiwiX19BRE1JTiJdfQ";

TEST(PasswordIn, TheSegmentOfTheSdk) {
    EXPECT_EQ(password_in(sdk_email, "email", "ADMIN@LIMP.MASAAR.COM"), "__ADMIN");
    EXPECT_EQ(
        password_in("eyJoYXNoIjpbInBob25lIiwiKzk3MTUwMDAwMDAwMCIsIl9fQURNSU4iXX0", "phone", "+971500000000"), "__ADMIN"
    );
}

TEST(PasswordIn, ASegmentForAnotherKeyOrValueIsNothing) {
    EXPECT_EQ(password_in(sdk_email, "username", "ADMIN@LIMP.MASAAR.COM"), std::nullopt);
    EXPECT_EQ(password_in(sdk_email, "email", "admin@limp.masaar.com"), std::nullopt);
}

TEST(PasswordIn, TheWholeJwsInAnyKeyOrder) {
    EXPECT_EQ(password_in(jws(R"({"email":"a@b.c","password":"pw"})", "pw"), "email", "a@b.c"), "pw");
    EXPECT_EQ(password_in(jws(R"({"password":"pw","email":"a@b.c"})", "pw"), "email", "a@b.c"), "pw");
}

TEST(PasswordIn, AJwsSignedWithAnotherSecretIsNothing) {
    EXPECT_EQ(password_in(jws(R"({"email":"a@b.c","password":"pw"})", "other"), "email", "a@b.c"), std::nullopt);
}

TEST(PasswordIn, NonsenseIsNothing) {
    auto segment = [](std::string_view json) { return base::to_base64url(json); };
    for (const std::string& hash :
         {std::string(), std::string("."), std::string(".."), std::string("a.b.c"), std::string("!"), segment("[]"),
          segment("{}"), segment(R"({"hash":"email"})"), segment(R"({"hash":["email","a@b.c"]})"),
          segment(R"({"hash":["email","a@b.c","pw","x"]})"), segment(R"({"hash":["email","a@b.c",{"$ne":1}]})"),
          jws(R"({"email":"a@b.c"})", "pw"), jws(R"({"email":"a@b.c","password":1})", "1"), jws("[]", "pw")}) {
        EXPECT_EQ(password_in(hash, "email", "a@b.c"), std::nullopt) << hash;
    }
}

TEST(ShowsToken, EitherForm) {
    EXPECT_TRUE(shows_token("eyJ0b2tlbiI6ImFiY2RlZjEyIn0", "abcdef12"));
    EXPECT_TRUE(shows_token(jws(R"({"token":"abcdef12"})", "abcdef12"), "abcdef12"));
}

TEST(ShowsToken, NothingElse) {
    EXPECT_FALSE(shows_token("eyJ0b2tlbiI6ImFiY2RlZjEyIn0", "abcdef13"));
    EXPECT_FALSE(shows_token(jws(R"({"token":"abcdef12"})", "other"), "abcdef12"));
    EXPECT_FALSE(shows_token(jws(R"({"token":"other"})", "abcdef12"), "abcdef12"));
    EXPECT_FALSE(shows_token(jws(R"({"token":["abcdef12"]})", "abcdef12"), "abcdef12"));
    EXPECT_FALSE(shows_token("", "abcdef12"));
}

}  // namespace
}  // namespace limp::app
