#include "base/versions.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace limp::base {
namespace {

TEST(Versions, ABumpChangesTheSum) {
    Versions versions(64);
    const std::vector<std::string> ids{"a", "b"};
    const std::uint64_t seen = versions.sum(ids);
    versions.bump("b");
    EXPECT_NE(versions.sum(ids), seen);
}

TEST(Versions, NoBumpIsLostBetweenThreads) {
    Versions versions(64);
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&] {
                for (int j = 0; j < 1'000; ++j) versions.bump("id");
            });
    }
    const std::vector<std::string> ids{"id"};
    EXPECT_EQ(versions.sum(ids), 4'000u);
}

}  // namespace
}  // namespace limp::base
