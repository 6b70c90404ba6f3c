#include "calls/runner.hpp"

#include <gtest/gtest.h>

#include "base/hmac.hpp"
#include "base/json.hpp"
#include "calls/credentials.hpp"
#include "wire/jws.hpp"

namespace limp::calls {
namespace {

// Answers with the call itself, once its signature fits the token that a client should use by then.
class Mirror : public Client {
public:
    std::string greeting() override { return R"({"status":200,"msg":"hello"})"; }

    std::string exchange(std::string_view message) override {
        const Value frame = base::parse_json(message);
        if (!frame.find("token")) return R"({"status":403,"args":{}})";
        const auto jws = wire::read_jws(frame.find("token")->string());
        base::Hmac key(token_);
        const bool fits = jws && wire::verify(*jws, key);
        const Value call = jws ? base::parse_json(jws->payload) : Value(Object{});
        Object args = {{"call", call}, {"call_id", *call.find("call_id")}};
        if (fits && *call.find("endpoint") == Value("Session/Auth")) {
            token_ = "the new token";
            args["docs"] = List{Object{{"token", token_}, {"_id", "the session"}}};
        }
        return base::to_json(Object{{"status", fits ? 200 : 403}, {"args", args}});
    }

private:
    std::string token_ = std::string(anonymous_token);
};

void run(std::string_view text) {
    Runner([] { return std::make_unique<Mirror>(); }).run(read_transcript(text));
}

TEST(Runner, FollowsTheSessionOfAConnection) {
    EXPECT_NO_THROW(run(R"(
connect ann
< {"msg": "hello"}
> {"endpoint": "Session/Auth"}
< {"status": 200}
> {"endpoint": "a/b"}
< {"status": 200}
key __ANON
> {"endpoint": "a/b"}
< {"status": 403}
as anon
> {"endpoint": "a/b"}
< {"status": 200}
)"));
}

TEST(Runner, KeepsValuesForLaterCalls) {
    EXPECT_NO_THROW(run(R"(
> {"endpoint": "a/b", "doc": {"n": [1, 7]}}
< {"args": {"call": {"doc": {"n": "$any"}}}}
save seven = args.call.doc.n.1
> {"endpoint": "a/b", "doc": {"n": "$seven", "text": "n${seven}"}}
< {"args": {"call": {"doc": {"n": 7, "text": "n7"}}}}
)"));
}

TEST(Runner, FailsAtTheLineThatDiffers) {
    try {
        run("> {\"endpoint\": \"a/b\"}\n< {\"status\": 200}\n> {\"endpoint\": \"a/b\"}\n< {\"status\": 500}\n");
        FAIL() << "nothing was thrown";
    } catch (const TranscriptError& error) {
        EXPECT_TRUE(std::string(error.what()).starts_with("line 4: status should be 500, is 200")) << error.what();
    }
    EXPECT_THROW(run("as nobody\n"), TranscriptError);
    EXPECT_THROW(run("! {}\n< {\"status\": 403}\nsave x = args.docs.0\n"), TranscriptError);
    EXPECT_THROW(run("let x = no_such_form a\n"), TranscriptError);
}

// Values from LIMP's own SDK.
TEST(Credentials, AreThoseOfTheSdk) {
    EXPECT_EQ(
        computed("sdk_hash", {"email", "ADMIN@LIMP.MASAAR.COM", "__ADMIN"}),
        "eyJoYXNoIjpbImVtYWlsIiwiQURNSU5ATElNUC5NQVNBQVIuQ09NIiwiX19BRE1JTiJdfQ"
    );
    EXPECT_EQ(computed("sdk_reauth", {"abcdef12"}), "eyJ0b2tlbiI6ImFiY2RlZjEyIn0");
    EXPECT_FALSE(computed("sdk_reauth", {}));
}

}  // namespace
}  // namespace limp::calls
