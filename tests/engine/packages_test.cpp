// What limpd lends to packages, and how packages begin, end and replace each other while calls go on.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "app/proofs.hpp"
#include "base/log.hpp"
#include "base/loop.hpp"
#include "base/pool.hpp"
#include "base/time.hpp"
#include "core/core.hpp"
#include "engine/engine.hpp"
#include "engine/entered.hpp"
#include "engine/job_runner.hpp"
#include "limp/declare.hpp"
#include "store/stores.hpp"

namespace limp {
namespace {

using namespace std::chrono_literals;
using declare::allow;
using declare::own;

// Until it is so, a bounded time.
Task<> until(const std::function<bool()>& is_so) {
    for (int i = 0; i < 10'000 && !is_so(); ++i) co_await base::sleep(1ms);
    EXPECT_TRUE(is_so());
}

struct Packages : testing::Test {
    std::unique_ptr<Store> store = store::open_memory();
    base::Pool passwords{{"password", 1, 4, 0}};
    engine::Fetch fetch;
    const PackageRef core = std::make_shared<const Package>(core::make({}));
    std::unique_ptr<engine::Engine> engine;
    std::string log;
    Package shop;

    Packages() {
        shop.name = "shop";
        Module note;
        note.name = "note";
        note.collection = "notes";
        note.attrs = {declare::required("text", Type::Kind::str)};
        note.unique = {{"text"}};
        note.methods = {declare::read({allow("*")}), declare::create({allow("create")})};
        shop.modules.push_back(std::move(note));
        base::set_log_capture(&log);
    }
    ~Packages() override { base::set_log_capture(nullptr); }

    // A method that everybody may call.
    void add(std::string name, Step body) {
        shop.module("note").methods.push_back(own(std::move(name), {allow("*")}, std::move(body)));
    }

    // The same as plain text: what the method has to say.
    static Step saying(std::string text) {
        return [text = std::move(text)](Event& event) { event.answer = Answer::ok(text); };
    }

    void serve(std::vector<PackageRef> packages) {
        engine::Options options;
        options.password_cost = {1, 8192};
        options.server_key = "a key for tests, as long as any";
        packages.insert(packages.begin(), core);
        engine = std::make_unique<engine::Engine>(
            std::move(packages), *store, passwords, std::move(options), engine::Introductions{app::proofs(), fetch}
        );
        engine->prepare_store();
        base::run_to_end(engine->start());
    }
    void serve_shop() { serve({std::make_shared<const Package>(shop)}); }

    Answer call(const std::string& endpoint) {
        if (!engine) serve_shop();
        return base::run_to_end(run(endpoint));
    }

    Task<Answer> run(std::string endpoint, std::chrono::milliseconds time = 1h) {
        engine::VisitorPtr visitor = co_await engine->admit({"127.0.0.1", "test"});
        Call call;
        call.endpoint = std::move(endpoint);
        call.deadline = std::chrono::steady_clock::now() + time;
        co_return co_await engine->run(std::move(call), std::move(visitor));
    }

    Task<> run_and_keep(std::string endpoint, std::optional<Answer>& answer) {
        answer = co_await run(std::move(endpoint));
    }

    std::int64_t count() { return call("note/read").args.find("total")->integer(); }
};

std::string code(const Answer& answer) {
    return answer.args.find("code")->string();
}

InnerCall creating(const std::string& text, SessionPtr as = {}) {
    InnerCall call;
    call.endpoint = "note/create";
    call.doc = Object{{"text", text}};
    call.as = std::move(as);
    return call;
}

TEST_F(Packages, LimpdItselfMayCallEveryMethod) {
    add("write", [](Event& event) -> Task<> {
        const Outcome made = co_await event.host.call(creating("by limpd"));
        event.answer = Answer::ok(made.docs.at(0).find("_id")->string());
    });
    EXPECT_EQ(code(call("note/create")), "CORE_SESSION_FORBIDDEN");
    const Answer answer = call("note/write");
    EXPECT_EQ(answer.status, 200) << answer.msg;
    EXPECT_EQ(answer.msg.size(), 24U);
    EXPECT_EQ(count(), 1);
}

TEST_F(Packages, ACallGivesTheDocumentsThatItFound) {
    add("look", [](Event& event) -> Task<> {
        co_await event.host.call(creating("first"));
        co_await event.host.call(creating("second"));
        InnerCall reading;
        reading.endpoint = "note/read";
        reading.as = event.session;
        const Outcome found = co_await event.host.call(std::move(reading));
        std::string texts;
        for (const Document& doc : found.docs) texts += doc.find("text")->string() + " ";
        event.answer = Answer::ok(texts, {{"total", *found.args.find("total")}});
    });
    const Answer answer = call("note/look");
    EXPECT_TRUE(answer.msg == "first second " || answer.msg == "second first ") << answer.msg;
    EXPECT_EQ(*answer.args.find("total"), Value(2));
}

TEST_F(Packages, AsASessionACallHasThatSessionsPermissions) {
    add("write", [](Event& event) -> Task<> {
        co_await event.host.call(creating("as its caller", event.session));
        event.answer = Answer::ok("not reached");
    });
    const Answer answer = call("note/write");
    EXPECT_EQ(answer.status, 403);
    EXPECT_EQ(code(answer), "CORE_SESSION_FORBIDDEN");
    EXPECT_EQ(count(), 0);
}

TEST_F(Packages, WhatAnInnerCallIsRefusedWithCanBeCaught) {
    add("write", [](Event& event) -> Task<> {
        std::string refused;
        co_await event.host.call(creating("once"));
        try {
            co_await event.host.call(creating("once"));
        } catch (const Refusal& refusal) {
            refused = std::to_string(refusal.status()) + " " + refusal.code();
        }
        event.answer = Answer::ok(refused);
    });
    EXPECT_EQ(call("note/write").msg, "409 SHOP_NOTE_DUPLICATE_NOTE");
    EXPECT_EQ(count(), 1);
}

TEST_F(Packages, CallsWithinEachOtherHaveAnEnd) {
    int times = 0;
    add("again", [&times](Event& event) -> Task<> {
        ++times;
        InnerCall call;
        call.endpoint = "note/again";
        co_await event.host.call(std::move(call));
        event.answer = Answer::ok("not reached");
    });
    EXPECT_EQ(code(call("note/again")), "CORE_REQ_TOO_DEEP");
    EXPECT_EQ(times, 9);
}

TEST_F(Packages, OtherCallsGoOnWhileOneSleeps) {
    bool is_open = false;
    add("wait", [&is_open](Event& event) -> Task<> {
        while (!is_open) co_await event.host.sleep(1ms);
        event.answer = Answer::ok("woke");
    });
    add("open", [&is_open](Event& event) {
        is_open = true;
        event.answer = Answer::ok("opened");
    });
    serve_shop();
    const auto both = [](Packages& test) -> Task<> {
        std::optional<Answer> waited;
        base::spawn("waiting", test.run_and_keep("note/wait", waited));
        const Answer opened = co_await test.run("note/open");
        EXPECT_EQ(opened.msg, "opened");
        EXPECT_FALSE(waited);
        co_await until([&] { return waited.has_value(); });
        EXPECT_EQ(waited->msg, "woke");
    };
    base::run_to_end(both(*this));
}

TEST_F(Packages, WhatACallSleepsEndsWhenItsAnswerIsDue) {
    add("wait", [](Event& event) -> Task<> {
        co_await event.host.sleep(24h);
        event.answer = Answer::ok("not reached");
    });
    serve_shop();
    const Answer late = base::run_to_end(run("note/wait", 1ms));
    EXPECT_EQ(late.status, 504);
    EXPECT_EQ(code(late), "CORE_REQ_TIMEOUT");
}

TEST_F(Packages, AHookThatIsLateKeepsItsCallFromWriting) {
    shop.module("note").before(Operation::create, [](Event& event) -> Task<> { co_await event.host.sleep(24h); });
    add("write", [](Event& event) -> Task<> {
        co_await event.host.call(creating("late"));
        event.answer = Answer::ok("not reached");
    });
    serve_shop();
    EXPECT_EQ(code(base::run_to_end(run("note/write", 1ms))), "CORE_REQ_TIMEOUT");
    EXPECT_EQ(count(), 0);
}

TEST_F(Packages, ACallThatIsLateMakesNoMoreCalls) {
    add("write", [](Event& event) -> Task<> {
        try {
            co_await event.host.sleep(24h);
        } catch (const Refusal&) {
        }
        co_await event.host.call(creating("late"));
        event.answer = Answer::ok("not reached");
    });
    serve_shop();
    EXPECT_EQ(code(base::run_to_end(run("note/write", 1ms))), "CORE_REQ_TIMEOUT");
    EXPECT_EQ(count(), 0);
}

TEST_F(Packages, ARequestHasNoMoreTimeThanItsCall) {
    std::chrono::milliseconds given{};
    fetch = [&given](HttpAsk ask) -> Task<HttpReply> {
        given = ask.timeout;
        co_await base::sleep(ask.timeout);
        throw HttpError("printer.example did not answer in time");
    };
    add("print", [](Event& event) -> Task<> {
        co_await event.host.http({.url = "http://printer.example/"});
        event.answer = Answer::ok("not reached");
    });
    serve_shop();
    EXPECT_EQ(code(base::run_to_end(run("note/print", 5ms))), "CORE_REQ_TIMEOUT");
    EXPECT_LE(given, 5ms);
}

TEST_F(Packages, AServerThatFailsWithinTheTimeIsNoTimeOut) {
    fetch = [](HttpAsk) -> Task<HttpReply> {
        throw HttpError("printer.example refused");
        co_return HttpReply{};
    };
    add("print", [](Event& event) -> Task<> { co_await event.host.http({.url = "http://printer.example/"}); });
    EXPECT_EQ(code(call("note/print")), "CORE_SERVER_ERROR");
}

TEST_F(Packages, ATaskHasTimeBeyondItsCall) {
    bool is_done = false;
    add("later", [&is_done](Event& event) -> Task<> {
        event.host.spawn("write later", [&is_done](Host& host) -> Task<> {
            co_await host.sleep(5ms);
            co_await host.call(creating("later"));
            is_done = true;
        });
        co_await event.host.sleep(24h);
    });
    serve_shop();
    const auto both = [](Packages& test, bool& done) -> Task<> {
        EXPECT_EQ((co_await test.run("note/later", 1ms)).status, 504);
        co_await until([&] { return done; });
    };
    base::run_to_end(both(*this, is_done));
    EXPECT_EQ(count(), 1);
}

Task<> write_later(Host& host, bool& is_done) {
    co_await host.sleep(1ms);
    co_await host.call(creating("later"));
    is_done = true;
}

Task<> fail_later(Host& host) {
    co_await host.sleep(1ms);
    throw std::runtime_error("no paper");
}

TEST_F(Packages, ATaskOutlivesItsCall) {
    bool is_done = false;
    add("later", [&is_done](Event& event) {
        event.host.spawn("write later", [&is_done](Host& host) { return write_later(host, is_done); });
        event.answer = Answer::ok("soon");
    });
    serve_shop();
    const auto answered_first = [](Packages& test, bool& done) -> Task<> {
        const Answer answer = co_await test.run("note/later");
        EXPECT_EQ(answer.msg, "soon");
        EXPECT_FALSE(done);
        co_await until([&] { return done; });
    };
    base::run_to_end(answered_first(*this, is_done));
    EXPECT_EQ(count(), 1);
}

TEST_F(Packages, WhatATaskThrowsIsLoggedUnderItsPackageAndName) {
    add("later", [](Event& event) {
        event.host.spawn("print", fail_later);
        event.answer = Answer::ok("soon");
    });
    serve_shop();
    const auto wait = [](Packages& test) -> Task<> {
        EXPECT_EQ((co_await test.run("note/later")).status, 200);
        co_await until([&] { return test.log.find("no paper") != std::string::npos; });
    };
    base::run_to_end(wait(*this));
    EXPECT_NE(log.find("shop: a task failed"), std::string::npos) << log;
    EXPECT_NE(log.find("task=print"), std::string::npos) << log;
}

TEST_F(Packages, HooksRunInTheOrderInWhichTheyWereAdded) {
    std::string order;
    shop.module("note")
        .before(Operation::read, [&order](Event&) { order += "a"; })
        .after(Operation::read, [&order](Event&) { order += "c"; })
        .before(
            Operation::read,
            [&order](Event& event) -> Task<> {
                co_await event.host.sleep(1ms);
                order += "b";
            }
        )
        .after(Operation::read, [&order](Event&) { order += "d"; });
    EXPECT_EQ(call("note/read").status, 200);
    EXPECT_EQ(order, "abcd");
}

TEST_F(Packages, APlainHookRefuses) {
    shop.module("note").before(Operation::read, [](Event&) { throw Refusal(409, "SHOP_NOTE_CLOSED", "Closed."); });
    EXPECT_EQ(code(call("note/read")), "SHOP_NOTE_CLOSED");
}

void shout(Event& event) {
    event.answer = Answer::ok("A FUNCTION");
}

TEST_F(Packages, AStepIsAnyFunctionOfAnEvent) {
    EXPECT_FALSE(Step());
    EXPECT_TRUE(Step(shout));
    const Step copy = Step(shout);
    add("plain", copy);
    add("owning", [count = 7](Event& event) mutable { event.answer = Answer::ok(std::to_string(count++)); });
    EXPECT_EQ(call("note/plain").msg, "A FUNCTION");
    EXPECT_EQ(call("note/owning").msg, "7");
    EXPECT_EQ(call("note/owning").msg, "8");
}

// A package that notes when it starts and stops.
Package noting(const std::string& name, std::string& notes) {
    Package package;
    package.name = name;
    package.start = [&notes, name](Host&) -> Task<> {
        notes += "+" + name;
        co_return;
    };
    package.stop = [&notes, name](Host&) -> Task<> {
        notes += "-" + name;
        co_return;
    };
    return package;
}

Package failing(const std::string& name) {
    Package package;
    package.name = name;
    package.start = [](Host&) -> Task<> {
        throw std::runtime_error("no till");
        co_return;
    };
    return package;
}

PackageRef shared(Package package) {
    return std::make_shared<const Package>(std::move(package));
}

TEST_F(Packages, AreStoppedInTheReverseOrderOfTheirStarts) {
    std::string notes;
    serve({shared(noting("a", notes)), shared(noting("b", notes))});
    EXPECT_EQ(notes, "+a+b");
    base::run_to_end(engine->stop());
    EXPECT_EQ(notes, "+a+b-b-a");
}

TEST_F(Packages, OneThatCannotStopDoesNotKeepTheOthersFromIt) {
    std::string notes;
    Package odd;
    odd.name = "odd";
    odd.stop = [](Host&) -> Task<> {
        throw 7;
        co_return;
    };
    serve({shared(noting("a", notes)), shared(std::move(odd))});
    base::run_to_end(engine->stop());
    EXPECT_EQ(notes, "+a-a");
    EXPECT_NE(log.find("odd: the package could not be stopped"), std::string::npos) << log;
}

TEST_F(Packages, AStartThatThrowsStopsThoseThatHaveStarted) {
    std::string notes;
    EXPECT_THROW(serve({shared(noting("a", notes)), shared(failing("b"))}), std::runtime_error);
    EXPECT_EQ(notes, "+a-a");
}

TEST_F(Packages, OnlyWhatChangesIsStartedAndStoppedWhenPackagesAreReplaced) {
    std::string notes;
    const PackageRef stays = shared(noting("a", notes));
    serve({stays, shared(noting("b", notes))});
    notes.clear();
    engine->replace({core, stays, shared(noting("b", notes)), shared(noting("c", notes))});
    EXPECT_EQ(notes, "+b+c-b");
    notes.clear();
    base::run_to_end(engine->stop());
    EXPECT_EQ(notes, "-c-b-a");
}

TEST_F(Packages, AReplacementThatCannotStartLeavesThePackagesBefore) {
    std::string notes;
    add("who", saying("old"));
    const PackageRef old = shared(shop);
    serve({old});
    EXPECT_THROW(engine->replace({core, shared(noting("a", notes)), shared(failing("b"))}), std::runtime_error);
    EXPECT_EQ(notes, "+a-a");
    EXPECT_EQ(call("note/who").msg, "old");
}

TEST_F(Packages, AReplacementThatMeansNothingLeavesThePackagesBefore) {
    add("who", saying("old"));
    serve_shop();
    Package wrong = shop;
    wrong.module("note").unique = {{"txet"}};
    EXPECT_THROW(engine->replace({core, shared(std::move(wrong))}), engine::DeclarationError);
    EXPECT_EQ(call("note/who").msg, "old");
}

// The old package's method waits for `is_open`; the new one answers at once.
TEST_F(Packages, ACallEndsOnThePackageThatItBeganOn) {
    std::atomic<bool> is_open = false;
    const Package plain = shop;
    std::weak_ptr<const Package> old;
    {
        add("who", [&is_open](Event& event) -> Task<> {
            while (!is_open) co_await event.host.sleep(1ms);
            event.answer = Answer::ok("old");
        });
        const PackageRef first = shared(std::exchange(shop, plain));
        old = first;
        serve({first});
    }
    add("who", saying("new"));
    const auto meanwhile = [](Packages& test, std::atomic<bool>& open, std::weak_ptr<const Package>& before) -> Task<> {
        std::optional<Answer> waited;
        base::spawn("waiting", test.run_and_keep("note/who", waited));
        std::atomic<bool> is_replaced = false;
        std::jthread replacing([&] {
            test.engine->replace({test.core, shared(test.shop)});
            is_replaced = true;
        });
        co_await until([&] { return is_replaced.load(); });
        EXPECT_EQ((co_await test.run("note/who")).msg, "new");
        EXPECT_FALSE(waited);
        EXPECT_FALSE(before.expired());
        open = true;
        co_await until([&] { return waited.has_value(); });
        EXPECT_EQ(waited->msg, "old");
        co_await until([&] { return before.expired(); });
    };
    base::run_to_end(meanwhile(*this, is_open, old));
    EXPECT_TRUE(old.expired());
}

TEST_F(Packages, ATaskKeepsItsPackage) {
    std::atomic<bool> is_open = false;
    std::weak_ptr<const Package> old;
    {
        const auto wait = [](Host& host, std::atomic<bool>& open) -> Task<> {
            while (!open) co_await host.sleep(1ms);
        };
        Package first = shop;
        first.module("note").methods.push_back(own("later", {allow("*")}, [wait, &is_open](Event& event) {
            event.host.spawn("wait", [wait, &is_open](Host& host) { return wait(host, is_open); });
            event.answer = Answer::ok("soon");
        }));
        const PackageRef ref = shared(std::move(first));
        old = ref;
        serve({ref});
    }
    const auto replaced = [](Packages& test, std::atomic<bool>& open, std::weak_ptr<const Package>& before) -> Task<> {
        EXPECT_EQ((co_await test.run("note/later")).status, 200);
        std::atomic<bool> is_replaced = false;
        std::jthread replacing([&] {
            test.engine->replace({test.core, shared(test.shop)});
            is_replaced = true;
        });
        co_await until([&] { return is_replaced.load(); });
        EXPECT_FALSE(before.expired());
        open = true;
        co_await until([&] { return before.expired(); });
    };
    base::run_to_end(replaced(*this, is_open, old));
}

TEST_F(Packages, WhatIsAtWorkIsKnownByItsName) {
    std::string before;
    std::string within;
    const auto last = [] {
        const auto piece = engine::Pieces::of_this_thread()->last();
        return piece ? piece->package + " " + piece->kind + " " + piece->name : "";
    };
    shop.module("note").before(Operation::read, [&, last](Event&) { before = last(); });
    add("look", [&, last](Event& event) {
        within = last();
        event.answer = Answer::ok("looked");
    });
    EXPECT_EQ(call("note/read").status, 200);
    EXPECT_EQ(call("note/look").status, 200);
    EXPECT_EQ(before, "shop hook before note/read");
    EXPECT_EQ(within, "shop method note/look");
    EXPECT_EQ(last(), "");
}

// With a clock that stands still until it is set.
struct Jobs : Packages {
    Jobs() { set("2026-11-22T13:00:30"); }
    ~Jobs() override { base::set_clock(std::nullopt); }

    static void set(const std::string& moment) { base::set_clock(base::parse_datetime(moment)); }

    void add_job(std::string name, std::string schedule, std::function<Task<>(Host&)> run) {
        shop.jobs.push_back({std::move(name), std::move(schedule), std::move(run)});
    }
    // A job that counts itself.
    void add_counted(std::string schedule, int& times) {
        add_job("count", std::move(schedule), [&times](Host&) -> Task<> {
            ++times;
            co_return;
        });
    }

    // What is wrong with the job, and where.
    std::string refusal() {
        try {
            serve_shop();
        } catch (const engine::DeclarationError& error) {
            return error.package + ", " + error.place + ": " + error.what();
        }
        return "none";
    }

    // A look of the runner at each of these moments.
    static Task<> look(engine::JobRunner& runner, std::vector<std::string> moments) {
        for (const std::string& moment : moments) {
            set(moment);
            runner.begin_due();
            co_await base::sleep(1ms);
        }
    }
};

TEST_F(Jobs, BeginInTheirMinute) {
    int times = 0;
    add_counted("*/5 * * * *", times);
    serve_shop();
    engine::JobRunner runner(*engine);
    base::run_to_end(look(runner, {"2026-11-22T13:01", "2026-11-22T13:04:59.999"}));
    EXPECT_EQ(times, 0);
    base::run_to_end(look(runner, {"2026-11-22T13:05"}));
    EXPECT_EQ(times, 1);
    base::run_to_end(look(runner, {"2026-11-22T13:05:01", "2026-11-22T13:06", "2026-11-22T13:10:20"}));
    EXPECT_EQ(times, 2);
}

TEST_F(Jobs, BeginOnceWhenTheClockLeaps) {
    int times = 0;
    add_counted("* * * * *", times);
    serve_shop();
    engine::JobRunner runner(*engine);
    base::run_to_end(look(runner, {"2026-11-22T15:00"}));
    EXPECT_EQ(times, 1);
    base::run_to_end(look(runner, {"2026-11-22T14:59", "2026-11-22T15:00"}));  // corrected by a minute
    EXPECT_EQ(times, 1);
    base::run_to_end(look(runner, {"2026-11-22T10:00", "2026-11-22T10:01"}));  // set back
    EXPECT_EQ(times, 2);
}

TEST_F(Jobs, WhatStillRunsIsNotBegunAgain) {
    int times = 0;
    bool is_open = false;
    add_job("long", "* * * * *", [&](Host& host) -> Task<> {
        ++times;
        while (!is_open) co_await host.sleep(1ms);
    });
    serve_shop();
    engine::JobRunner runner(*engine);
    const auto twice = [](engine::JobRunner& jobs, bool& open, int& begun) -> Task<> {
        co_await look(jobs, {"2026-11-22T13:01", "2026-11-22T13:02"});
        EXPECT_EQ(begun, 1);
        open = true;
        co_await base::sleep(20ms);
        co_await look(jobs, {"2026-11-22T13:03"});
        EXPECT_EQ(begun, 2);
    };
    base::run_to_end(twice(runner, is_open, times));
    EXPECT_NE(log.find("a job still runs from before"), std::string::npos) << log;
}

TEST_F(Jobs, WhatTheyThrowIsLoggedAndTheyBeginAgain) {
    int times = 0;
    add_job("digest", "* * * * *", [&](Host& host) -> Task<> {
        ++times;
        co_await host.sleep(0ms);
        throw std::runtime_error("no paper");
    });
    add_job("plain", "* * * * *", [](Host&) -> Task<> { throw 7; });
    serve_shop();
    engine::JobRunner runner(*engine);
    const auto both = [](Jobs& test, engine::JobRunner& jobs, int& begun) -> Task<> {
        co_await look(jobs, {"2026-11-22T13:01"});
        co_await until([&] { return test.log.find("no paper") != std::string::npos; });
        co_await look(jobs, {"2026-11-22T13:02"});
        EXPECT_EQ(begun, 2);
    };
    base::run_to_end(both(*this, runner, times));
    EXPECT_NE(log.find("shop: a job failed job=digest error=\"no paper\""), std::string::npos) << log;
    EXPECT_NE(log.find("shop: a job failed job=plain"), std::string::npos) << log;
}

TEST_F(Jobs, AreThoseOfThePackagesThatAreServedNow) {
    int before = 0;
    int after = 0;
    add_counted("* * * * *", before);
    serve_shop();
    engine::JobRunner runner(*engine);
    base::run_to_end(look(runner, {"2026-11-22T13:01"}));
    shop.jobs.clear();
    add_counted("* * * * *", after);
    engine->replace({core, shared(shop)});
    base::run_to_end(look(runner, {"2026-11-22T13:02"}));
    EXPECT_EQ(before, 1);
    EXPECT_EQ(after, 1);
}

TEST_F(Jobs, CallAsLimpd) {
    bool is_done = false;
    add_job("write", "0 14 * * *", [&](Host& host) -> Task<> {
        co_await host.call(creating("by a job"));
        is_done = true;
    });
    serve_shop();
    engine::JobRunner runner(*engine);
    const auto written = [](engine::JobRunner& jobs, bool& done) -> Task<> {
        co_await look(jobs, {"2026-11-22T14:00"});
        co_await until([&] { return done; });
    };
    base::run_to_end(written(runner, is_done));
    EXPECT_EQ(count(), 1);
}

TEST_F(Jobs, AreRefusedAtStartWhenTheyMeanNothing) {
    const auto nothing = [](Host&) -> Task<> { co_return; };
    add_job("digest", "61 * * * *", nothing);
    EXPECT_EQ(refusal(), "shop, jobs[0]: job \"digest\", schedule \"61 * * * *\": minute \"61\": it takes 0 to 59");
    shop.jobs = {{"digest", "* * * * *", nothing}, {"digest", "* * * * *", nothing}};
    EXPECT_EQ(refusal(), "shop, jobs[1]: there is a job \"digest\" already");
    shop.jobs = {{"", "* * * * *", nothing}};
    EXPECT_EQ(refusal(), "shop, jobs[0]: a job needs a name");
    shop.jobs = {{"digest", "* * * * *", {}}};
    EXPECT_EQ(refusal(), "shop, jobs[0]: job \"digest\" has nothing to run");
}

}  // namespace
}  // namespace limp
