#include "net/proxy_header.hpp"

#include <gtest/gtest.h>

namespace limp::net {
namespace {

using State = ProxyHeader::State;

const std::string signature("\r\n\r\n\0\r\nQUIT\n", 12);

std::string header(int command, int family, const std::string& rest) {
    std::string bytes = signature;
    bytes += static_cast<char>(command);
    bytes += static_cast<char>(family);
    bytes += static_cast<char>(rest.size() / 256);
    bytes += static_cast<char>(rest.size() % 256);
    return bytes + rest;
}

const std::string over_v4("\xcb\x00\x71\x09\x0a\x00\x00\x01\x12\x67\x1f\x91", 12);  // 203.0.113.9:4711 to 10.0.0.1:8081
const std::string over_v6 = std::string("\x20\x01\x0d\xb8", 4) + std::string(11, '\0') + "\x07" + std::string(20, '\0');

TEST(ProxyHeader, SaysWhoTheClientIs) {
    const ProxyHeader v4 = read_proxy_header(header(0x21, 0x11, over_v4) + "GET / HTTP/1.1");
    EXPECT_EQ(v4.state, State::complete);
    EXPECT_EQ(v4.bytes, 28U);
    EXPECT_EQ(v4.address, "203.0.113.9");
    const ProxyHeader v6 = read_proxy_header(header(0x21, 0x21, over_v6));
    EXPECT_EQ(v6.state, State::complete);
    EXPECT_EQ(v6.address, "2001:db8::7");
}

TEST(ProxyHeader, FurtherFieldsArePassedOver) {
    const ProxyHeader read = read_proxy_header(header(0x21, 0x11, over_v4 + std::string(300, 'x')) + "next");
    EXPECT_EQ(read.bytes, 16U + 12U + 300U);
    EXPECT_EQ(read.address, "203.0.113.9");
}

TEST(ProxyHeader, AProxyMaySpeakForItself) {
    const ProxyHeader read = read_proxy_header(header(0x20, 0x00, ""));
    EXPECT_EQ(read.state, State::complete);
    EXPECT_EQ(read.bytes, 16U);
    EXPECT_EQ(read.address, "");
}

TEST(ProxyHeader, ComesInAnyPieces) {
    const std::string whole = header(0x21, 0x21, over_v6);
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_EQ(read_proxy_header(whole.substr(0, size)).state, State::need_more) << size;
}

TEST(ProxyHeader, AnythingElseIsWrong) {
    for (const std::string& bytes : {
             std::string("GET / HTTP/1.1\r\n"),
             std::string("PROXY TCP4 203.0.113.9 10.0.0.1 4711 8081\r\n"),  // version 1
             std::string("\r\n\r\nGET"), header(0x11, 0x11, over_v4),       // another version
             header(0x22, 0x11, over_v4),                                   // another command
             header(0x21, 0x11, over_v4.substr(1)),                         // too short for its family
             header(0x21, 0x21, over_v4),                                   // likewise
             header(0x21, 0x12, over_v4),                                   // UDP
             header(0x21, 0x31, std::string(216, 'x')),                     // a UNIX socket
             header(0x21, 0x11, std::string(4081, 'x')),                    // too long
         })
        EXPECT_EQ(read_proxy_header(bytes).state, State::wrong) << testing::PrintToString(bytes);
}

}  // namespace
}  // namespace limp::net
