#include "engine/revision.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "base/json.hpp"
#include "base/time.hpp"
#include "engine/documents.hpp"

namespace limp::engine {
namespace {

using Kind = Type::Kind;
using Notes = std::vector<std::string>;

const std::string id = "000000000000000000000001";

Attr attr(std::string name, Type type, bool optional = false) {
    return {std::move(name), std::move(type), optional, {}};
}
Attr attr(std::string name, Kind kind, bool optional = false) {
    return attr(std::move(name), Type::of(kind), optional);
}
Attr defaulted(std::string name, Type type, Value value) {
    return {std::move(name), std::move(type), false, std::move(value)};
}
Attr renamed(Attr attr, std::string was) {
    attr.was = std::move(was);
    return attr;
}

Module module(std::vector<Attr> attrs) {
    Module made;
    made.name = "product";
    made.collection = "products";
    made.attrs = std::move(attrs);
    return made;
}

Document stored(Document attrs) {
    Document document{{"_id", id}};
    for (Member& member : attrs) document.append(std::move(member.name), std::move(member.value));
    document.append("_rev", 3);
    return document;
}

// Of a stored document with these attrs. A second revision must find nothing more to do.
Revision revise(std::vector<Attr> attrs, Document given, const Settings& settings = {}) {
    const Reviser reviser(module(std::move(attrs)), settings);
    Revision revision = reviser(stored(std::move(given)));
    if (revision.misfit.empty()) {
        const Revision again = reviser(revision.document);
        EXPECT_EQ(again.document, revision.document);
        EXPECT_EQ(again.misfit, "");
    }
    return revision;
}

// The one attr "x" of that type.
Value revised(Type type, Value value, const Settings& settings = {}) {
    Revision revision = revise({attr("x", std::move(type))}, {{"x", std::move(value)}}, settings);
    EXPECT_EQ(revision.misfit, "");
    return *revision.document.find("x");
}
std::string misfit(Type type, Value value) {
    return revise({attr("x", std::move(type))}, {{"x", std::move(value)}}).misfit;
}

Value json(const char* text) {
    return base::parse_json(text);
}

TEST(Revision, WhatFitsStaysAsItIs) {
    const Revision revision = revise({attr("name", Kind::str), attr("age", Kind::integer, true)}, {{"name", "a"}});
    EXPECT_EQ(revision.document, stored({{"name", "a"}}));
    EXPECT_EQ(revision.notes, Notes{});
    EXPECT_EQ(revision.misfit, "");
}

// One value of each type, as it is stored.
TEST(Revision, ValuesOfEveryTypePassAsTheyAreStored) {
    const std::vector<std::pair<Type, Value>> all{
        {Type::of(Kind::any), json(R"({"a": [1, null, "$x"]})")},
        {Type::of(Kind::any), nullptr},
        {Type::of(Kind::id), "f00000000000000000000010"},
        {Type::of(Kind::str), ""},
        {Type::of(Kind::integer), 5},
        {Type::of(Kind::real), 5.0},
        {Type::of(Kind::boolean), false},
        {Type::of(Kind::email), "a@b.c"},
        {Type::of(Kind::phone), "+971500000000"},
        {Type::of(Kind::uri_web), "https://example.com/"},
        {Type::of(Kind::ip), "2001:db8::1"},
        {Type::of(Kind::time), "2026-11-22T13:11:00.123Z"},
        {Type::of(Kind::file),
         json(R"({"name": "a.png", "type": "image/png", "size": 2, "lastModified": 0, "__file": "f1"})")},
        {Type::of(Kind::bin), json(R"({"__file": "f1", "size": 2})")},
        {Type::of(Kind::geo), json(R"({"type": "Point", "coordinates": [1.0, 2.5]})")},
        {Type::of(Kind::locale), json(R"({"ar_AE": "a", "en_AE": "b"})")},
        {Type::of(Kind::locales), "en_AE"},
        {Type::of(Kind::privileges), json(R"({"blog": ["read"], "*": ["*"]})")},
        {Type::of(Kind::attrs), json(R"({"a": {"b": 1}})")},
        {Type::of(Kind::access), json(R"({"anon": true, "users": [], "groups": []})")},
        {Type::of(Kind::diff), List{}},
        {Type::of(Kind::date), "2026-11-22"},
        {Type::of(Kind::datetime), "2026-11-22T13:11:00.123Z"},
        {Type::of(Kind::time_of_day), "13:11:00.000"},
        {types::parse_type(json(R"({"dict": {"key": "id", "value": "int"}})")),
         json(R"({"f00000000000000000000010": 1})")},
        {types::parse_type(json(R"({"union": ["int", "bin"]})")), json(R"({"__file": "f1", "size": 2})")},
        {types::parse_type(json(R"({"counter": "INV-$__counter:6"})")), "OLD-1"},
        {types::parse_type(json(R"({"date": {"min": "-1d"}})")), "2001-01-01"},
        {Type::one_of({"draft", "published", 1}), "draft"},
        {Type::list_of(Type::of(Kind::str)), json(R"(["a", "b"])")},
        {Type::list_of(Type::of(Kind::file)),
         json(R"([{"name": "a", "type": "", "size": 0, "lastModified": 0, "__file": "f2"}])")},
        {Type::object_of({attr("a", Kind::integer), attr("b", Kind::str, true), attr("c", Kind::bin, true)}),
         json(R"({"a": 1, "b": null, "c": {"__file": "f3", "size": 1}})")},
    };
    for (const auto& [type, value] : all) {
        const Revision revision = revise({attr("x", type)}, {{"x", value}});
        EXPECT_EQ(revision.misfit, "") << types::text_of(type);
        EXPECT_EQ(base::to_json(revision.document), base::to_json(stored({{"x", value}}))) << types::text_of(type);
        EXPECT_EQ(revision.notes, Notes{}) << types::text_of(type);
    }
}

TEST(Revision, WhatACreateStoresPasses) {
    const Module declared = module(
        {attr("user", Kind::id), attr("create_time", Kind::time), attr("photo", Kind::file),
         attr("title", Kind::locale), attr("spot", Kind::geo), attr("diff", Kind::diff), attr("note", Kind::any)}
    );
    CompiledModule compiled;
    compiled.module = declared;
    const Settings settings;
    std::vector<Change> with;
    const Document document = Documents(compiled, settings, with)
                                  .complete(
                                      json(R"({"_id": "000000000000000000000001", "user": "F00000000000000000000010",
                "create_time": 1549000000, "diff": [],
                "photo": {"name": "a", "type": "", "size": 2, "lastModified": 1, "content": "aGk="},
                "title": {"ar_AE": "x"}, "spot": {"type": "Point", "coordinates": [1, 2]}, "note": null})")
                                          .object(),
                                      {}
                                  );
    const Revision revision = Reviser(declared, settings)(document);
    EXPECT_EQ(revision.misfit, "");
    EXPECT_EQ(revision.notes, Notes{});
    EXPECT_EQ(revision.document, document);
}

TEST(Revision, WhatIsMissingGetsItsDefault) {
    const Revision revision = revise(
        {attr("name", Kind::str), defaulted("price", Type::of(Kind::real), 5),
         defaulted("tags", Type::list_of(Type::of(Kind::str)), List{})},
        {{"name", "a"}}
    );
    EXPECT_EQ(*revision.document.find("price"), Value(5.0));  // as it is stored
    EXPECT_EQ(*revision.document.find("tags"), Value(List{}));
    EXPECT_EQ(revision.notes, (Notes{R"(attr "price" got its default)", R"(attr "tags" got its default)"}));
}

TEST(Revision, NullCountsAsMissingButForAny) {
    EXPECT_EQ(revise({attr("x", Kind::any)}, {{"x", nullptr}}).misfit, "");
    EXPECT_NE(revise({attr("x", Kind::str)}, {{"x", nullptr}}).misfit, "");
    EXPECT_EQ(revise({attr("x", Kind::str, true)}, {{"x", nullptr}}).misfit, "");
    EXPECT_EQ(*revise({defaulted("x", Type::of(Kind::str), "d")}, {{"x", nullptr}}).document.find("x"), Value("d"));
}

TEST(Revision, WhatIsOptionalMayStayMissing) {
    Attr price = defaulted("price", Type::of(Kind::real), 5);
    price.optional = true;
    EXPECT_EQ(revise({price}, {}).document, stored({}));
}

TEST(Revision, ADefaultTimeIsThatOfTheStart) {
    base::set_clock(1'000);
    const Reviser reviser(module({defaulted("seen", Type::of(Kind::time), "$__time")}), {});
    base::set_clock(2'000);
    EXPECT_EQ(*reviser(stored({})).document.find("seen"), Value("1970-01-01T00:00:01.000Z"));
    base::set_clock(std::nullopt);
}

TEST(Revision, WhatIsMissingWithoutADefaultDoesNotFit) {
    EXPECT_EQ(
        revise({attr("price", Kind::real)}, {}).misfit,
        R"(needs attr "price": give it a default for the documents that lack it, or make it optional)"
    );
    const Value users[] = {"$__user", "$__user.email", List{"$__user"}, Object{{"by", "$__user"}}};
    for (const Value& user : users)
        EXPECT_EQ(
            revise({defaulted("x", Type::of(Kind::any), user)}, {}).misfit,
            R"(needs attr "x": its default is the user of a call, and no call is made at start-up)"
        );
    EXPECT_EQ(
        revise({defaulted("x", Type::of(Kind::bin), "aGk=")}, {}).misfit,
        R"(needs attr "x": its default has bytes, which only a call can store)"
    );
}

TEST(Revision, ADefaultThatWasNotNeededIsNoMatter) {
    EXPECT_EQ(revise({defaulted("x", Type::of(Kind::id), "$__user")}, {{"x", id}}).misfit, "");
}

TEST(Revision, WhatLimpdFillsItselfIsNotJudged) {
    const Revision revision = revise(
        {attr("user", Kind::id), attr("host_add", Kind::ip), attr("create_time", Kind::time)},
        {{"user", "__ANON"}, {"host_add", "fe80::1%eth0"}, {"create_time", "then"}}
    );
    EXPECT_EQ(revision.misfit, "");
    EXPECT_EQ(revision.notes, Notes{});
}

TEST(Revision, WhatLimpdFillsInACreateNeedsADefaultToo) {
    EXPECT_NE(revise({attr("user", Kind::id)}, {}).misfit, "");
    EXPECT_EQ(*revise({defaulted("user", Type::of(Kind::id), id)}, {}).document.find("user"), Value(id));
    EXPECT_EQ(*revise({attr("diff", Kind::diff)}, {}).document.find("diff"), Value(List{}));
}

TEST(Revision, ARenamedAttrTakesItsValueAlong) {
    const Revision revision = revise({renamed(attr("title", Kind::str), "name")}, {{"name", "a"}});
    EXPECT_EQ(revision.document, stored({{"title", "a"}}));
    EXPECT_EQ(revision.notes, Notes{R"(attr "name" is now "title")"});
}

TEST(Revision, ARenamedAttrMayHaveAnotherTypeToo) {
    EXPECT_EQ(revise({renamed(attr("cost", Kind::real), "price")}, {{"price", 5}}).document, stored({{"cost", 5.0}}));
    EXPECT_EQ(
        revise({renamed(attr("cost", Kind::real), "price")}, {{"price", "5"}}).misfit,
        R"(attr "cost" must be a number, without quotes; it is a text)"
    );
}

TEST(Revision, ADocumentWithBothNamesDoesNotFit) {
    const Revision revision = revise({renamed(attr("title", Kind::str), "name")}, {{"name", "a"}, {"title", "b"}});
    EXPECT_EQ(revision.misfit, R"(has both "title" and "name", which it was called before)");
}

TEST(Revision, WhatIsDeclaredNoMoreStays) {
    const Revision revision = revise({attr("name", Kind::str)}, {{"name", "a"}, {"user", id}, {"old", 7}});
    EXPECT_EQ(revision.document, stored({{"name", "a"}, {"user", id}, {"old", 7}}));
    EXPECT_EQ(
        revision.notes, (Notes{
                            R"(attr "user" is declared no more; its values stay, unseen)",
                            R"(attr "old" is declared no more; its values stay, unseen)"
                        })
    );
    EXPECT_EQ(
        revise({attr("name", Kind::str), attr("old", Kind::str, true)}, {{"name", "a"}, {"old", 7}}).misfit,
        R"(attr "old" must be a text; it is a whole number)"
    );
}

TEST(Revision, AnotherTypeConvertsWhatItCan) {
    const Revision revision = revise({attr("price", Kind::real)}, {{"price", 5}});
    EXPECT_EQ(revision.document, stored({{"price", 5.0}}));
    EXPECT_EQ(revision.notes, Notes{R"(attr "price" is now kept as float)"});
    EXPECT_EQ(revised(Type::of(Kind::boolean), "true"), Value(true));
    EXPECT_EQ(revised(Type::of(Kind::time), 0), Value("1970-01-01T00:00:00.000Z"));
    EXPECT_EQ(revised(Type::of(Kind::ip), "2001:DB8:0::1"), Value("2001:db8::1"));
    EXPECT_EQ(revised(Type::of(Kind::bin), json(R"({"name": "a", "__file": "f"})")).find("__file")->string(), "f");
    EXPECT_EQ(revised(Type::list_of(Type::of(Kind::real)), json("[1, 2.5]")), json("[1.0, 2.5]"));
    EXPECT_EQ(
        revise({attr("x", Type::list_of(Type::of(Kind::real)))}, {{"x", json("[1]")}}).notes,
        Notes{R"(attr "x" is now kept as ["float"])"}
    );
}

TEST(Revision, WhatAnotherTypeDoesNotTakeDoesNotFit) {
    EXPECT_EQ(misfit(Type::of(Kind::integer), "5"), R"(attr "x" must be a whole number, without quotes; it is a text)");
    EXPECT_EQ(misfit(Type::one_of({"a", "b"}), "c"), R"(attr "x" must be one of "a", "b")");
    EXPECT_EQ(
        misfit(Type::list_of(Type::of(Kind::str)), json(R"(["a", 1])")),
        R"(attr "x[1]" must be a text; it is a whole number)"
    );
    EXPECT_EQ(
        misfit(Type::object_of({attr("a", Kind::str), attr("b", Kind::str)}), json(R"({"a": "1"})")),
        R"(attr "x" must hold "b")"
    );
    EXPECT_EQ(
        misfit(Type::object_of({attr("a", Kind::str)}), json(R"({"a": "1", "z": 1})")), R"(attr "x" must not hold "z")"
    );
    EXPECT_EQ(misfit(Type::of(Kind::file), "a.png"), R"(attr "x" must be a file that was uploaded; it is a text)");
    EXPECT_EQ(misfit(Type::of(Kind::bin), "aGk="), R"(attr "x" must be a file that was uploaded; it is a text)");
    EXPECT_NE(misfit(Type::of(Kind::file), json(R"({"__file": "f", "size": 1})")), "");  // bytes without a name
}

TEST(Revision, EverythingThatDoesNotFitIsSaidAtOnce) {
    EXPECT_EQ(
        revise({attr("a", Kind::str), attr("b", Kind::integer)}, {{"a", 1}, {"b", "x"}}).misfit,
        R"(attr "a" must be a text; it is a whole number; attr "b" must be a whole number, without quotes; it is a text)"
    );
}

TEST(Revision, NewLocalesAreFilledAndOldOnesStay) {
    const Value before = json(R"({"ar_AE": "a", "en_AE": "b"})");
    const Type locale = Type::of(Kind::locale);
    Settings settings;
    settings.locales = {"en_AE", "fr_AE", "ar_AE"};
    settings.locale = "en_AE";
    EXPECT_EQ(revised(locale, before, settings), json(R"({"en_AE": "b", "fr_AE": "b", "ar_AE": "a"})"));
    settings.locales = {"en_AE"};
    EXPECT_EQ(revised(locale, before, settings), before);
    settings.locales = {"fr_AE"};
    settings.locale = "fr_AE";
    EXPECT_EQ(revised(locale, before, settings), json(R"({"fr_AE": "a", "ar_AE": "a", "en_AE": "b"})"));
    EXPECT_EQ(revised(Type::of(Kind::locales), "ar_AE", settings), Value("ar_AE"));
    EXPECT_NE(misfit(locale, Object{}), "");
    EXPECT_NE(misfit(locale, json(R"({"ar_AE": 1})")), "");
}

TEST(Revision, TheShapeChangesWithWhatARevisionDependsOn) {
    const Settings settings;
    const auto shape = [&](std::vector<Attr> attrs) { return shape_of(module(std::move(attrs)), settings); };
    const std::string before = shape({attr("name", Kind::str), attr("age", Kind::integer, true)});
    EXPECT_NE(before, shape({attr("name", Kind::str)}));
    EXPECT_NE(before, shape({attr("name", Kind::str), attr("age", Kind::integer)}));
    EXPECT_NE(before, shape({attr("name", Kind::str), attr("age", Kind::real, true)}));
    EXPECT_NE(before, shape({attr("title", Kind::str), attr("age", Kind::integer, true)}));
    EXPECT_NE(before, shape({renamed(attr("name", Kind::str), "n"), attr("age", Kind::integer, true)}));

    EXPECT_EQ(before, shape({attr("age", Kind::integer, true), attr("name", Kind::str)}));
    EXPECT_EQ(before, shape({defaulted("name", Type::of(Kind::str), "d"), attr("age", Kind::integer, true)}));
}

TEST(Revision, TheShapeDependsOnLocalesWhereTextsAre) {
    Settings more;
    more.locales.push_back("fr_AE");
    Settings turned;
    turned.locales = {"en_AE", "ar_AE"};
    const Module plain = module({attr("name", Kind::str)});
    const Module deep = module({attr("parts", Type::list_of(Type::object_of({attr("title", Kind::locale)})))});
    EXPECT_EQ(shape_of(plain, {}), shape_of(plain, more));
    EXPECT_NE(shape_of(deep, {}), shape_of(deep, more));
    EXPECT_EQ(shape_of(deep, {}), shape_of(deep, turned));
}

}  // namespace
}  // namespace limp::engine
