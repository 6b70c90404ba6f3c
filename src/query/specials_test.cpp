#include <gtest/gtest.h>

#include <string>

#include "query/test_module.hpp"

namespace limp::query {
namespace {

TEST(Specials, SayWhichPartAndHowMuch) {
    const Query query = Asker().parse_json(
        R"({"$sort":{"views":-1,"title.ar_AE":1,"meta.a":1},"$skip":3,"$limit":9223372036854775807,"$extn":false,)"
        R"("$soft":true,"$rev":7})"
    );
    ASSERT_EQ(query.sort.size(), 3U);
    EXPECT_EQ(query.sort[0].path, AttrPath{"views"});
    EXPECT_TRUE(query.sort[0].descending);
    EXPECT_EQ(query.sort[1].path, (AttrPath{"title", "ar_AE"}));
    EXPECT_FALSE(query.sort[1].descending);
    EXPECT_EQ(query.skip, 3);
    EXPECT_EQ(query.limit, 9223372036854775807);
    EXPECT_FALSE(query.extend);
    EXPECT_TRUE(query.soft);
    EXPECT_EQ(query.rev, 7);
    EXPECT_TRUE(query.filter.is_everything());
}

TEST(Specials, LeftOutMeanLimpsDefaults) {
    const Query query = Asker().parse_json(R"({"$extn":true,"$limit":0,"$sort":{}})");
    EXPECT_TRUE(query.sort.empty());
    EXPECT_TRUE(query.extend);
    EXPECT_FALSE(query.soft);
    EXPECT_FALSE(query.rev);
    EXPECT_EQ(query.limit, 0);
}

TEST(Specials, WrongValuesAreRefused) {
    for (const char* query :
         {R"({"$limit":-1})",
          R"({"$limit":1.0})",
          R"({"$limit":"1"})",
          R"({"$limit":null})",
          R"({"$limit":{"val":1}})",
          R"({"$skip":-1})",
          R"({"$skip":1e3})",
          R"({"$extn":1})",
          R"({"$extn":["name"]})",
          R"({"$extn":["nobody"]})",
          R"({"$extn":{"user":1}})",
          R"({"$extn":[1]})",
          R"({"$attrs":[]})",
          R"({"$attrs":"name"})",
          R"({"$attrs":["nmae"]})",
          R"({"$attrs":[1]})",
          R"({"$count":true})",
          R"({"$count":"about"})",
          R"({"$diff":1})",
          R"({"$deleted":"yes"})",
          R"({"$search":1})",
          R"({"$search":""})",
          R"({"$search":"... !"})",
          R"({"$search":"a b c d e f g h i j k"})",
          R"({"$search":"tea","$geo_near":{"val":[0,0],"attr":"spot"}})",
          R"({"$geo_near":[1,2]})",
          R"({"$geo_near":{"val":[0,0]}})",
          R"({"$geo_near":{"attr":"spot"}})",
          R"({"$geo_near":{"val":[0,0],"attr":"name"}})",
          R"({"$geo_near":{"val":[181,0],"attr":"spot"}})",
          R"({"$geo_near":{"val":[0,91],"attr":"spot"}})",
          R"({"$geo_near":{"val":[0],"attr":"spot"}})",
          R"({"$geo_near":{"val":["0","0"],"attr":"spot"}})",
          R"({"$geo_near":{"val":[0,0],"attr":1}})",
          R"({"$geo_near":{"val":[0,0],"attr":"spot","dist":-1}})",
          R"({"$geo_near":{"val":[0,0],"attr":"spot","dist":"1"}})",
          R"({"$geo_near":{"val":[0,0],"attr":"spot","distance":1}})",
          R"({"$group":{"by":"state","count":1}})",
          R"({"$group":[{"by":"state"}]})",
          R"({"$group":[{"count":1}]})",
          R"({"$group":[{"by":"state","count":0}]})",
          R"({"$group":[{"by":"state","count":101}]})",
          R"({"$group":[{"by":"state","count":1.0}]})",
          R"({"$group":[{"by":"title","count":1}]})",
          R"({"$group":[{"by":"items.name","count":1}]})",
          R"({"$group":[{"by":"spot","count":1}]})",
          R"({"$group":[{"by":1,"count":1}]})",
          R"({"$group":[{"by":"state","count":1},{"by":"state","count":2}]})",
          R"({"$group":[{"by":"state","count":1,"max":2}]})",
          R"({"$after":1})",
          R"({"$after":""})",
          R"({"$after":"bm8"})",
          R"({"$after":"WzFd"})",
          R"({"$soft":"true"})",
          R"({"$rev":-1})",
          R"({"$rev":null})",
          R"({"$sort":"views"})",
          R"({"$sort":["views"]})",
          R"({"$sort":{"views":0}})",
          R"({"$sort":{"views":1.0}})",
          R"({"$sort":{"views":"asc"}})",
          R"({"$sort":{"views":true}})"})
        EXPECT_NE(Asker().refusal_of(query), "") << query;
}

TEST(Specials, UnknownOnesAreRefused) {
    for (const char* name : {"$or", "$where", "$", "$SORT", "$afte"}) {
        EXPECT_NE(Asker().refusal(Object{{name, 1}}).find("There is no"), std::string::npos) << name;
        EXPECT_NE(Asker().refusal(List{Object{{name, 1}}}).find(name), std::string::npos) << name;
    }
    EXPECT_NE(Asker().refusal_of(R"({"$limt":1})").find("did you mean \"$limit\""), std::string::npos);
}

TEST(Specials, SortsByWhatHasAnOrder) {
    for (const char* path :
         {"_id", "_rev", "user", "name", "views", "score", "live", "mail", "at", "state", "lang", "free", "author.name",
          "title.en_AE", "meta.a.b"})
        EXPECT_EQ(Asker().refusal(Object{{"$sort", Object{{path, 1}}}}), "") << path;
    for (const char* path :
         {"title", "tags", "cats", "photo", "blob", "spot", "access", "meta", "rights", "author", "items", "items.name",
          "names.ar_AE", "nmae", "user.name", "", "$x", "name.x"})
        EXPECT_NE(Asker().refusal(Object{{"$sort", Object{{path, 1}}}}), "") << path;
    EXPECT_NE(Asker().refusal_of(R"({"$sort":{"title":1}})").find("\"title.ar_AE\""), std::string::npos);
}

}  // namespace
}  // namespace limp::query
