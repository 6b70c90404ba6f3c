#include "net/trusted_proxies.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace limp::net {
namespace {

using Hops = std::vector<std::string>;

TEST(TrustedProxies, AreAddressesAndNetworks) {
    const TrustedProxies proxies({"127.0.0.1", "10.0.0.0/8", "192.168.5.128/25", "fd00::/8", "2001:db8::7"});
    for (const char* address :
         {"127.0.0.1", "10.255.0.1", "192.168.5.200", "fdff::1", "2001:db8::7", "::ffff:10.1.1.1"})
        EXPECT_TRUE(proxies.trusts(address)) << address;
    for (const char* address : {"127.0.0.2", "11.0.0.1", "192.168.5.127", "fe00::1", "2001:db8::8", "", "nonsense"})
        EXPECT_FALSE(proxies.trusts(address)) << address;
    EXPECT_FALSE(TrustedProxies().trusts("127.0.0.1"));
    EXPECT_TRUE(TrustedProxies({"0.0.0.0/0"}).trusts("203.0.113.9"));
    EXPECT_FALSE(TrustedProxies({"0.0.0.0/0"}).trusts("2001:db8::1"));
}

TEST(TrustedProxies, WhatIsNoNetworkIsRefusedByName) {
    for (const char* text :
         {"", "localhost", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8x", "fd00::/129", "10.0.0/8", "/8"}) {
        try {
            TrustedProxies({text});
            FAIL() << text;
        } catch (const std::invalid_argument& error) {
            const std::string said = error.what();
            EXPECT_TRUE(said.starts_with('"' + std::string(text) + '"')) << said;
            EXPECT_NE(said.find("10.0.0.0/8"), said.npos) << said;
        }
    }
}

TEST(TrustedProxies, TheClientIsTheLastThatIsNoProxy) {
    const TrustedProxies proxies({"127.0.0.1", "10.0.0.0/8"});
    EXPECT_EQ(proxies.client("127.0.0.1", {"203.0.113.9"}), "203.0.113.9");
    EXPECT_EQ(proxies.client("127.0.0.1", {"198.51.100.1", "203.0.113.9", "10.0.0.2"}), "203.0.113.9");
    EXPECT_EQ(proxies.client("127.0.0.1", {"[2001:DB8::7]:4711"}), "2001:db8::7");
    EXPECT_EQ(proxies.client("127.0.0.1", {"203.0.113.9:4711"}), "203.0.113.9");
    EXPECT_EQ(proxies.client("127.0.0.1", {"::ffff:203.0.113.9"}), "203.0.113.9");
    EXPECT_EQ(proxies.client("127.0.0.1", {"10.0.0.3"}), "10.0.0.3") << "nobody is said to stand behind it";
}

TEST(TrustedProxies, WhoIsNoProxyIsNotBelieved) {
    const TrustedProxies proxies({"127.0.0.1"});
    EXPECT_EQ(proxies.client("203.0.113.9", {"198.51.100.1"}), "203.0.113.9");
    EXPECT_EQ(proxies.client("127.0.0.1", Hops{}), "127.0.0.1");
    for (const char* nonsense : {"unknown", "", "[", "[]", ":", "203.0.113.9; drop", "_hidden"})
        EXPECT_EQ(proxies.client("127.0.0.1", {"198.51.100.1", nonsense}), "127.0.0.1") << nonsense;
}

}  // namespace
}  // namespace limp::net
