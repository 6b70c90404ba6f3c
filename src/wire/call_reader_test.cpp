#include "wire/call_reader.hpp"

#include <gtest/gtest.h>

#include "base/base64.hpp"
#include "wire/jws.hpp"

namespace limp::wire {
namespace {

using namespace std::literals;

constexpr std::int64_t now_ms = 1'549'000'000'000;

// What net and app keep for a connection that is on a session.
class CallReader : public testing::Test {
protected:
    ReadCall read(std::string_view text) {
        const Keys keys{session_, anonymous_};
        return read_call(text, keys, now_ms, limits_);
    }

    // For a connection that is not on a session.
    ReadCall read_as_anonymous(std::string_view text) {
        const Keys keys{anonymous_, anonymous_};
        return read_call(text, keys, now_ms, limits_);
    }

    std::string signed_by_session(std::string_view payload) { return write_jws(payload, session_); }
    std::string signed_by_anonymous(std::string_view payload) { return write_jws(payload, anonymous_); }

    static std::string message(const std::string& token, const std::string& more = {}) {
        return R"({"token":")" + token + '"' + more + '}';
    }

    // What is refused: status, code and call_id, with a message for people.
    void expect_refused(std::string_view text, const std::string& expected) {
        SCOPED_TRACE(text);
        const ReadCall answer = read(text);
        const Refusal* refusal = std::get_if<Refusal>(&answer.result);
        ASSERT_TRUE(refusal);
        EXPECT_EQ(std::to_string(refusal->status()) + ' ' + refusal->code() + ' ' + answer.call_id, expected)
            << refusal->message();
        EXPECT_TRUE(refusal->message().ends_with('.')) << refusal->message();
    }

    void expect_payload_refused(std::string_view payload, const std::string& expected) {
        SCOPED_TRACE(payload);
        expect_refused(message(signed_by_session(payload)), expected);
    }

    base::Hmac session_{"session token"};
    base::Hmac anonymous_{"__ANON"};
    base::JsonLimits limits_{.depth = 16, .values = 1'000};
};

TEST_F(CallReader, ReadsASignedCall) {
    const ReadCall answer = read(message(signed_by_session(
        R"({"query":[{"a":1}],"doc":{"b":[]},"sid":"f00","token":"t","endpoint":"Blog/Read","call_id":"k3","iat":1})"
    )));
    EXPECT_EQ(answer.call_id, R"("k3")");
    EXPECT_TRUE(answer.signed_by_session);
    const Call& call = std::get<Call>(answer.result);
    EXPECT_EQ(call.endpoint, "Blog/Read");
    EXPECT_EQ(call.sid, "f00");
    EXPECT_EQ(call.query, Value(List{Object{{"a", 1}}}));
    EXPECT_EQ(call.doc, Value(Object{{"b", List()}}));
    EXPECT_EQ(call.signed_as, "");
}

TEST_F(CallReader, FillsInWhatIsMissing) {
    for (const auto payload : {R"({"endpoint":"a/b"})", R"({"endpoint":"a/b","sid":null})"}) {
        const ReadCall answer = read(message(signed_by_session(payload)));
        EXPECT_EQ(answer.call_id, "");
        const Call& call = std::get<Call>(answer.result);
        EXPECT_EQ(call.sid, std::nullopt);
        EXPECT_EQ(call.query, Value(Object()));
        EXPECT_EQ(call.doc, Value(Object()));
    }
}

TEST_F(CallReader, ReadsTheAuthFrameOfAClient) {
    const ReadCall answer = read_as_anonymous(
        R"({"token":"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJkb2MiOnsiaGFzaCI6ImV5Sm9ZWE5vSWpwYkltVnRZV2xzS)"
        R"(Wl3aVFVUk5TVTVBVEVsTlVDNU5RVk5CUVZJdVEwOU5JaXdpWDE5QlJFMUpUaUpkZlEiLCJlbWFpbCI6IkFETUlOQExJTVAuT)"
        R"(UFTQUFSLkNPTSJ9LCJzaWQiOiJmMDAwMDAwMDAwMDAwMDAwMDAwMDAwMTIiLCJ0b2tlbiI6Il9fQU5PTiIsInF1ZXJ5Ijp7f)"
        R"(SwiZW5kcG9pbnQiOiJzZXNzaW9uL2F1dGgiLCJjYWxsX2lkIjoiazNqOXgyIiwiaWF0IjoxNTQ5MDAwMDAwLCJleHAiOjE1N)"
        R"(DkwODY0MDB9.dZw8pw9ZXsbXA4ByzCmAklVMyOTyj7L1Qyjf-GylwMc"})"
    );
    EXPECT_EQ(answer.call_id, R"("k3j9x2")");
    EXPECT_TRUE(answer.signed_by_session);
    const Call& call = std::get<Call>(answer.result);
    EXPECT_EQ(call.endpoint, "session/auth");
    EXPECT_EQ(call.sid, "f00000000000000000000012");
    EXPECT_EQ(call.doc.find("email")->string(), "ADMIN@LIMP.MASAAR.COM");
}

TEST_F(CallReader, ReadsEveryFrame) {
    const std::string token = signed_by_session(R"({"endpoint":"a/b","call_id":1})");
    const std::pair<std::string, const char*> frames[] = {
        {token, "1"},
        {message(token), "1"},
        {" { \"token\" : \"" + token + "\" } ", "1"},
        {message(token, R"(,"call_id":"outer")"), R"("outer")"},
        {R"({"call_id":1.50,"token":")" + token + "\"}", "1.50"},
        {R"({"call_id":null,"\u0074oken":")" + token + "\"}", "null"},
    };
    for (const auto& [frame, call_id] : frames) {
        const ReadCall answer = read(frame);
        EXPECT_TRUE(std::holds_alternative<Call>(answer.result)) << frame;
        EXPECT_EQ(answer.call_id, call_id) << frame;
    }
}

TEST_F(CallReader, ReadsSessionAuthAndReauthAsTheyAre) {
    for (const auto text : {
             R"({"endpoint":"session/auth","doc":{"hash":"x"},"call_id":7})",
             R"({"call_id":7,"endpoint":"Session/ReAuth","query":{"_id":"x"}})",
             R"({"call_id":7,"endpoint":"session/auth","token":"__ANON","iat":1,"exp":1549000100,"sid":"f"})",
         }) {
        const ReadCall answer = read(text);
        EXPECT_TRUE(std::holds_alternative<Call>(answer.result)) << text;
        EXPECT_FALSE(answer.signed_by_session);
        EXPECT_EQ(answer.call_id, "7");
    }
}

TEST_F(CallReader, TakesTheAnonymousKeyForBeginningASession) {
    for (const auto payload : {R"({"endpoint":"session/auth"})", R"({"endpoint":"SESSION/reauth"})"}) {
        const ReadCall answer = read(message(signed_by_anonymous(payload)));
        EXPECT_TRUE(std::holds_alternative<Call>(answer.result)) << payload;
        EXPECT_FALSE(answer.signed_by_session);
    }
    expect_refused(message(signed_by_anonymous(R"({"endpoint":"a/b","call_id":7})")), "403 CORE_REQ_INVALID_TOKEN 7");
    expect_refused(message(signed_by_anonymous(R"({"endpoint":1,"call_id":7})")), "403 CORE_REQ_INVALID_TOKEN 7");
    EXPECT_TRUE(read_as_anonymous(message(signed_by_anonymous(R"({"endpoint":"a/b"})"))).signed_by_session);
}

TEST_F(CallReader, AnswersABadSignatureWithTheCallIdOfWhatWasSigned) {
    const std::string invalid = "403 CORE_REQ_INVALID_TOKEN ";
    base::Hmac other("another token");
    const std::string token = write_jws(R"({"endpoint":"a/b","call_id":"k3"})", other);
    const std::string signed_part = token.substr(0, token.rfind('.'));
    const std::string payload_part = signed_part.substr(signed_part.find('.') + 1);
    const auto with_header = [&](std::string_view header) { return base::to_base64url(header) + '.' + payload_part; };

    expect_refused(token, invalid + R"("k3")");
    expect_refused(message(token), invalid + R"("k3")");
    expect_refused(message(token, R"(,"call_id":7)"), invalid + "7");
    expect_refused(message(signed_part + '.'), invalid + R"("k3")");
    expect_refused(message(signed_part), invalid + R"("k3")");
    expect_refused(message(with_header(R"({"alg":"none"})") + '.'), invalid + R"("k3")");
    expect_refused(message(with_header(R"({"alg":"RS256"})") + token.substr(token.rfind('.'))), invalid + R"("k3")");
    expect_refused(message(with_header(std::string(1'000'000, 'x')) + ".abc"), invalid + R"("k3")");
    expect_refused(message(token + ".more"), invalid + R"("k3")");
    expect_refused(message(token + "="), invalid + R"("k3")");
}

TEST_F(CallReader, RefusesTokensThatAreNone) {
    const std::string invalid = "403 CORE_REQ_INVALID_TOKEN ";
    for (const auto token : {"", ".", "..", "...", "x", "a.b.c", "é", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30."})
        expect_refused(message(token), invalid);
    for (const auto text : {"a.b.c", "..", "1.2.3", "\"a.b.c\"", "[1.1,2.2]"}) expect_refused(text, invalid);
    expect_refused(R"({"token":"a\"b","call_id":7})", invalid + "7");
}

TEST_F(CallReader, RefusesAFrameThatIsNone) {
    const std::string invalid = "400 CORE_REQ_INVALID_CALL ";
    const std::string token = signed_by_session(R"({"endpoint":"a/b","call_id":1})");
    const std::pair<std::string, const char*> frames[] = {
        {"", ""},
        {" ", ""},
        {"hello", ""},
        {"null", ""},
        {"7", ""},
        {"[]", ""},
        {R"("token")", ""},
        {"{", ""},
        {"{]", ""},
        {"\xEF\xBB\xBF{}", ""},
        {"{}{}", ""},
        {"\0"s, ""},
        {R"({"call_id":7,)", "7"},
        {R"({"call_id":7}x)", "7"},
        {R"({"call_id":7,"a":'x'})", "7"},
        {R"({"call_id":7,"a":"\ud800"})", "7"},
        {R"({"call_id":7,"token":5})", "7"},
        {R"({"call_id":7,"token":null})", "7"},
        {R"({"call_id":7,"token":["x"]})", "7"},
        {message(token, R"(,"call_id":{})"), ""},
        {message(token, R"(,"call_id":[1])"), ""},
        {message(token, R"(,"call_id":")" + std::string(127, 'x') + "\""), ""},
        {message(token, R"(,"call_id":18446744073709551615)"), ""},
        {message(token, R"(,"call_id":7,"call_id":8)"), "7"},
        {message(token, R"(,"token":"x","call_id":7)"), "7"},
        {message(token, R"(,"call_id":7,"sid":"x")"), "7"},
        {message(token, R"(,"call_id":7,"doc":{})"), "7"},
        {R"({"call_id":7,"doc":)" + std::string(17, '[') + std::string(17, ']') + "}", "7"},
    };
    for (const auto& [frame, call_id] : frames) expect_refused(frame, invalid + call_id);
}

TEST_F(CallReader, RefusesAnyOtherCallThatIsNotSigned) {
    expect_refused(R"({"endpoint":"user/read","call_id":7})", "403 CORE_REQ_NOT_TOKENISED 7");
    expect_refused(R"({"endpoint":"session/signout","call_id":7})", "403 CORE_REQ_NOT_TOKENISED 7");
    expect_refused(R"({"endpoint":" session/auth"})", "403 CORE_REQ_NOT_TOKENISED ");
    expect_refused(R"({"endpoint":"user/read","token":"x"})", "403 CORE_REQ_NOT_TOKENISED ");
    expect_refused(R"({"call_id":7,"endpoint":["session/auth"]})", "403 CORE_REQ_NOT_TOKENISED 7");
    expect_refused("{}", "400 CORE_REQ_NO_ENDPOINT ");
    expect_refused(R"({"call_id":"x"})", "400 CORE_REQ_NO_ENDPOINT \"x\"");
    expect_refused(R"({"call_id":7,"endpoint":"session/auth","doc":[1]})", "400 CORE_REQ_INVALID_CALL 7");
    expect_refused(R"({"call_id":7,"endpoint":"session/auth","exp":1})", "403 CORE_REQ_INVALID_TOKEN 7");
}

TEST_F(CallReader, RefusesASignedCallThatIsNone) {
    const std::string invalid = "400 CORE_REQ_INVALID_CALL ";
    const std::pair<std::string, const char*> payloads[] = {
        {"", ""},
        {"nonsense", ""},
        {"[]", ""},
        {"\"a/b\"", ""},
        {R"({"endpoint":"a/b","call_id":7)", ""},
        {R"({"endpoint":"a/b","call_id":7,"doc":{"a":1,"a":2}})", "7"},
        {R"({"endpoint":"a/b","endpoint":"a/c","call_id":7})", "7"},
        {"{\"call_id\":7,\"endpoint\":\"\xFF\"}", "7"},
        {R"({"endpoint":null,"call_id":7})", "7"},
        {R"({"endpoint":5,"call_id":7})", "7"},
        {R"({"endpoint":["a/b"],"call_id":7})", "7"},
        {R"({"endpoint":"a/b","sid":5,"call_id":7})", "7"},
        {R"({"endpoint":"a/b","sid":{"$ne":""},"call_id":7})", "7"},
        {R"({"endpoint":"a/b","query":null,"call_id":7})", "7"},
        {R"({"endpoint":"a/b","query":"x","call_id":7})", "7"},
        {R"({"endpoint":"a/b","doc":null,"call_id":7})", "7"},
        {R"({"endpoint":"a/b","doc":5,"call_id":7})", "7"},
        {R"({"endpoint":"a/b","doc":[{},[]],"call_id":7})", "7"},
        {R"({"endpoint":"a/b","docs":{},"call_id":7})", "7"},
        {R"({"endpoint":"a/b","Query":{},"call_id":7})", "7"},
        {R"({"endpoint":"a/b","aud":"x","call_id":7})", "7"},
        {R"({"endpoint":"a/b","__proto__":{},"call_id":7})", "7"},
        {R"({"endpoint":"a/b","call_id":[7]})", ""},
        {R"({"endpoint":"a/b","call_id":{"$gt":0}})", ""},
        {R"({"endpoint":"a/b","call_id":")" + std::string(127, 'x') + "\"}", ""},
    };
    for (const auto& [payload, call_id] : payloads) expect_payload_refused(payload, invalid + call_id);
    expect_payload_refused(R"({"call_id":7})", "400 CORE_REQ_NO_ENDPOINT 7");
    expect_payload_refused(R"({"call_id":7,"doc":5})", "400 CORE_REQ_NO_ENDPOINT 7");
}

TEST_F(CallReader, AcceptsAListOfDocs) {
    for (const auto doc : {"[]", "[{}]", R"([{"a":1},{"a":2}])"}) {
        const ReadCall answer =
            read(message(signed_by_session(R"({"endpoint":"a/b","doc":)" + std::string(doc) + "}")));
        EXPECT_TRUE(std::holds_alternative<Call>(answer.result)) << doc;
    }
}

TEST_F(CallReader, HonoursExpAndNbfWithALeewayOfAMinute) {
    const auto is_accepted = [&](const std::string& members) {
        return std::holds_alternative<Call>(
            read(message(signed_by_session(R"({"endpoint":"a/b",)" + members + "}"))).result
        );
    };
    EXPECT_TRUE(is_accepted(R"("exp":1549000000)"));
    EXPECT_TRUE(is_accepted(R"("exp":1548999940,"nbf":1549000060)"));
    EXPECT_TRUE(is_accepted(R"("exp":1548999940.5,"nbf":0,"iat":9999999999)"));
    EXPECT_TRUE(is_accepted(R"("exp":9223372036854775807)"));
    EXPECT_TRUE(is_accepted(R"("exp":1e300,"nbf":-1e300)"));
    EXPECT_FALSE(is_accepted(R"("exp":1548999939)"));
    EXPECT_FALSE(is_accepted(R"("exp":1548999939.9)"));
    EXPECT_FALSE(is_accepted(R"("nbf":1549000061)"));
    EXPECT_FALSE(is_accepted(R"("exp":-9223372036854775808)"));

    const std::string invalid = "403 CORE_REQ_INVALID_TOKEN 7";
    for (const auto times :
         {R"("exp":0)", R"("exp":null)", R"("exp":"1549000000")", R"("nbf":true)", R"("nbf":[])", R"("nbf":9999999999)",
          R"("exp":1549000000,"nbf":{})"})
        expect_payload_refused(R"({"endpoint":"a/b","call_id":7,)" + std::string(times) + "}", invalid);
}

TEST_F(CallReader, SaysWhichKeySignedWhatItRefuses) {
    EXPECT_TRUE(read(message(signed_by_session(R"({"doc":5})"))).signed_by_session);
    EXPECT_FALSE(read(message(signed_by_anonymous(R"({"doc":5})"))).signed_by_session);
    EXPECT_FALSE(read("nonsense").signed_by_session);
}

TEST_F(CallReader, NamesWhatItDoesNotKnowButNotAtLength) {
    const std::string name = std::string(63, 'x') + "é" + std::string(60'000, 'x');
    const ReadCall answer = read(message(signed_by_session(R"({"endpoint":"a/b",")" + name + R"(":1})")));
    const std::string text = std::get<Refusal>(answer.result).message();
    EXPECT_NE(text.find("no \"" + std::string(63, 'x') + "…\":"), std::string::npos) << text;
}

TEST(NormalEndpoint, IsLowerCase) {
    EXPECT_EQ(normal_endpoint("Session/AUTH"), "session/auth");
    EXPECT_EQ(normal_endpoint(""), "");
}

TEST_F(CallReader, TellsTheSidThatIsClaimedBeforeAnythingIsVerified) {
    const auto claimed = [&](std::string_view text) { return claimed_sid(text, limits_); };
    const std::string token = signed_by_session(R"({"endpoint":"a/b","sid":"s1"})");
    EXPECT_EQ(claimed(message(token)), "s1");
    EXPECT_EQ(claimed(message(token, R"(,"call_id":"1")")), "s1");
    EXPECT_EQ(claimed(token), "s1");
    EXPECT_EQ(claimed(message(token.substr(0, token.size() - 5))), "s1");
    for (const std::string& nobody :
         {message(signed_by_session(R"({"endpoint":"a/b"})")), message(signed_by_session(R"({"sid":1})")),
          message(signed_by_session("no JSON")), message("..."), R"({"endpoint":"session/auth","sid":"s1"})"s, "{"s,
          ""s, "[1]"s}) {
        EXPECT_EQ(claimed(nobody), "") << nobody;
    }
}

}  // namespace
}  // namespace limp::wire
