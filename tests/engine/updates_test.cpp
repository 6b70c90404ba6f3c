// Undelete, deletion for good, history and counters, in a module that each test writes for itself.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "app/proofs.hpp"
#include "base/json.hpp"
#include "base/loop.hpp"
#include "base/pool.hpp"
#include "core/core.hpp"
#include "engine/engine.hpp"
#include "store/stores.hpp"

namespace limp {
namespace {

Method everybodys(std::string name, Operation operation) {
    Method method;
    method.name = std::move(name);
    method.operation = operation;
    method.permissions = {{"*", Object{}, {}, {}}};
    return method;
}

Attr optional(std::string name, Type type) {
    return {std::move(name), std::move(type), true, {}};
}

Type counter(std::string pattern) {
    Type type = Type::of(Type::Kind::counter);
    type.pattern = std::move(pattern);
    return type;
}

Object by(const std::string& id) {
    return Object{{"_id", Object{{"val", id}}}};
}

// With one more key.
Object by(const std::string& id, std::string special) {
    Object query = by(id);
    query[special] = true;
    return query;
}

struct Updates : testing::Test {
    Module order;
    engine::Options options;
    std::unique_ptr<Store> store = store::open_memory();
    base::Pool passwords{{"password", 1, 4, 0}};
    std::unique_ptr<engine::Engine> engine;

    Updates() {
        order.name = "order";
        order.collection = "orders";
        order.attrs = {
            {"text", Type::of(Type::Kind::str), false, {}},     optional("price", Type::of(Type::Kind::integer)),
            optional("owner", Type::of(Type::Kind::str)),       optional("scan", Type::of(Type::Kind::bin)),
            {"changes", Type::of(Type::Kind::diff), false, {}},
        };
        order.unique = {{"text"}};
        order.methods = {
            everybodys("read", Operation::read),         everybodys("create", Operation::create),
            everybodys("update", Operation::update),     everybodys("delete", Operation::remove),
            everybodys("undelete", Operation::undelete),
        };
        options.password_cost = {1, 8192};
        options.server_key = "a key for tests, as long as any";
    }

    Permission& permission(std::string_view method) {
        for (Method& one : order.methods)
            if (one.name == method) return one.permissions[0];
        throw std::invalid_argument("no such method");
    }

    Answer call(const std::string& method, Value doc = Object{}, Value query = Object{}) {
        if (!engine) {
            engine = std::make_unique<engine::Engine>(
                engine::linked_in({core::make({}), {"shop", {order}, {}, {}}}), *store, passwords, options,
                engine::Introductions{app::proofs(), {}}
            );
            engine->prepare_store();
            base::run_to_end(engine->start());
        }
        return base::run_to_end(run("order/" + method, std::move(query), std::move(doc)));
    }

    Task<Answer> run(std::string endpoint, Value query, Value doc) {
        engine::VisitorPtr visitor = co_await engine->admit({"127.0.0.1", "test"});
        Call call;
        call.endpoint = std::move(endpoint);
        call.query = std::move(query);
        call.doc = std::move(doc);
        co_return co_await engine->run(std::move(call), std::move(visitor));
    }

    static List docs(const Answer& answer) { return base::parse_json(answer.docs.value()).list(); }
    static std::string id(const Answer& created) { return docs(created)[0].find("_id")->string(); }
    static std::int64_t count(const Answer& answer) {
        EXPECT_EQ(answer.status, 200) << answer.msg;
        return answer.status == 200 ? answer.args.find("count")->integer() : -1;
    }
    static std::string code(const Answer& answer) {
        EXPECT_NE(answer.status, 200) << answer.msg;
        return answer.status != 200 ? answer.args.find("code")->string() : std::string();
    }

    List history(const std::string& of) {
        return docs(call("read", Object{}, by(of, "$diff")))[0].find("changes")->list();
    }
    std::size_t kept() { return base::run_to_end(store->read("diffs", {})).docs.size(); }
};

TEST_F(Updates, UndeleteBringsBackWhatWasDeleted) {
    const std::string id = Updates::id(call("create", Object{{"text", "a"}}));
    EXPECT_EQ(count(call("undelete", Object{}, by(id))), 0);
    call("delete", Object{}, by(id));
    const Answer answer = call("undelete", Object{}, by(id));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.msg, "Undeleted 1 doc.");
    EXPECT_EQ(Updates::id(answer), id);
    EXPECT_EQ(count(call("read")), 1);
}

TEST_F(Updates, UndeleteKeepsToItsPermission) {
    permission("undelete").query = Object{{"owner", Object{{"val", "me"}}}};
    call("create", Object{{"text", "a"}, {"owner", "me"}});
    call("create", Object{{"text", "b"}, {"owner", "you"}});
    call("delete");
    EXPECT_EQ(count(call("undelete")), 1);
    EXPECT_EQ(*docs(call("read"))[0].find("text"), Value("a"));
}

TEST_F(Updates, UndeleteOfWhatIsUniqueIsAConflictWhenItIsTaken) {
    const std::string id = Updates::id(call("create", Object{{"text", "a"}}));
    call("delete", Object{}, by(id));
    call("create", Object{{"text", "a"}});
    const Answer answer = call("undelete", Object{}, by(id));
    EXPECT_EQ(answer.status, 409);
    EXPECT_EQ(code(answer), "SHOP_ORDER_DUPLICATE_ORDER");
}

TEST_F(Updates, UndeleteOfWhatFitsNoMoreIsRefused) {
    const std::string id = Updates::id(call("create", Object{{"text", "a"}}));
    call("delete", Object{}, by(id));
    engine.reset();
    order.attrs.push_back({"weight", Type::of(Type::Kind::integer), false, {}});
    const Answer answer = call("undelete", Object{}, by(id));
    EXPECT_EQ(answer.status, 409);
    EXPECT_EQ(code(answer), "SHOP_ORDER_UNFIT");
    EXPECT_NE(answer.msg.find("weight"), std::string::npos) << answer.msg;
}

TEST_F(Updates, DeletingForGoodIsAPermissionsToGrant) {
    const std::string id = Updates::id(call("create", Object{{"text", "a"}}));
    EXPECT_EQ(code(call("delete", Object{}, by(id, "$soft"))), "CORE_SESSION_FORBIDDEN");
    EXPECT_EQ(count(call("read")), 1);
}

TEST_F(Updates, WhatIsDeletedForGoodIsNotBroughtBackAndTakesItsHistoryAlong) {
    permission("delete").hard = true;
    const std::string id = Updates::id(call("create", Object{{"text", "a"}}));
    call("update", Object{{"price", 1}}, by(id));
    EXPECT_EQ(kept(), 1u);
    EXPECT_EQ(count(call("delete", Object{}, by(id, "$soft"))), 1);
    EXPECT_EQ(count(call("undelete", Object{}, by(id))), 0);
    EXPECT_EQ(kept(), 0u);
}

TEST_F(Updates, HistoryTellsWhatUpdatesChanged) {
    const std::string id = Updates::id(call("create", Object{{"text", "a"}}));
    call("update", Object{{"text", "b"}, {"price", 1}}, by(id));
    call("update", Object{{"price", Object{{"$add", 2}}}}, by(id));
    call("update", Object{{"text", "b"}}, by(id));
    EXPECT_EQ(*docs(call("read"))[0].find("changes"), Value(List{}));
    const List entries = history(id);
    ASSERT_EQ(entries.size(), 2u);
    EXPECT_EQ(*entries[0].find("vars"), Value(Object{{"text", "a"}, {"price", nullptr}}));
    EXPECT_EQ(*entries[0].find("to"), Value(Object{{"text", "b"}, {"price", 1}}));
    EXPECT_EQ(*entries[0].find("user")->find("_id"), Value(anon_user_id));
    EXPECT_TRUE(entries[0].find("time")->is_string());
    EXPECT_EQ(*entries[1].find("vars"), Value(Object{{"price", 1}}));
    EXPECT_EQ(*entries[1].find("to"), Value(Object{{"price", 3}}));
}

TEST_F(Updates, HistoryLeavesOutWhatTheCallerIsNotToSee) {
    permission("read").hide = {"price"};
    const std::string id = Updates::id(call("create", Object{{"text", "a"}}));
    call("update", Object{{"text", "b"}, {"price", 1}}, by(id));
    const List entries = history(id);
    EXPECT_EQ(*entries[0].find("vars"), Value(Object{{"text", "a"}}));
    EXPECT_EQ(*entries[0].find("to"), Value(Object{{"text", "b"}}));
}

TEST_F(Updates, HistoryHoldsNoBytes) {
    const std::string id = Updates::id(call("create", Object{{"text", "a"}}));
    call("update", Object{{"scan", "YQ=="}}, by(id));
    EXPECT_EQ(*history(id)[0].find("to"), Value(Object{{"scan", nullptr}}));
}

TEST_F(Updates, HistoryShowsTheNewestOfEachDocumentOldestFirst) {
    options.limits.history_entries = 3;
    const std::string busy = id(call("create", Object{{"text", "a"}}));
    const std::string quiet = id(call("create", Object{{"text", "b"}}));
    call("update", Object{{"price", 1}}, by(quiet));
    for (int price = 1; price <= 20; ++price) call("update", Object{{"price", price}}, by(busy));
    const List found = docs(call("read", Object{}, Object{{"$diff", true}}));
    ASSERT_EQ(found.size(), 2u);
    EXPECT_EQ(found[0].find("changes")->list().size(), 1u);
    const List& entries = found[1].find("changes")->list();
    ASSERT_EQ(entries.size(), 3u);
    EXPECT_EQ(*entries[0].find("to"), Value(Object{{"price", 18}}));
    EXPECT_EQ(*entries[2].find("to"), Value(Object{{"price", 20}}));
}

TEST_F(Updates, HistoryIsKeptWithoutAnAttrThatShowsIt) {
    order.attrs.pop_back();
    const std::string first = id(call("create", Object{{"text", "a"}}));
    call("update", Object{{"price", 1}}, by(first));
    EXPECT_EQ(kept(), 0u);
    engine.reset();
    order.history = true;
    call("update", Object{{"price", 2}}, by(first));
    EXPECT_EQ(kept(), 1u);
}

TEST_F(Updates, HistoryIsNobodysToWrite) {
    const std::string id = Updates::id(call("create", Object{{"text", "a"}, {"changes", List{1}}}));
    EXPECT_EQ(count(call("update", Object{{"changes", List{1}}, {"changes.x", 1}}, by(id))), 0);
    EXPECT_EQ(count(call("update", Object{{"changes", Object{{"$append", 1}}}}, by(id))), 0);
    EXPECT_EQ(history(id).size(), 0u);
}

TEST_F(Updates, CountersNumberDocuments) {
    order.attrs.push_back({"no", counter("INV-$__counter:4/A"), false, {}});
    const Answer first = call("create", Object{{"text", "a"}, {"no", "mine"}}, Object{{"$soft", true}});
    EXPECT_EQ(first.status, 200) << first.msg;
    EXPECT_EQ(*docs(first)[0].find("no"), Value("INV-0001/A"));
    EXPECT_EQ(call("create", Object{{"text", "a"}}).status, 409);
    const Answer both = call("create", List{Object{{"text", "b"}}, Object{{"text", "c"}}}, Object{{"$soft", true}});
    EXPECT_EQ(*docs(both)[0].find("no"), Value("INV-0002/A"));
    EXPECT_EQ(*docs(both)[1].find("no"), Value("INV-0003/A"));
    EXPECT_EQ(*docs(call("read"))[0].find("no"), Value("INV-0003/A"));
    EXPECT_EQ(count(call("update", Object{{"no", "other"}, {"no.x", 1}})), 0);
    EXPECT_EQ(count(call("update", Object{{"no", Object{{"$append", "x"}}}})), 0);
}

TEST_F(Updates, AfterHooksSeeTheNumber) {
    order.attrs.push_back({"no", counter("$__counter"), false, {}});
    Value seen;
    order.hooks.push_back({HookPoint::When::after, Operation::create, [&](Event& event) -> Task<> {
                               seen = *event.docs[0].find("no");
                               co_return;
                           }});
    call("create", Object{{"text", "a"}});
    EXPECT_EQ(seen, Value("1"));
}

TEST_F(Updates, HooksSeeOperatorsAndPathsAsTheClientSentThem) {
    Document seen;
    order.hooks.push_back({HookPoint::When::before, Operation::update, [&](Event& event) -> Task<> {
                               seen = event.doc;
                               event.doc["price"] = Object{{"$add", 10}};
                               co_return;
                           }});
    const std::string id = Updates::id(call("create", Object{{"text", "a"}, {"price", 1}}));
    call("update", Object{{"price", Object{{"$add", 1}}}}, by(id));
    EXPECT_EQ(seen, (Document{{"price", Object{{"$add", 1}}}}));
    EXPECT_EQ(*docs(call("read"))[0].find("price"), Value(11));
}

TEST_F(Updates, WhatAHookMakesOfAnOperatorIsOfTheRightTypeToo) {
    order.hooks.push_back({HookPoint::When::before, Operation::update, [](Event& event) -> Task<> {
                               event.doc["price"] = Object{{"$add", "ten"}};
                               co_return;
                           }});
    call("create", Object{{"text", "a"}});
    EXPECT_EQ(code(call("update", Object{{"owner", "me"}})), "SHOP_ORDER_INVALID_ATTR");
}

TEST_F(Updates, RefusalsNameThePlaceAndWhatWouldBeRight) {
    order.attrs.push_back(optional("tags", Type::list_of(Type::of(Type::Kind::str))));
    order.attrs.push_back(optional("home", Type::object_of({{"town", Type::of(Type::Kind::str), false, {}}})));
    call("create", Object{{"text", "a"}});
    const auto refusal = [&](Object doc) { return call("update", std::move(doc)).msg; };
    EXPECT_EQ(
        refusal({{"price", Object{{"$ad", 1}}}}),
        "Attr \"price\" of module \"order\" has no operator \"$ad\" (did you mean \"$add\"?); there are $add, "
        "$multiply, $append, $del_val, $set_index, $del_index."
    );
    EXPECT_EQ(
        refusal({{"home.twon", "Sur"}}),
        "Attr \"home\" of module \"order\" has no \"twon\" in it (did you mean \"town\"?)."
    );
    EXPECT_EQ(
        refusal({{"tags", Object{{"$set_index", "x"}}}}),
        "Attr \"tags\" of module \"order\" needs \"$index\" beside $set_index."
    );
    EXPECT_EQ(
        refusal({{"tags", Object{{"$del_index", 4}}}}),
        "Attr \"tags\" of module \"order\" is not there, so it has no element 4."
    );
    EXPECT_EQ(
        refusal({{"text", Object{{"$add", 1}}}}),
        "Attr \"text\" of module \"order\" takes no $add: it is str, and no number."
    );
    EXPECT_EQ(refusal({{"prise", 1}}), "Module \"order\" has no attr \"prise\" (did you mean \"price\"?).");
    EXPECT_EQ(refusal({{"prise.x", 1}}), "Module \"order\" has no attr \"prise\" (did you mean \"price\"?).");
}

}  // namespace
}  // namespace limp
