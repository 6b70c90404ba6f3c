#include "app/get_call.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "app/proofs.hpp"
#include "base/base64.hpp"
#include "base/hmac.hpp"
#include "base/json.hpp"
#include "base/loop.hpp"
#include "base/pool.hpp"
#include "base/time.hpp"
#include "core/core.hpp"
#include "store/stores.hpp"
#include "wire/jws.hpp"

namespace limp::app {
namespace {

using namespace std::chrono_literals;
using Headers = std::vector<std::pair<std::string, std::string>>;

const std::string png = std::string("\x89PNG\r\n\x1a\n", 8) + "and so on";
const std::string first_id = "000000000000000000000001";
const std::string second_id = "000000000000000000000002";

engine::Options cheap_options() {
    engine::Options options;
    options.password_cost = {1, 8192};
    options.server_key = "a key for tests, as long as any";
    options.limits.thumbnails = {"30x20", "60x40"};
    options.shrink = [](std::string, Bytes, std::string size) -> Task<Bytes> {
        co_return "\xff\xd8\xff made smaller to " + size;
    };
    return options;
}

Method by_get(std::string name, Operation operation, std::vector<Argument> arguments, std::string privilege = "*") {
    Method method;
    method.name = std::move(name);
    method.operation = operation;
    method.get_method = true;
    method.query_args = std::move(arguments);
    method.permissions = {{std::move(privilege), Object{}, {}, {}}};
    return method;
}

// Says what it was asked, in a type of its own.
Task<> say(Event& event) {
    event.answer = Answer::ok("<" + base::to_json(event.query_args) + ">", {{"type", "text/x-said"}});
    co_return;
}

Task<> say_bytes(Event& event) {
    event.answer = Answer{291, {}, {{"type", "text/x-said"}, {"name", "said.txt"}}, std::nullopt, std::string("said")};
    co_return;
}

Module pictures() {
    const auto optional = [](std::string name, Type type) { return Attr{std::move(name), std::move(type), true, {}}; };
    Module module;
    module.name = "picture";
    module.collection = "pictures";
    module.attrs = {
        optional("title", Type::of(Type::Kind::str)),
        optional("rank", Type::of(Type::Kind::integer)),
        optional("shown", Type::of(Type::Kind::boolean)),
        optional("photo", Type::of(Type::Kind::file)),
        optional("papers", Type::list_of(Type::of(Type::Kind::file))),
        optional("secret", Type::of(Type::Kind::file)),
        optional(
            "page", Type::object_of(
                        {{"photo", Type::of(Type::Kind::file), true, {}}, {"more", Type::of(Type::Kind::any), true, {}}}
                    )
        )
    };
    const Type text = Type::of(Type::Kind::str);
    Method read = by_get(
        "read", Operation::read, {{"rank", Argument::Need::optional, {}}, {"shown", Argument::Need::optional, {}}}
    );
    read.permissions = {{"*", Object{}, {}, {"secret"}}};
    Method create = by_get("create", Operation::create, {});
    create.get_method = false;
    Method retrieve = by_get(
        "retrieve_file", Operation::retrieve,
        {{"_id", Argument::Need::always, Type::of(Type::Kind::id)},
         {"var", Argument::Need::always, text},
         {"thumb", Argument::Need::optional, text}}
    );
    retrieve.permissions = {{"read", Object{}, {}, {}}, {"*", Object{{"shown", Object{{"val", true}}}}, {}, {}}};
    Method own = by_get(
        "say", Operation::own,
        {{"_id", Argument::Need::always, Type::of(Type::Kind::id)},
         {"much", Argument::Need::optional, Type::of(Type::Kind::real)}}
    );
    own.body = say;
    Method bytes = by_get("say_bytes", Operation::own, {});
    bytes.body = say_bytes;
    Method guarded = by_get("guarded", Operation::own, {}, "admin");
    guarded.body = say;
    module.methods = {read, create, retrieve, own, bytes, guarded};
    return module;
}

std::string body_of(const net::HttpResponse& response) {
    return response.file ? response.file->text() : response.body;
}

Object file(const std::string& name, const std::string& type, const std::string& bytes) {
    const std::string content = base::to_base64(bytes);
    return {{"name", name}, {"type", type}, {"size", bytes.size()}, {"lastModified", 0}, {"content", content}};
}

std::string header_of(const net::HttpResponse& response, const std::string& name) {
    const auto found = std::ranges::find(response.headers, name, &std::pair<std::string, std::string>::first);
    return found == response.headers.end() ? "none" : found->second;
}

std::string outcome(const net::HttpResponse& response) {
    const Value answer = base::parse_json(response.body);
    EXPECT_EQ(*answer.find("status"), Value(response.status)) << response.body;
    const Value* args = answer.find("args");
    const Value* code = args ? args->find("code") : nullptr;
    return std::to_string(response.status) + (code ? " " + code->string() : "");
}

class GottenCalls : public testing::Test {
public:
    GottenCalls() {
        engine.prepare_store();
        base::run_to_end(engine.start());
        create(
            {{"rank", 1},
             {"shown", true},
             {"title", "first"},
             {"photo", file("a\"ä.png", "text/html", png)},
             {"papers", List{file("one.html", "text/html", "<b>"), file("two; b.txt", "", "0123456789")}},
             {"secret", file("s.png", "image/png", png)},
             {"page", Object{{"photo", file("p.png", "", png)}}}}
        );
        create({{"rank", 2}, {"shown", false}, {"title", "second"}, {"photo", file("b.png", "image/png", png)}});
    }

    void create(Object doc) {
        const Answer answer = base::run_to_end([](GottenCalls& test, Object doc) -> Task<Answer> {
            Call call;
            call.endpoint = "picture/create";
            call.doc = std::move(doc);
            co_return co_await test.calls->run(std::move(call), {"192.0.2.7", "gets"});
        }(*this, std::move(doc)));
        EXPECT_EQ(answer.status, 200) << answer.msg;
        ids.push_back(base::parse_json(answer.docs.value()).list().front().find("_id")->string());
    }

    net::HttpResponse sent(net::HttpRequest request) {
        return base::run_to_end([](GottenCalls& test, net::HttpRequest sent) -> Task<net::HttpResponse> {
            co_return co_await get_call(sent, {"192.0.2.7", "gets"}, test.engine, *test.calls, test.config);
        }(*this, std::move(request)));
    }
    net::HttpResponse get(const std::string& target, Headers headers = {}) {
        return sent({"GET", target, std::move(headers), {}});
    }
    std::string outcome_of(const std::string& target, Headers headers = {}) {
        return outcome(get(target, std::move(headers)));
    }
    std::string photo(std::size_t number) const { return "/picture/retrieve_file/" + ids[number] + "/photo"; }

    // A session of the administrator, by the engine.
    Value signed_in() {
        const Settings settings;
        base::Hmac key(settings.admin_password);
        const Object proof{{"email", settings.admin_email}, {"password", settings.admin_password}};
        Call call;
        call.endpoint = "session/auth";
        call.doc = Object{{"email", settings.admin_email}, {"hash", wire::write_jws(base::to_json(proof), key)}};
        const Answer answer = base::run_to_end([](GottenCalls& test, Call auth) -> Task<Answer> {
            co_return co_await test.calls->run(std::move(auth), {"192.0.2.7", "gets"});
        }(*this, std::move(call)));
        return answer.args.find("docs")->list().front();
    }

    static Headers authorization(const Value& session, const Object& payload, std::string_view scheme = "LIMP") {
        base::Hmac key(session.find("token")->string());
        const std::string jws = wire::write_jws(base::to_json(payload), key);
        return {{"authorization", std::string(scheme) + " " + session.find("_id")->string() + "." + jws}};
    }
    static Headers authorization(const Value& session, const std::string& path, std::int64_t ahead_s = 30) {
        return authorization(session, Object{{"m", "GET"}, {"p", path}, {"exp", base::now_ms() / 1000 + ahead_s}});
    }

    Config config;
    std::vector<std::string> ids;
    std::unique_ptr<Store> store = store::open_memory();
    base::Pool passwords{{"password", 1, 8, 0}};
    engine::Engine engine{
        engine::linked_in({core::make({}), {"shop", {pictures()}, {}, {}}}),
        *store,
        passwords,
        cheap_options(),
        {proofs(), {}}
    };
    std::shared_ptr<SingleCalls> calls = std::make_shared<SingleCalls>(engine, 10s);
};

TEST_F(GottenCalls, ReadByTheValuesOfTheirPath) {
    const net::HttpResponse all = get("/Picture/READ");
    EXPECT_EQ(outcome(all), "200");
    EXPECT_EQ(base::parse_json(all.body).find("args")->find("docs")->list().size(), 2U);
    const Value second = base::parse_json(get("/picture/read/2").body);
    EXPECT_EQ(*second.find("args")->find("docs")->list().at(0).find("title"), Value("second"));
    const Value none = base::parse_json(get("/picture/read/2/true").body);
    EXPECT_EQ(none.find("args")->find("docs")->list().size(), 0U);
    EXPECT_EQ(outcome_of("/picture/read/two"), "400 CORE_QUERY_INVALID");
    EXPECT_EQ(outcome_of("/picture/read/2/maybe"), "400 CORE_QUERY_INVALID");
}

TEST_F(GottenCalls, GiveMethodsOfOnesOwnTypedArguments) {
    const net::HttpResponse said = get("/picture/say/" + first_id + "/1.5");
    EXPECT_EQ(said.body, "<{\"_id\":\"" + first_id + "\",\"much\":1.5}>");
    EXPECT_EQ(said.type, "text/x-said");
    EXPECT_EQ(outcome_of("/picture/say"), "400 SHOP_PICTURE_MISSING_ATTR");
    EXPECT_EQ(outcome_of("/picture/say/xyz"), "400 SHOP_PICTURE_INVALID_ATTR");
    EXPECT_EQ(outcome_of("/picture/say/" + first_id + "/x%20y"), "400 SHOP_PICTURE_INVALID_ATTR");
    const net::HttpResponse bytes = get("/picture/say_bytes");
    EXPECT_EQ(bytes.status, 200);
    EXPECT_EQ(body_of(bytes), "said");
    EXPECT_EQ(header_of(bytes, "Content-Disposition"), "inline; filename=\"said.txt\"; filename*=UTF-8''said.txt");
}

TEST_F(GottenCalls, AreRefusedWithTheStatusesOfHttp) {
    EXPECT_EQ(outcome_of("/nothing/read"), "404 CORE_REQ_NOT_FOUND");
    EXPECT_EQ(outcome_of("/picture/nothing"), "404 CORE_REQ_NOT_FOUND");
    EXPECT_EQ(outcome_of("/picture"), "404 CORE_REQ_NOT_FOUND");
    EXPECT_EQ(outcome_of("/picture/read/"), "404 CORE_REQ_NOT_FOUND");
    EXPECT_EQ(outcome_of("/picture/read/1/true/more"), "404 CORE_REQ_NOT_FOUND");
    EXPECT_EQ(outcome_of("/picture/read/%zz"), "400 CORE_REQ_INVALID_PATH");
    EXPECT_EQ(outcome_of("/picture/read/%ff"), "400 CORE_REQ_INVALID_PATH");
    EXPECT_EQ(outcome_of("/picture/read?rank=1"), "400 CORE_REQ_INVALID_CALL");
    EXPECT_EQ(outcome_of("/picture/guarded"), "403 CORE_SESSION_FORBIDDEN");
    EXPECT_EQ(outcome_of("/picture/create"), "405 CORE_REQ_INVALID_VERB");
    EXPECT_EQ(header_of(get("/picture/create"), "Allow"), "OPTIONS");
    const net::HttpResponse posted = sent({"POST", "/picture/read", {}, {}});
    EXPECT_EQ(outcome(posted), "405 CORE_REQ_INVALID_VERB");
    EXPECT_EQ(header_of(posted, "Allow"), "GET, HEAD, OPTIONS");
    EXPECT_EQ(outcome(sent({"DELETE", "/picture/nothing", {}, {}})), "404 CORE_REQ_NOT_FOUND");
    EXPECT_EQ(sent({"OPTIONS", "/picture/read", {}, {}}).status, 204);
    EXPECT_EQ(header_of(sent({"OPTIONS", "/picture/create", {}, {}}), "Allow"), "OPTIONS");
}

TEST_F(GottenCalls, AreNotForSockets) {
    const Answer answer = base::run_to_end([](GottenCalls& test) -> Task<Answer> {
        Call call;
        call.endpoint = "picture/read";
        co_return co_await test.calls->run(std::move(call), {"192.0.2.7", "gets"});
    }(*this));
    EXPECT_EQ(*answer.args.find("code"), Value("CORE_REQ_GET_METHOD"));
}

TEST_F(GottenCalls, MayBeReadByAnyPageAndComeFromCaches) {
    const net::HttpResponse response = get("/picture/read", {{"origin", "https://anybody.example"}});
    EXPECT_EQ(header_of(response, "Access-Control-Allow-Origin"), "*");
    EXPECT_EQ(header_of(response, "Access-Control-Allow-Methods"), "GET");
    EXPECT_EQ(header_of(response, "Access-Control-Allow-Headers"), "Content-Type");
    EXPECT_EQ(header_of(response, "Powered-By"), "Masaar, https://masaar.com");
    EXPECT_EQ(header_of(response, "X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(header_of(response, "Cache-Control"), "no-cache");
    EXPECT_EQ(header_of(response, "Vary"), "Authorization");
    const std::string etag = header_of(response, "ETag");
    EXPECT_EQ(etag.size(), 34U);
    const net::HttpResponse again = get("/picture/read", {{"if-none-match", etag}});
    EXPECT_EQ(again.status, 304);
    EXPECT_EQ(body_of(again), "");
    create({{"rank", 3}});
    EXPECT_EQ(get("/picture/read", {{"if-none-match", etag}}).status, 200);
}

TEST_F(GottenCalls, RetrieveFiles) {
    const net::HttpResponse response = get(photo(0));
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(body_of(response), png);
    EXPECT_EQ(response.type, "image/png");
    EXPECT_EQ(
        header_of(response, "Content-Disposition"), "inline; filename=\"a___.png\"; filename*=UTF-8''a%22%C3%A4.png"
    );
    EXPECT_EQ(header_of(response, "X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(header_of(response, "Content-Security-Policy"), "default-src 'none'; sandbox");
    EXPECT_EQ(header_of(response, "Accept-Ranges"), "bytes");
    EXPECT_EQ(get(photo(0), {{"if-none-match", header_of(response, "ETag")}}).status, 304);
    EXPECT_EQ(body_of(sent({"HEAD", photo(0), {}, {}})), png);  // the server leaves it out
    EXPECT_EQ(body_of(get("/picture/retrieve_file/" + ids[0] + "/page.photo")), png);
}

TEST_F(GottenCalls, RetrieveImagesMadeSmaller) {
    const net::HttpResponse whole = get(photo(0));
    const net::HttpResponse small = get(photo(0) + "/30x20");
    EXPECT_EQ(small.status, 200);
    EXPECT_EQ(body_of(small), "\xff\xd8\xff made smaller to 30x20");
    EXPECT_EQ(small.type, "image/jpeg");
    EXPECT_NE(header_of(small, "ETag"), header_of(whole, "ETag"));
    EXPECT_NE(header_of(small, "ETag"), header_of(get(photo(0) + "/60x40"), "ETag"));
    EXPECT_EQ(get(photo(0) + "/30x20", {{"if-none-match", header_of(small, "ETag")}}).status, 304);
    EXPECT_EQ(outcome_of(photo(0) + "/31x20"), "400 SHOP_PICTURE_INVALID_ATTR");
    EXPECT_EQ(outcome_of(photo(0) + "/small"), "400 SHOP_PICTURE_INVALID_ATTR");
    EXPECT_EQ(outcome_of(photo(0) + "/30x20/more"), "404 CORE_REQ_NOT_FOUND");
    EXPECT_EQ(outcome_of("/picture/retrieve_file/" + ids[0] + "/papers/30x20"), "400 CORE_FILE_NO_IMAGE");
    EXPECT_EQ(outcome_of(photo(1) + "/30x20"), "404 CORE_REQ_NOT_FOUND");  // only what is shown
}

TEST_F(GottenCalls, RetrieveOneOfSeveralFilesAndNothingThatRuns) {
    const std::string papers = "/picture/retrieve_file/" + ids[0] + "/papers";
    const net::HttpResponse first = get(papers);
    EXPECT_EQ(body_of(first), "<b>");
    EXPECT_EQ(first.type, "text/html");
    EXPECT_EQ(header_of(first, "Content-Disposition"), "attachment; filename=\"one.html\"; filename*=UTF-8''one.html");
    const net::HttpResponse second = get(papers + ";two%3B%20b.txt");
    EXPECT_EQ(body_of(second), "0123456789");
    EXPECT_EQ(second.type, "application/octet-stream");
    EXPECT_EQ(outcome_of(papers + ";three.txt"), "404 CORE_REQ_NOT_FOUND");
    EXPECT_EQ(outcome_of(photo(0) + ";other.png"), "404 CORE_REQ_NOT_FOUND");
    EXPECT_EQ(get(photo(0) + ";a%22%C3%A4.png").status, 200);
}

TEST_F(GottenCalls, RetrieveNoFilesThatAreNotToBeSeen) {
    const std::string document = "/picture/retrieve_file/" + ids[0];
    EXPECT_EQ(outcome_of(photo(1)), "404 CORE_REQ_NOT_FOUND");  // only what is shown
    EXPECT_EQ(outcome_of(document + "/secret"), "400 SHOP_PICTURE_INVALID_ATTR");
    EXPECT_EQ(outcome_of(document + "/title"), "400 SHOP_PICTURE_INVALID_ATTR");
    EXPECT_EQ(outcome_of(document + "/nothing"), "400 SHOP_PICTURE_INVALID_ATTR");
    EXPECT_EQ(outcome_of(document + "/photo.name"), "400 SHOP_PICTURE_INVALID_ATTR");
    EXPECT_EQ(outcome_of(document + "/page"), "400 SHOP_PICTURE_INVALID_ATTR");
    EXPECT_EQ(outcome_of(document + "/.photo"), "400 SHOP_PICTURE_INVALID_ATTR");
    EXPECT_EQ(outcome_of(document), "400 SHOP_PICTURE_MISSING_ATTR");
    EXPECT_EQ(outcome_of("/picture/retrieve_file/" + first_id + "/photo"), "404 CORE_REQ_NOT_FOUND");
    const Value session = signed_in();
    EXPECT_EQ(get(photo(1), authorization(session, photo(1))).status, 200);
}

TEST_F(GottenCalls, RetrieveNothingThatOnlyLooksLikeAFile) {
    const Document stored = base::run_to_end([](GottenCalls& test) -> Task<Document> {
        Query query;
        query.filter = Filter::equal("_id", test.ids[0]);
        Found found = co_await test.store->read("pictures", std::move(query));
        co_return found.docs.front();
    }(*this));
    const Value& secret = *stored.find("secret");
    ASSERT_NE(secret.find("__file"), nullptr);
    create({{"shown", true}, {"page", Object{{"more", secret}}}});
    const std::string forged = "/picture/retrieve_file/" + ids.back() + "/page.more";
    EXPECT_EQ(outcome_of(forged), "400 SHOP_PICTURE_INVALID_ATTR");
    EXPECT_EQ(outcome_of(forged + ".__file"), "400 SHOP_PICTURE_INVALID_ATTR");
}

TEST_F(GottenCalls, RetrieveParts) {
    const std::string paper = "/picture/retrieve_file/" + ids[0] + "/papers;two%3B%20b.txt";
    const auto part = [&](const std::string& range) {
        const net::HttpResponse response = get(paper, {{"range", range}});
        const bool is_part = response.status == 206 || response.status == 416;
        return std::to_string(response.status) + " " + (response.status == 416 ? "" : body_of(response)) +
               (is_part ? " " + header_of(response, "Content-Range") : "");
    };
    EXPECT_EQ(part("bytes=0-3"), "206 0123 bytes 0-3/10");
    EXPECT_EQ(part("bytes=8-"), "206 89 bytes 8-9/10");
    EXPECT_EQ(part("bytes=-3"), "206 789 bytes 7-9/10");
    EXPECT_EQ(part("bytes=-30"), "206 0123456789 bytes 0-9/10");
    EXPECT_EQ(part("bytes=5-99"), "206 56789 bytes 5-9/10");
    EXPECT_EQ(part("bytes=10-"), "416  bytes */10");
    EXPECT_EQ(part("bytes=-0"), "416  bytes */10");
    for (const char* whole :
         {"bytes=3-1", "bytes=0-1,3-4", "bytes=", "bytes=-", "lines=0-1", "bytes=0x1-2", "bytes=99999999999999999999-"})
        EXPECT_EQ(part(whole), "200 0123456789") << whole;
    const std::string etag = header_of(get(paper), "ETag");
    EXPECT_EQ(get(paper, {{"range", "bytes=0-3"}, {"if-range", etag}}).status, 206);
    EXPECT_EQ(get(paper, {{"range", "bytes=0-3"}, {"if-range", "\"other\""}}).status, 200);
    EXPECT_EQ(get(paper, {{"range", "bytes=0-3"}, {"if-none-match", etag}}).status, 304);
    EXPECT_EQ(sent({"HEAD", paper, {{"range", "bytes=0-3"}}, {}}).status, 200);
}

TEST_F(GottenCalls, AreMadeInTheSessionWhoseTokenIsShown) {
    const Value session = signed_in();
    const std::string path = "/picture/guarded";
    const net::HttpResponse response = get(path, authorization(session, path));
    EXPECT_EQ(response.body, "<{}>");
    EXPECT_EQ(header_of(response, "Cache-Control"), "private, no-store");
    EXPECT_EQ(header_of(response, "Access-Control-Allow-Origin"), "none");
    const Object payload{{"m", "GET"}, {"p", path}, {"exp", base::now_ms() / 1000}};
    EXPECT_EQ(get(path, authorization(session, payload, "limp")).status, 200);
    EXPECT_EQ(sent({"HEAD", path, authorization(session, path), {}}).status, 200);
}

TEST_F(GottenCalls, AreNeverSilentlyAnonymous) {
    const Value session = signed_in();
    const std::string path = "/picture/read";
    const auto refused = [&](const Headers& headers) {
        EXPECT_EQ(outcome_of(path, headers), "403 CORE_REQ_INVALID_TOKEN") << headers.front().second;
    };
    const std::int64_t now_s = base::now_ms() / 1000;
    refused(authorization(session, "/picture/other"));
    refused(authorization(session, path, 70));
    refused(authorization(session, path, -70));
    refused(authorization(session, Object{{"m", "POST"}, {"p", path}, {"exp", now_s}}));
    refused(authorization(session, Object{{"m", "GET"}, {"p", path}}));
    refused(authorization(session, Object{{"m", "GET"}, {"p", path}, {"exp", "soon"}}));
    refused(authorization(session, Object{{"exp", now_s}}));
    refused(authorization(Object{{"_id", *session.find("_id")}, {"token", "guessed"}}, path));
    refused(authorization(Object{{"_id", second_id}, {"token", *session.find("token")}}, path));
    refused(authorization(Object{{"_id", std::string(anon_session_id)}, {"token", "__ANON"}}, path));
    refused(authorization(session, Object{{"m", "GET"}, {"p", path}, {"exp", now_s}}, "Bearer"));
    for (const char* other : {"", "LIMP", "LIMP ", "LIMP .", "Basic YTpi", "LIMP a.b.c.d"})
        refused({{"authorization", other}});
    Headers twice = authorization(session, path);
    twice.push_back(twice.front());
    refused(twice);
}

TEST_F(GottenCalls, EndWithTheirSession) {
    const Value session = signed_in();
    base::run_to_end([](GottenCalls& test, std::string id) -> Task<> {
        Change change;
        change.kind = Change::Kind::soft_delete;
        change.collection = "sessions";
        change.filter = Filter::equal("_id", id);
        Batch batch;
        batch.changes.push_back(change);
        EXPECT_EQ((co_await test.store->write(std::move(batch)))[0].modified, 1);
    }(*this, session.find("_id")->string()));
    EXPECT_EQ(outcome_of("/picture/read", authorization(session, "/picture/read")), "403 CORE_SESSION_SESSION_EXPIRED");
}

TEST_F(GottenCalls, WithASessionComeFromPagesThatAreKnown) {
    config.dev = false;
    config.allowed_origins = {"https://app.example.com"};
    const Value session = signed_in();
    Headers headers = authorization(session, "/picture/read");
    headers.insert(headers.end(), {{"origin", "https://app.example.com"}, {"host", "x"}});
    EXPECT_EQ(header_of(get("/picture/read", headers), "Access-Control-Allow-Origin"), "https://app.example.com");
    headers[1].second = "https://evil.example";
    EXPECT_EQ(outcome_of("/picture/read", headers), "403 CORE_REQ_INVALID_ORIGIN");

    const auto asked = [&](const std::string& origin, const std::string& wanted) {
        return sent(
            {"OPTIONS",
             "/picture/read",
             {{"origin", origin}, {"access-control-request-method", "GET"}, {"access-control-request-headers", wanted}},
             {}}
        );
    };
    const net::HttpResponse known = asked("https://app.example.com", "authorization,range");
    EXPECT_EQ(known.status, 204);
    EXPECT_EQ(header_of(known, "Access-Control-Allow-Origin"), "https://app.example.com");
    EXPECT_EQ(
        header_of(known, "Access-Control-Allow-Headers"), "Authorization, Content-Type, If-None-Match, If-Range, Range"
    );
    EXPECT_EQ(asked("https://evil.example", "Authorization").status, 403);
    EXPECT_EQ(header_of(asked("https://evil.example", "range"), "Access-Control-Allow-Origin"), "*");
}

}  // namespace
}  // namespace limp::app
