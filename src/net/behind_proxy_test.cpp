// Connections that come by a proxy: whom they count for, and who is told to the doorkeeper.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "net/loopback.hpp"

namespace limp::net {
namespace {

const std::string plain_get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

std::string get_for(const std::string& client) {
    return "GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: " + client + "\r\n\r\n";
}

// 203.0.113.N, by PROXY version 2.
std::string header_for(char last) {
    return std::string("\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c", 16) + std::string("\xcb\x00\x71", 3) + last +
           std::string("\x0a\0\0\x01\x12\x67\x1f\x91", 8);
}

struct BehindProxy : testing::Test {
    BehindProxy() {
        options.trusted_proxies = TrustedProxies({"127.0.0.1"});
        options.connections_per_address_max = 2;
        doorkeeper.reply = [](const HttpRequest&, const Peer& peer) {
            HttpResponse response;
            response.body = peer.address;
            return response;
        };
    }
    TestServer& server() {
        if (!server_) server_ = std::make_unique<TestServer>(doorkeeper, options);
        return *server_;
    }
    std::string answer_to(const std::string& bytes) {
        Client client(server().port());
        client.send(bytes);
        const std::string answer = client.read_answer();
        return answer.substr(answer.find("\r\n\r\n") + 4);
    }

    TestDoorkeeper doorkeeper;
    Options options = loopback_options();

private:
    std::unique_ptr<TestServer> server_;
};

TEST_F(BehindProxy, TheForwardedClientAsks) {
    EXPECT_EQ(answer_to(get_for("203.0.113.9")), "203.0.113.9");
    EXPECT_EQ(answer_to(get_for("198.51.100.1, 203.0.113.9")), "203.0.113.9");
    EXPECT_EQ(answer_to(get_for("nobody")), "127.0.0.1");
    EXPECT_EQ(answer_to(plain_get), "127.0.0.1");
}

TEST_F(BehindProxy, OthersAreNotBelieved) {
    options.trusted_proxies = TrustedProxies({"192.0.2.1"});
    EXPECT_EQ(answer_to(get_for("203.0.113.9")), "127.0.0.1");
}

TEST_F(BehindProxy, AProxyMayHaveManyConnections) {
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < 10; ++i) {
        clients.push_back(std::make_unique<Client>(server().port()));
        clients.back()->send(get_for("203.0.113.9"));
        EXPECT_TRUE(clients.back()->read_answer().starts_with("HTTP/1.1 200"));
    }
}

TEST_F(BehindProxy, SocketsCountForTheirClients) {
    const auto upgrade = [&](Client& client, const std::string& address) {
        client.send(Client::handshake("X-Forwarded-For: " + address + "\r\n"));
        return client.read_through("\r\n\r\n");
    };
    Client first(server().port());
    Client second(server().port());
    Client third(server().port());
    Client other(server().port());
    EXPECT_TRUE(upgrade(first, "203.0.113.9").starts_with("HTTP/1.1 101"));
    EXPECT_TRUE(upgrade(second, "203.0.113.9").starts_with("HTTP/1.1 101"));
    EXPECT_TRUE(upgrade(third, "203.0.113.9").starts_with("HTTP/1.1 503"));
    EXPECT_TRUE(upgrade(other, "203.0.113.10").starts_with("HTTP/1.1 101"));
}

TEST_F(BehindProxy, TheHeaderOfTheProxyProtocolNamesTheClient) {
    options.proxy_protocol = true;
    EXPECT_EQ(answer_to(header_for(9) + plain_get), "203.0.113.9");
    EXPECT_EQ(answer_to(header_for(9) + get_for("198.51.100.1")), "203.0.113.9") << "it is no proxy itself";
    EXPECT_EQ(answer_to(std::string("\r\n\r\n\0\r\nQUIT\n\x20\0\0\0", 16) + plain_get), "127.0.0.1");

    Client slow(server().port());
    for (const char byte : header_for(7) + plain_get) slow.send(std::string(1, byte));
    EXPECT_TRUE(slow.read_answer().ends_with("203.0.113.7"));
}

TEST_F(BehindProxy, ConnectionsCountForTheClientOfTheHeader) {
    options.proxy_protocol = true;
    const auto answered = [&](Client& client, char last) {
        client.send(header_for(last) + plain_get);
        return client.read_answer();
    };
    Client first(server().port());
    Client second(server().port());
    Client other(server().port());
    answered(first, 9);
    answered(second, 9);
    Client third(server().port());
    third.send(header_for(9) + plain_get);
    EXPECT_EQ(third.read_to_end(), "");
    EXPECT_TRUE(answered(other, 10).ends_with("203.0.113.10"));
}

TEST_F(BehindProxy, WhatHasNoHeaderIsClosed) {
    options.proxy_protocol = true;
    Client client(server().port());
    client.send(plain_get);
    EXPECT_EQ(client.read_to_end(), "");
    EXPECT_EQ(answer_to(header_for(9) + plain_get), "203.0.113.9");
}

TEST_F(BehindProxy, WhoIsNoProxyIsClosedWhereAHeaderIsExpected) {
    options.proxy_protocol = true;
    options.trusted_proxies = TrustedProxies({"192.0.2.1"});
    Client client(server().port());
    client.send(header_for(9) + plain_get);
    EXPECT_EQ(client.read_to_end(), "");
}

}  // namespace
}  // namespace limp::net
