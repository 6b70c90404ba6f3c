#include <gtest/gtest.h>

#include "wire/websocket.hpp"

namespace limp::wire {
namespace {

constexpr auto plain_answer = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

std::optional<std::string> answer(std::string_view offers) {
    WebSocketOptions options;
    return accept_deflate(offers, options);
}

TEST(WebSocketHandshake, AnswersTheKeyOfRfc6455) {
    EXPECT_EQ(accept_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(WebSocketHandshake, RefusesAKeyThatIsNot16Bytes) {
    for (const auto key :
         {"", "AAAA", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZQ= ", "dGhlIHNhbXBsZSBub25jZR==",
          "dGhlIHNhbXBsZSBub25jZQAA", "????????????????????????"})
        EXPECT_EQ(accept_key(key), std::nullopt) << key;
}

TEST(AcceptDeflate, AcceptsWhatBrowsersOffer) {
    WebSocketOptions options;
    EXPECT_EQ(accept_deflate("permessage-deflate; client_max_window_bits", options), plain_answer);
    EXPECT_TRUE(options.deflate);
    EXPECT_EQ(options.server_window_bits, 15);
}

TEST(AcceptDeflate, AcceptsEveryParameter) {
    for (const auto offer : {
             "permessage-deflate",
             "permessage-deflate;server_no_context_takeover;client_no_context_takeover",
             "permessage-deflate; client_max_window_bits=8",
             " permessage-deflate ;\tclient_max_window_bits = \"15\" ",
             ", ,permessage-deflate,",
         })
        EXPECT_EQ(answer(offer), plain_answer) << offer;
}

TEST(AcceptDeflate, KeepsToTheWindowThatIsAskedFor) {
    for (int bits = 9; bits <= 15; ++bits) {
        WebSocketOptions options;
        const std::string said = "; server_max_window_bits=" + std::to_string(bits);
        EXPECT_EQ(accept_deflate("permessage-deflate" + said, options), plain_answer + said);
        EXPECT_EQ(options.server_window_bits, bits);
    }
    EXPECT_EQ(
        answer("permessage-deflate; server_max_window_bits=\"1\\0\""),
        std::string(plain_answer) + "; server_max_window_bits=10"
    );
}

TEST(AcceptDeflate, DeclinesAnOfferItCannotKeep) {
    for (const auto offer : {
             "",
             "x-webkit-deflate-frame",
             "permessage-bzip2; client_max_window_bits",
             "permessage-deflate; server_max_window_bits=8",
             "permessage-deflate; server_max_window_bits",
             "permessage-deflate; server_max_window_bits=16",
             "permessage-deflate; server_max_window_bits=010",
             "permessage-deflate; server_max_window_bits=1x",
             "permessage-deflate; client_max_window_bits=7",
             "permessage-deflate; client_max_window_bits=99999999999",
             "permessage-deflate; server_no_context_takeover=1",
             "permessage-deflate; client_no_context_takeover=\"true\"",
             "permessage-deflate; client_max_window_bits; client_max_window_bits",
             "permessage-deflate; server_max_window_bits=10; server_max_window_bits=10",
             "permessage-deflate; mode=fast",
         })
        EXPECT_EQ(answer(offer), std::nullopt) << offer;
}

TEST(AcceptDeflate, DeclinesWhatIsNoList) {
    for (const auto offer : {
             "permessage-deflate;",
             "permessage-deflate; =10",
             "permessage-deflate; server_max_window_bits=",
             "permessage-deflate; server_max_window_bits=\"",
             "permessage-deflate; server_max_window_bits=\"10",
             "permessage-deflate; server_max_window_bits=\"10\\",
             "permessage-deflate; server_max_window_bits=\"1 0\"",
             "permessage-deflate; server_max_window_bits=\"\"",
             "permessage-deflate server_no_context_takeover",
             "permessage-deflate, (comment)",
             "permessage-deflate, x; y=\"unfinished",
         })
        EXPECT_EQ(answer(offer), std::nullopt) << offer;
}

TEST(AcceptDeflate, TakesTheFirstOfferItCanKeep) {
    EXPECT_EQ(answer("x; a=\"q,; \", permessage-deflate; server_max_window_bits=8, permessage-deflate"), std::nullopt)
        << "a quoted value must be a token";
    EXPECT_EQ(answer("x; a=\"q\", permessage-deflate; server_max_window_bits=8, permessage-deflate"), plain_answer);
    EXPECT_EQ(
        answer("permessage-deflate; unknown, permessage-deflate; server_max_window_bits=12, permessage-deflate"),
        std::string(plain_answer) + "; server_max_window_bits=12"
    );
}

TEST(AcceptDeflate, LeavesTheOptionsAloneWhenItDeclines) {
    WebSocketOptions options;
    EXPECT_EQ(accept_deflate("permessage-deflate; server_max_window_bits=8", options), std::nullopt);
    EXPECT_FALSE(options.deflate);
    EXPECT_EQ(options.server_window_bits, 15);
}

}  // namespace
}  // namespace limp::wire
