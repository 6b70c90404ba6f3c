#include "base/password.hpp"

#include <gtest/gtest.h>

#include <new>

namespace limp::base {
namespace {

using namespace std::literals;

constexpr PasswordCost least = {.operations = 1, .memory_bytes = 8192};

TEST(Password, FitsItsHash) {
    const std::string hash = hash_password("correct horse", least);
    EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$")) << hash;
    EXPECT_TRUE(verify_password(hash, "correct horse"));
    EXPECT_FALSE(verify_password(hash, "correct horsf"));
    EXPECT_FALSE(verify_password(hash, "correct hors"));
    EXPECT_FALSE(verify_password(hash, ""));
}

TEST(Password, HasASaltOfItsOwnEachTime) {
    EXPECT_NE(hash_password("same", least), hash_password("same", least));
}

TEST(Password, CountsEveryByte) {
    const std::string hash = hash_password("a\0b"sv, least);
    EXPECT_TRUE(verify_password(hash, "a\0b"sv));
    EXPECT_FALSE(verify_password(hash, "a"));
    EXPECT_FALSE(verify_password(hash, "a\0c"sv));
    EXPECT_TRUE(verify_password(hash_password("", least), ""));
}

TEST(Password, OfNoHashIsNobodys) {
    const std::string hash = hash_password("password", least);
    EXPECT_FALSE(verify_password("", "password"));
    EXPECT_FALSE(verify_password("password", "password"));
    EXPECT_FALSE(verify_password("$argon2id$", "password"));
    EXPECT_FALSE(verify_password(hash.substr(0, hash.size() - 1), "password"));
    EXPECT_FALSE(verify_password(hash + "x", "password"));
    EXPECT_FALSE(verify_password(hash + '\0', "password"));
    EXPECT_FALSE(verify_password(hash + "\0x"s, "password"));
    EXPECT_FALSE(verify_password(std::string(1000, '$'), "password"));
}

TEST(Password, OfACostThatCannotBePaidIsRefused) {
    EXPECT_THROW(hash_password("password", {.operations = 1, .memory_bytes = 1}), std::bad_alloc);
    EXPECT_THROW(hash_password("password", {.operations = 0, .memory_bytes = 8192}), std::bad_alloc);
}

}  // namespace
}  // namespace limp::base
