// app/scaffold_text.hpp: what stands in a new package; "NAME" is the module's name, "CODE" the same in capitals.
#pragma once

#include <string_view>

namespace limp::app {

inline constexpr std::string_view manifest_text =
    R"(// What limpd serves for this package. docs/manifest.md explains each key; "limpd check" says what is wrong.
{
    "modules": {
        // A module is a kind of document: NAME/read, NAME/create and so on are the calls.
        "NAME": {
            // Where its documents are kept. No other module has the same.
            "collection": "NAME",
            "attrs": {
                // limpd fills these two: who made the document, and when.
                "user": "id",
                "create_time": "time",

                "title": {"str": {"min": 1, "max": 100}},
                // A create that does not say it makes a draft.
                "state": {"type": {"enum": ["draft", "published"]}, "default": "draft"},
                "tags": {"type": ["str"], "optional": true}
            },
            // On reading, the id in "user" becomes a document with the user's name.
            "extns": {"user": ["user", ["name"]]},
            "methods": {
                // The first permission whose privilege fits wins: [privilege, query, doc]. "*" is everybody; who has
                // "read" sees everything, and everybody else what is published.
                "read": {"permissions": [["read"], ["*", {"state": {"val": "published"}}]]},
                "create": {"permissions": [["create"]]},
                // "!_id": the query must say which one, so that nobody changes all of them by mistake. An admin may
                // change any; who has "update", what is his or her own.
                "update": {"query_args": ["!_id"], "permissions": [["admin"], ["update", {"user": "$__user"}]]},
                "delete": {"query_args": ["!_id"], "permissions": [["admin"]]}
            }
        }
    }
}
)";

inline constexpr std::string_view transcript_text =
    R"(# "limpd test" runs this; docs/testing.md shows what can stand here.

# A visitor may not make anything,
as anon
> {"endpoint": "NAME/create", "doc": {"title": "First"}}
< {"status": 403}

# the admin may, and it is a draft,
as admin
> {"endpoint": "NAME/create", "doc": {"title": "First", "tags": ["new"]}}
< {"status": 200, "args": {"docs": [{"_id": "$id"}]}}
save first = args.docs.0._id

# which a visitor does not see
as anon
> {"endpoint": "NAME/read"}
< {"status": 200, "args": {"docs": []}}

# until it is published.
as admin
> {"endpoint": "NAME/update", "query": {"_id": {"val": "$first"}}, "doc": {"state": "published"}}
< {"status": 200}
as anon
> {"endpoint": "NAME/read"}
< {"status": 200, "args": {"docs": [{"_id": "$first", "title": "First", "state": "published", "tags": ["new"]}]}}
)";

// With --cpp: what NAME.cpp has, and what the transcript goes on with.
inline constexpr std::string_view source_text =
    R"(// What limp.json cannot say. limpd builds this when it starts; "limpd build NAME" does it beforehand.
#include <limp/limp.hpp>

LIMP_PACKAGE(package) {
    limp::Module& documents = package.module("NAME");

    // A hook: what a create is to store has a title that is not just spaces.
    documents.before(limp::Operation::create, [](limp::Event& event) {
        const limp::Value* title = event.doc.find("title");
        if (title && title->string().find_first_not_of(' ') == std::string::npos)
            throw limp::Refusal(400, "CODE_UNTITLED", "A title has more in it than spaces.");
    });

    // A method of its own: NAME/count says to everybody how many there are.
    documents.methods.push_back(limp::declare::own(
        "count", {limp::declare::allow("*")},
        [](limp::Event& event) -> limp::Task<> {
            const limp::Outcome found = co_await event.host.call({.endpoint = "NAME/read"});
            event.answer = limp::Answer::ok("Counted.", {{"count", *found.args.find("total")}});
        }
    ));
}
)";

inline constexpr std::string_view source_transcript_text = R"(
# What NAME.cpp adds: a hook,
as admin
> {"endpoint": "NAME/create", "doc": {"title": "  "}}
< {"status": 400, "args": {"code": "CODE_UNTITLED"}}

# and a method of its own.
as anon
> {"endpoint": "NAME/count"}
< {"status": 200, "args": {"count": 1}}
)";

}  // namespace limp::app
