// Hooks and methods of a package's own, in a module that each test writes for itself.
#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "app/proofs.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "base/loop.hpp"
#include "base/pool.hpp"
#include "core/core.hpp"
#include "engine/engine.hpp"
#include "store/stores.hpp"

namespace limp {
namespace {

using When = HookPoint::When;

Method everybodys(std::string name, Operation operation) {
    Method method;
    method.name = std::move(name);
    method.operation = operation;
    method.permissions = {{"*", Object{}, {}, {}}};
    return method;
}

struct Hooks : testing::Test {
    Module note;
    std::unique_ptr<Store> store = store::open_memory();
    base::Pool passwords{{"password", 1, 4, 0}};
    std::unique_ptr<engine::Engine> engine;
    std::string log;

    Hooks() {
        note.name = "note";
        note.collection = "notes";
        note.attrs = {
            {"text", Type::of(Type::Kind::str), false, {}},
            {"length", Type::of(Type::Kind::integer), true, {}},
        };
        note.methods = {
            everybodys("read", Operation::read), everybodys("create", Operation::create),
            everybodys("update", Operation::update), everybodys("delete", Operation::remove)
        };
        base::set_log_capture(&log);
    }
    ~Hooks() override { base::set_log_capture(nullptr); }

    void hook(When when, Operation operation, Step step) { note.hooks.push_back({when, operation, std::move(step)}); }

    static List docs(const Answer& answer) { return base::parse_json(answer.docs.value()).list(); }

    Answer call(const std::string& endpoint, Value doc = Object{}, Value query = Object{}) {
        if (!engine) {
            engine::Options options;
            options.password_cost = {1, 8192};
            options.server_key = "a key for tests, as long as any";
            engine = std::make_unique<engine::Engine>(
                engine::linked_in({core::make({}), {"shop", {note}, {}, {}}}), *store, passwords, std::move(options),
                engine::Introductions{app::proofs(), {}}
            );
            engine->prepare_store();
            base::run_to_end(engine->start());
        }
        return base::run_to_end(run(endpoint, std::move(query), std::move(doc)));
    }

    Task<Answer> run(std::string endpoint, Value query, Value doc) {
        engine::VisitorPtr visitor = co_await engine->admit({"127.0.0.1", "test"});
        Call call;
        call.endpoint = std::move(endpoint);
        call.query = std::move(query);
        call.doc = std::move(doc);
        co_return co_await engine->run(std::move(call), std::move(visitor));
    }

    std::int64_t count() { return call("note/read").args.find("total")->integer(); }
};

std::string code(const Answer& answer) {
    return answer.args.find("code")->string();
}

TEST_F(Hooks, ABeforeHookFillsTheDoc) {
    hook(When::before, Operation::create, [](Event& event) -> Task<> {
        event.doc["length"] = event.doc.find("text")->string().size();
        co_return;
    });
    EXPECT_EQ(call("note/create", Object{{"text", "four"}}).status, 200);
    EXPECT_EQ(*docs(call("note/read"))[0].find("length"), Value(4));
}

TEST_F(Hooks, WhatAHookSetsIsOfTheRightTypeToo) {
    hook(When::before, Operation::create, [](Event& event) -> Task<> {
        event.doc["length"] = "four";
        co_return;
    });
    EXPECT_EQ(code(call("note/create", Object{{"text", "four"}})), "SHOP_NOTE_INVALID_ATTR");
    EXPECT_EQ(count(), 0);
}

TEST_F(Hooks, AHookRefusesWithItsOwnCode) {
    hook(When::before, Operation::create, [](Event&) -> Task<> {
        throw Refusal(409, "SHOP_NOTE_CLOSED", "No more notes today.");
        co_return;
    });
    const Answer answer = call("note/create", Object{{"text", "x"}});
    EXPECT_EQ(answer.status, 409);
    EXPECT_EQ(code(answer), "SHOP_NOTE_CLOSED");
    EXPECT_EQ(count(), 0);
}

TEST_F(Hooks, WhateverElseAHookThrowsIsAFaultWithoutItsText) {
    hook(When::before, Operation::create, [](Event&) -> Task<> {
        throw std::runtime_error("the password is 1234");
        co_return;
    });
    const Answer answer = call("note/create", Object{{"text", "x"}});
    EXPECT_EQ(answer.status, 500);
    EXPECT_EQ(code(answer), "CORE_SERVER_ERROR");
    EXPECT_EQ(answer.msg.find("1234"), std::string::npos);
    EXPECT_NE(log.find("1234"), std::string::npos);
    EXPECT_EQ(count(), 0);
}

TEST_F(Hooks, EvenWhatIsNoExceptionEndsItsCallAlone) {
    hook(When::before, Operation::create, [](Event&) -> Task<> {
        throw 7;
        co_return;
    });
    EXPECT_EQ(call("note/create", Object{{"text", "x"}}).status, 500);
    EXPECT_EQ(count(), 0);
}

TEST_F(Hooks, ABeforeHookThatAnswersEndsTheCall) {
    hook(When::before, Operation::read, [](Event& event) -> Task<> {
        event.answer = Answer::ok("From the hook.");
        co_return;
    });
    hook(When::before, Operation::read, [](Event&) -> Task<> {
        throw std::logic_error("not reached");
        co_return;
    });
    EXPECT_EQ(call("note/read").msg, "From the hook.");
}

TEST_F(Hooks, ABeforeHookNarrowsTheQuery) {
    hook(When::before, Operation::read, [](Event& event) -> Task<> {
        event.query.filter.narrow(Filter::equal("text", "shown"));
        co_return;
    });
    call("note/create", Object{{"text", "shown"}});
    call("note/create", Object{{"text", "kept back"}});
    EXPECT_EQ(count(), 1);
}

TEST_F(Hooks, AnAfterHookChangesWhatIsShownAlone) {
    hook(When::after, Operation::read, [](Event& event) -> Task<> {
        for (Document& doc : event.docs) doc["text"] = "…";
        co_return;
    });
    call("note/create", Object{{"text", "x"}});
    EXPECT_EQ(*docs(call("note/read"))[0].find("text"), Value("…"));
    EXPECT_EQ(call("note/read", Object{}, Object{{"text", Object{{"val", "x"}}}}).args.find("total")->integer(), 1);
}

TEST_F(Hooks, ChangesAddedByAHookAreStoredWithTheCallOrNotAtAll) {
    hook(When::before, Operation::create, [](Event& event) -> Task<> {
        Change change;
        change.kind = Change::Kind::update;
        change.collection = "notes";
        change.filter = Filter::equal("text", "counter");
        change.set = {{"length", 1}};
        change.must_match = event.doc.find("text")->string() != "counter";
        event.with.push_back(std::move(change));
        co_return;
    });
    EXPECT_NE(call("note/create", Object{{"text", "first"}}).status, 200);
    EXPECT_EQ(count(), 0);
    EXPECT_EQ(call("note/create", Object{{"text", "counter"}}).status, 200);
    EXPECT_EQ(call("note/create", Object{{"text", "second"}}).status, 200);
    EXPECT_EQ(count(), 2);
}

TEST_F(Hooks, AHookMayWait) {
    hook(When::before, Operation::update, [](Event& event) -> Task<> {
        co_await base::sleep(std::chrono::milliseconds(1));
        event.doc["length"] = 9;
    });
    call("note/create", Object{{"text", "x"}});
    EXPECT_EQ(call("note/update", Object{{"text", "y"}}).status, 200);
    EXPECT_EQ(*docs(call("note/read"))[0].find("length"), Value(9));
}

TEST_F(Hooks, AMethodOfOnesOwnGetsItsArgumentsTyped) {
    Method method = everybodys("repeat", Operation::own);
    method.doc_args = {{"times", Argument::Need::always, Type::of(Type::Kind::integer)}};
    method.body = [](Event& event) -> Task<> {
        event.answer = Answer::ok("Repeated.", {{"times", *event.doc_args.find("times")}});
        co_return;
    };
    note.methods.push_back(std::move(method));
    EXPECT_EQ(*call("note/repeat", Object{{"times", 3}}).args.find("times"), Value(3));
    EXPECT_EQ(code(call("note/repeat", Object{{"times", "3"}})), "SHOP_NOTE_INVALID_ATTR");
    EXPECT_EQ(code(call("note/repeat")), "SHOP_NOTE_MISSING_ATTR");
    EXPECT_EQ(code(call("note/repeat", Object{{"times", 3}, {"tmies", 4}})), "SHOP_NOTE_INVALID_ATTR");
}

}  // namespace
}  // namespace limp
