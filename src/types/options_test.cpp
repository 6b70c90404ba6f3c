// Types that are written with options, and patterns of counters.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "types/types.hpp"

namespace limp::types {
namespace {

std::string round_trip(const std::string& json) {
    return base::to_json(describe(parse_type(base::parse_json(json))));
}

std::string error(const std::string& json) {
    try {
        parse_type(base::parse_json(json));
    } catch (const TypeError& error) {
        return error.path + " " + error.what();
    }
    return {};
}

TEST(Options, AreWrittenBackAsTheyWereRead) {
    for (const std::string json :
         {R"({"int":{"min":-1,"max":10}})", R"({"float":{"min":0.5}})",
          R"({"str":{"min":1,"max":40,"pattern":"[a-z]+"}})", R"({"list":{"of":"str","min":1,"max":3}})",
          R"({"list":{"of":{"union":["str","int"]},"max":3}})", R"({"dict":{"value":"int"}})",
          R"({"dict":{"key":{"enum":["a","b"]},"value":["str"],"min":1,"max":9,"required":["a"]}})",
          R"({"union":["int",["str"],{"a":"int"}]})",
          R"({"file":{"types":["image/*","text/plain"],"size_max":1048576}})", R"({"bin":{"size_max":16}})",
          R"({"counter":"INV-$__counter:6"})", R"({"date":{"min":"2020-01-01","max":"+3d"}})",
          R"({"time_of_day":{"max":"-2h"}})", R"({"time":{"min":"2020-01-01T00:00:00.000Z"}})",
          R"({"a":{"int":{"min":0}},"b?":[{"str":{"max":3}}]})"})
        EXPECT_EQ(round_trip(json), json);
}

TEST(Options, TheShortestFormIsWritten) {
    const std::vector<std::pair<std::string, std::string>> forms = {
        {R"({"int":{}})", R"("int")"},
        {R"({"file":{}})", R"("file")"},
        {R"({"list":{"of":"str"}})", R"(["str"])"},
        {R"({"list":{"of":{"union":["str","int"]}}})", R"(["str","int"])"},
        {R"([{"union":["str","int"]}])", R"(["str","int"])"},
        {R"({"dict":{"key":"str","value":"int"}})", R"({"dict":{"value":"int"}})"},
        {R"({"datetime":{"min":"2020-01-01T04:00+04:00"}})", R"({"datetime":{"min":"2020-01-01T00:00:00.000Z"}})"},
        {R"({"time_of_day":{"min":"08:00"}})", R"({"time_of_day":{"min":"08:00:00.000"}})"},
        {R"({"float":{"min":1}})", R"({"float":{"min":1.0}})"},
    };
    for (const auto& [written, shortest] : forms) EXPECT_EQ(round_trip(written), shortest);
}

TEST(Options, RefusalsNameThePlaceAndTheNearest) {
    EXPECT_EQ(
        error(R"({"int":{"mni":0}})"), ".int.mni must not be there: the options are min, max (did you mean \"min\"?)"
    );
    EXPECT_EQ(error(R"({"int":{"min":5,"max":1}})"), ".int.min must not be more than max");
    EXPECT_EQ(
        error(R"({"int":"str"})"), ".int must be an object of options, like {\"int\": {\"min\": 0, \"max\": 10}}"
    );
    EXPECT_EQ(error(R"({"str":{"pattern":"(a"}})"), ".str.pattern must be a pattern of RE2: missing ): (a");
    EXPECT_EQ(error(R"({"list":{"min":1}})"), ".list must have the option \"of\"");
    EXPECT_TRUE(error(R"({"a":{"dict":{"value":"strr"}}})").starts_with(".a.dict.value must be a type"));
    EXPECT_TRUE(error(R"({"union":["int","strr"]})").starts_with(".union[1] must be a type"));
    EXPECT_EQ(error(R"("dict")"), " must be written like {\"dict\": {\"value\": \"int\"}}");
}

TEST(Options, RefuseWhatHasNoMeaning) {
    for (const char* json :
         {R"({"int":null})",
          R"({"int":[]})",
          R"({"int":{"min":"0"}})",
          R"({"int":{"min":0.5}})",
          R"({"int":{"min":null}})",
          R"({"int":{"pattern":"a"}})",
          R"({"float":{"min":1.5,"max":1}})",
          R"({"str":{"min":-1}})",
          R"({"str":{"pattern":""}})",
          R"({"str":{"pattern":1}})",
          R"({"str":{"pattern":"a{1001}"}})",
          R"j({"str":{"pattern":"(?=a)"}})j",
          R"j({"str":{"pattern":"((((a{100}){10}){10}){10})"}})j",
          R"({"list":"str"})",
          R"({"list":{"of":"str","min":3,"max":2}})",
          R"({"list":{"of":null}})",
          R"({"dict":{}})",
          R"({"dict":{"key":"int","value":"int"}})",
          R"({"dict":{"key":"email","value":"int"}})",
          R"({"dict":{"key":{"enum":["a.b"]},"value":"int"}})",
          R"({"dict":{"key":{"enum":["a",1]},"value":"int"}})",
          R"({"dict":{"key":"id","value":"int","required":["a"]}})",
          R"({"dict":{"value":"int","required":["a","a"]}})",
          R"({"dict":{"value":"int","required":["__a"]}})",
          R"({"dict":{"value":"int","required":"a"}})",
          R"({"union":"int"})",
          R"({"union":[]})",
          R"({"union":["int"]})",
          R"({"union":["file","attrs"]})",
          R"({"union":["any",["bin"]]})",
          R"({"file":{"types":[]}})",
          R"({"file":{"types":["image"]}})",
          R"({"file":{"types":["*/*"]}})",
          R"({"file":{"size_max":0}})",
          R"({"bin":{"types":["image/png"]}})",
          R"({"bin":{"size_max":1.5}})",
          R"({"date":{"min":"2023-02-29"}})",
          R"({"date":{"min":0}})",
          R"({"date":{"min":"+3"}})",
          R"({"date":{"min":"+3y"}})",
          R"({"date":{"min":"+1234567d"}})",
          R"({"date":{"min":"3d"}})",
          R"({"date":{"min":"2026-01-02","max":"2026-01-01"}})",
          R"({"date":{"min":"+3d","max":"-3d"}})",
          R"({"time":{"min":"2026-01-01T00:00"}})",
          R"({"time_of_day":{"min":"+3d"}})",
          R"({"time_of_day":{"min":"24:00"}})",
          R"({"counter":{"pattern":"$__counter"}})"})
        EXPECT_NE(error(json), "") << json;
}

TEST(Options, MixedBoundsAreComparedWhenValuesAre) {
    EXPECT_EQ(error(R"({"date":{"min":"+3d","max":"2020-01-01"}})"), "");
}

TEST(Counter, PatternsAreTakenApart) {
    const auto numbering = [](const std::string& pattern) {
        Attr attr;
        attr.name = "no";
        attr.type = parse_type(Object{{"counter", pattern}});
        const Numbering found = numbering_of(attr);
        return found.attr + "|" + found.before + "|" + std::to_string(found.digits) + "|" + found.after;
    };
    EXPECT_EQ(numbering("INV-$__counter:6"), "no|INV-|6|");
    EXPECT_EQ(numbering("$__counter"), "no||1|");
    EXPECT_EQ(numbering("a $__counter:18/b"), "no|a |18|/b");
    EXPECT_EQ(numbering("$$__counter-x:6"), "no|$|1|-x:6");
}

TEST(Counter, PatternsHaveOneNumber) {
    for (const std::string pattern :
         {"", "INV", "$__counters", "$__counter6", "$__counter_", "$__counter:", "$__counter:x", "$__counter:0",
          "$__counter:19", "$__counter:100", "$__counter$__counter", "$__counter-$__counter", "$__user-$__counter",
          "$__counter-$__time", "$__counter:99999999999999999999"})
        EXPECT_NE(error(base::to_json(Object{{"counter", pattern}})), "") << pattern;
}

}  // namespace
}  // namespace limp::types
