#include "engine/advisor.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "base/log.hpp"
#include "query/parser.hpp"

namespace limp::engine {
namespace {

struct Advice : testing::Test {
    Module blog;
    std::string log;

    Advice() {
        blog.name = "blog";
        blog.attrs = {
            {"title", Type::of(Type::Kind::locale), true, {}},
            {"cat", Type::of(Type::Kind::id), true, {}},
            {"state", Type::of(Type::Kind::str), true, {}},
            {"views", Type::of(Type::Kind::integer), true, {}},
            {"tags", Type::list_of(Type::of(Type::Kind::str)), true, {}},
        };
        base::set_log_capture(&log);
    }
    ~Advice() override { base::set_log_capture(nullptr); }

    Query query(const char* json) const {
        static const std::vector<std::string> locales = {"en_AE"};
        return query::parse(base::parse_json(json), {.module = blog, .types = {locales, "en_AE", {}}, .limits = {}});
    }
    std::string missing(const char* json) const { return missing_index(blog, query(json)); }
};

TEST_F(Advice, NamesWhatIsAskedForAndThenWhatBoundsOrOrdersIt) {
    EXPECT_EQ(missing(R"([{"state":"x"}])"), R"("indexes": [["state"]])");
    EXPECT_EQ(missing(R"([{"views":{"$gt":5}},{"state":"x"}])"), R"("indexes": [["state","views"]])");
    EXPECT_EQ(missing(R"([{"state":"x"},{"$sort":{"views":-1}}])"), R"("indexes": [["state","views"]])");
    EXPECT_EQ(missing(R"([{"$sort":{"views":-1}}])"), R"("indexes": [["views"]])");
    EXPECT_EQ(missing(R"([{"views":{"$gt":5},"state":{"$in":["x","y"]}}])"), R"("indexes": [["state","views"]])");
}

TEST_F(Advice, ListsStandAlone) {
    EXPECT_EQ(missing(R"([{"state":"x","tags":"y"}])"), R"("indexes": [["tags"]])");
}

TEST_F(Advice, SaysNothingThatWouldNotHelp) {
    EXPECT_EQ(missing(R"([{"title.en_AE":"x"}])"), "");
    EXPECT_EQ(missing(R"([[{"state":"x"},{"views":1}]])"), "") << "alternatives would need an index each";
    EXPECT_EQ(missing(R"({"state":{"val":"x","strict":false}})"), "");
    blog.indexes = {{"state"}};
    EXPECT_EQ(missing(R"([{"state":"x"}])"), "") << "it is there";
}

TEST_F(Advice, IsGivenOnce) {
    Advisor advisor(100);
    advisor.consider(blog, query(R"([{"state":"x"}])"), 100);
    EXPECT_EQ(log, "") << "that much is fine";
    advisor.consider(blog, query(R"([{"state":"x"}])"), 101);
    EXPECT_NE(log.find(R"(\"indexes\": [[\"state\"]])"), std::string::npos) << log;
    const std::size_t size = log.size();
    advisor.consider(blog, query(R"([{"state":"y"}])"), 500);
    EXPECT_EQ(log.size(), size);
    advisor.consider(blog, query(R"([{"views":1}])"), 500);
    EXPECT_GT(log.size(), size);
}

TEST_F(Advice, CanBeSwitchedOff) {
    Advisor advisor(0);
    advisor.consider(blog, query(R"([{"state":"x"}])"), 1'000'000);
    EXPECT_EQ(log, "");
}

}  // namespace
}  // namespace limp::engine
