// What the blog does beyond its data: hooks, a method of its own, and a job. docs/packages.md explains each.
#include <limp/limp.hpp>

#include <algorithm>
#include <string>
#include <utility>

using namespace limp;
using namespace limp::declare;

namespace {

// "A  Day in Dubai" → "a-day-in-dubai". Letters of other scripts stay as they are.
std::string permalink_of(const std::string& title) {
    std::string link;
    for (const char letter : title) {
        const bool is_gap = letter == ' ' || letter == '\t' || letter == '\n';
        if (!is_gap)
            link += 'A' <= letter && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
        else if (!link.empty() && link.back() != '-')
            link += '-';
    }
    return link;
}

// People read some 200 words a minute.
std::int64_t minutes_for(const std::string& text) {
    const auto gaps = std::ranges::count(text, ' ');
    return 1 + gaps / 200;
}

// The text of a locale attr, in the default locale; nullptr when the doc does not give the attr.
const std::string* text_of(const Event& event, const char* attr) {
    const Value* texts = event.doc.find(attr);
    const Value* text = texts ? texts->find(event.host.settings().locale) : nullptr;
    return text && text->is_string() ? &text->string() : nullptr;
}

// Before a create and an update: what follows from title and content follows them.
void compute(Event& event) {
    if (const std::string* title = text_of(event, "title")) event.doc["permalink"] = permalink_of(*title);
    if (const std::string* content = text_of(event, "content")) event.doc["minutes"] = minutes_for(*content);
}

// blog/publish, for those who may update the post: it is the update, with the caller's own permissions.
Task<> publish(Event& event) {
    const Value id = *event.query_args.find("_id");
    InnerCall update{"blog/update", List{Object{{"_id", id}}}, Object{{"status", "published"}}, event.session};
    const Outcome updated = co_await event.host.call(std::move(update));
    if (updated.docs.empty()) throw Refusal(400, "BLOG_BLOG_NO_POST", "There is no such post, or it is not yours.");
    event.answer = Answer::ok("Published.", {{"count", 1}});
}

// Every night: posts that have expired go. limpd itself calls here, so no permission stands in the way.
Task<> sweep(Host& host) {
    const Value expired = List{Object{{"expiry_time", Object{{"$lt", host.now()}}}}};
    const Outcome found = co_await host.call({"blog/read", expired});
    for (const Document& post : found.docs)
        co_await host.call({"blog/delete", List{Object{{"_id", *post.find("_id")}}}});
    host.log(LogLevel::info, "swept", {{"posts", found.docs.size()}});
}

}  // namespace

LIMP_PACKAGE(blog) {
    Module& posts = blog.module("blog");
    posts.before(Operation::create, compute).before(Operation::update, compute);

    Method publishing = own("publish", {allow("admin"), allow("update")}, publish);
    publishing.query_args = {needed("_id", Type::Kind::id)};
    posts.methods.push_back(std::move(publishing));

    blog.jobs.push_back({"sweep", "30 3 * * *", sweep});
}
