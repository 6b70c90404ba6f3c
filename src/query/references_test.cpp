// Paths that go into other modules.
#include <gtest/gtest.h>

#include <map>

#include "query/test_module.hpp"

namespace limp::query {
namespace {

// A shelf of other documents, by collection and id.
struct Shelf final : Related {
    std::map<std::pair<std::string, std::string>, Document> documents;

    void put(const std::string& collection, std::string_view json) {
        Document document = base::parse_json(json).object();
        const std::string id = document.find("_id")->string();
        documents[{collection, id}] = std::move(document);
    }
    std::shared_ptr<const Document> find(const std::string& collection, const std::string& id) const override {
        const auto found = documents.find({collection, id});
        return found == documents.end() ? nullptr : std::make_shared<const Document>(found->second);
    }
};

// A blog refers to a user and to categories, a category to a user.
struct References : testing::Test {
    Asker asker;
    Module user;
    Module category;
    Filter readable_users;
    std::vector<std::string> hidden_of_users;
    Shelf shelf;

    References() {
        const auto attr = [](const char* name, const char* type) {
            return Attr{name, types::parse_type(base::parse_json(type)), true, {}};
        };
        user.name = "user";
        user.collection = "users";
        user.attrs = {attr("name", R"("str")"), attr("age", R"("int")"), attr("phone", R"("phone")")};
        category.name = "blog_cat";
        category.collection = "blog_cats";
        category.attrs = {attr("title", R"("locale")"), attr("owner", R"("id")")};
        category.extns = {{"owner", "user", {}, false}};
        shelf.put("users", R"({"_id":"f00000000000000000000001","name":"Ann","age":30})");
        shelf.put("users", R"({"_id":"f00000000000000000000002","name":"Bob"})");
        shelf.put(
            "blog_cats",
            R"({"_id":"f0000000000000000000000a","title":{"en_AE":"Tea"},"owner":"f00000000000000000000001"})"
        );
        shelf.put(
            "blog_cats",
            R"({"_id":"f0000000000000000000000b","title":{"en_AE":"Oil"},"owner":"f00000000000000000000002"})"
        );
        asker.target = [this](std::string_view name) -> std::optional<Target> {
            if (name == "user") return Target{user, readable_users, hidden_of_users};
            if (name == "blog_cat") return Target{category, {}, {}};
            return std::nullopt;
        };
    }

    bool finds(std::string_view query, std::string_view document) const {
        const Query parsed = asker.parse_json(query);
        return Matcher(parsed.filter, shelf).matches(base::parse_json(document).object());
    }
};

constexpr const char* anns = R"({"_id":"f00000000000000000000009","user":"f00000000000000000000001"})";
constexpr const char* bobs = R"({"_id":"f00000000000000000000008","user":"f00000000000000000000002"})";
constexpr const char* nobodys = R"({"_id":"f00000000000000000000007"})";
constexpr const char* lost = R"({"_id":"f00000000000000000000006","user":"f000000000000000000000ff"})";

TEST_F(References, LeadIntoTheOtherModule) {
    EXPECT_TRUE(finds(R"({"user.name":{"val":"Ann"}})", anns));
    EXPECT_FALSE(finds(R"({"user.name":{"val":"Ann"}})", bobs));
    EXPECT_FALSE(finds(R"([{"user.name":"Ann"}])", nobodys));
    EXPECT_FALSE(finds(R"([{"user.name":"Ann"}])", lost));
    EXPECT_TRUE(finds(R"([{"user.age":{"$gte":30}}])", anns));
    EXPECT_TRUE(finds(R"([{"user._id":"f00000000000000000000001"}])", anns));
    EXPECT_TRUE(finds(R"([{"user.name":{"$regex":"^A"}}])", anns));
    EXPECT_TRUE(finds(R"({"__OR:user.name":{"val":"Ann"},"__OR:name":{"val":"x"}})", anns));
}

TEST_F(References, NegationsHoldForWhatHasNoSuchReference) {
    for (const char* query : {R"([{"user.name":{"$ne":"Ann"}}])", R"([{"user.name":{"$nin":["Ann"]}}])"}) {
        EXPECT_FALSE(finds(query, anns)) << query;
        EXPECT_TRUE(finds(query, bobs)) << query;
        EXPECT_TRUE(finds(query, nobodys)) << query;
        EXPECT_TRUE(finds(query, lost)) << query;
    }
    EXPECT_FALSE(finds(R"([{"user.age":null}])", anns));
    EXPECT_TRUE(finds(R"([{"user.age":null}])", bobs));
    EXPECT_TRUE(finds(R"([{"user.age":null}])", lost));
    EXPECT_TRUE(finds(R"([{"user.age":{"$ne":null}}])", anns));
    EXPECT_FALSE(finds(R"([{"user.age":{"$ne":null}}])", bobs));
}

TEST_F(References, GoOnThroughListsAndFurtherModules) {
    constexpr const char* both = R"({"cats":["f0000000000000000000000b","f0000000000000000000000a"]})";
    constexpr const char* one = R"({"cats":["f0000000000000000000000b"]})";
    EXPECT_TRUE(finds(R"([{"cats.title.en_AE":"Tea"}])", both));
    EXPECT_TRUE(finds(R"([{"cats.title":"Tea"}])", both));
    EXPECT_FALSE(finds(R"([{"cats.title":"Tea"}])", one));
    EXPECT_TRUE(finds(R"([{"cats.owner.name":"Ann"}])", both));
    EXPECT_FALSE(finds(R"([{"cats.owner.name":"Ann"}])", one));
    EXPECT_TRUE(finds(R"([{"cats.owner":"f00000000000000000000002"}])", one));
}

TEST_F(References, ShowNothingThatTheCallerMayNotRead) {
    readable_users = Filter::equal("name", "Bob");
    EXPECT_FALSE(finds(R"([{"user.name":"Ann"}])", anns));
    EXPECT_TRUE(finds(R"([{"user.name":"Bob"}])", bobs));
    EXPECT_TRUE(finds(R"([{"user.name":{"$ne":"Bob"}}])", anns));
    EXPECT_TRUE(finds(R"([{"user.age":null}])", anns)) << "the age of whom one may not read is missing";

    hidden_of_users = {"phone"};
    EXPECT_NE(asker.refusal_of(R"([{"user.phone":"+1"}])").find("has no attr \"phone\""), std::string::npos);
    EXPECT_NE(asker.refusal_of(R"([{"$sort":{"user.phone":1}}])").find("has no attr \"phone\""), std::string::npos);
}

TEST_F(References, AreRefusedWhereTheyLeadNowhere) {
    EXPECT_NE(asker.refusal_of(R"([{"user.nmae":"x"}])").find("did you mean \"name\""), std::string::npos);
    asker.module.extns.push_back({"lang", "secrets", {}, false});
    EXPECT_NE(asker.refusal_of(R"([{"lang.x":"x"}])").find("may not read"), std::string::npos);
    asker.module.extns.back() = {"lang", "$__doc.name", {}, false};
    EXPECT_NE(asker.refusal_of(R"([{"lang.x":"x"}])").find("another matter with each document"), std::string::npos);
    asker.limits.references = 1;
    EXPECT_NE(asker.refusal_of(R"([{"cats.owner.name":"x"}])").find("more than 1 references"), std::string::npos);
}

TEST_F(References, OrderDocuments) {
    const auto comes_first = [&](const char* sort, const char* left, const char* right) {
        const Query query = asker.parse_json(sort);
        return comes_before(
            query.sort, place_of(query.sort, base::parse_json(left).object(), shelf),
            place_of(query.sort, base::parse_json(right).object(), shelf)
        );
    };
    EXPECT_TRUE(comes_first(R"([{"$sort":{"user.name":1}}])", anns, bobs));
    EXPECT_FALSE(comes_first(R"([{"$sort":{"user.name":-1}}])", anns, bobs));
    EXPECT_TRUE(comes_first(R"([{"$sort":{"user.name":1}}])", lost, anns))
        << "who is not there comes first, as missing";
    readable_users = Filter::equal("name", "Bob");
    EXPECT_TRUE(comes_first(R"([{"$sort":{"user.name":1}}])", anns, bobs)) << "nor does whom one may not read";
    EXPECT_NE(
        asker.refusal_of(R"([{"$sort":{"cats.title.en_AE":1}}])").find("a list is on the way"), std::string::npos
    );
    EXPECT_NE(
        asker.refusal_of(R"([{"$group":[{"by":"user.name","count":2}]}])").find("another module"), std::string::npos
    );
}

TEST_F(References, AreOpenToTheModifiersOfManifests) {
    asker.variables = true;
    const Query modifier = asker.parse_json(R"({"cats.owner":"$__user"})");
    const Document caller = {{"_id", first_id}};
    const Filter resolved = resolve(modifier.filter, {caller, 0});
    const Document blog = {{"cats", List{"f0000000000000000000000a"}}};
    const Document other = {{"cats", List{"f0000000000000000000000b"}}};
    EXPECT_TRUE(Matcher(resolved, shelf).matches(blog));
    EXPECT_FALSE(Matcher(resolved, shelf).matches(other));
    const Document stranger;
    EXPECT_FALSE(Matcher(resolve(modifier.filter, {stranger, 0}), shelf).matches(blog));
}

}  // namespace
}  // namespace limp::query
