// Packages in C++ while they are served: what they throw, and their replacement under load.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "app/proofs.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "base/loop.hpp"
#include "base/pool.hpp"
#include "core/core.hpp"
#include "engine/engine.hpp"
#include "package/library.hpp"
#include "store/stores.hpp"

namespace limp {
namespace {

engine::Options cheap_options() {
    engine::Options options;
    options.password_cost = {1, 8192};
    options.server_key = "a key for tests, as long as any";
    options.limits.address_calls_per_minute = 1'000'000'000;
    return options;
}

class Replacing : public testing::Test {
protected:
    static PackageRef shop(const std::string& build) {
        Package declared;
        declared.name = "shop";
        return package::load_library(std::string(LIMP_TEST_PACKAGES) + "/shop_" + build + ".so", std::move(declared));
    }

    std::vector<PackageRef> with_shop(const std::string& build) { return {core_, shop(build)}; }

    Replacing() {
        base::set_log_capture(&log_);
        engine_ = std::make_unique<engine::Engine>(
            with_shop("one"), *store_, passwords_, cheap_options(), engine::Introductions{app::proofs(), {}}
        );
        engine_->prepare_store();
        base::run_to_end(engine_->start());
    }
    ~Replacing() override { base::set_log_capture(nullptr); }

    Task<Answer> call(std::string endpoint, Object doc) {
        engine::VisitorPtr visitor = co_await engine_->admit({"127.0.0.1", "test"});
        Call call;
        call.endpoint = std::move(endpoint);
        call.doc = std::move(doc);
        call.query = Object{};
        if (call.endpoint.ends_with("create")) call.query = Object{{"$soft", true}};
        co_return co_await engine_->run(std::move(call), std::move(visitor));
    }
    Answer answer(const std::string& endpoint, Object doc = {}) {
        return base::run_to_end(call(endpoint, std::move(doc)));
    }

    // The build that answered a create.
    static std::string built(const Answer& answer) {
        if (answer.status != 200) return answer.msg;
        const Value docs = base::parse_json(answer.docs.value());
        return docs.list().at(0).find("built")->string();
    }

    const PackageRef core_ = std::make_shared<const Package>(core::make({}));
    std::unique_ptr<Store> store_ = store::open_memory();
    base::Pool passwords_{{"password", 1, 4, 0}};
    std::unique_ptr<engine::Engine> engine_;
    std::string log_;
};

TEST_F(Replacing, ARefusalOfAPackageIsTheAnswer) {
    const Answer refused = answer("order/refuse");
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(*refused.args.find("code"), Value("SHOP_ORDER_SOLD_OUT"));
}

TEST_F(Replacing, WhatElseAPackageThrowsIsAFaultWithItsTextInTheLog) {
    const Answer failed = answer("order/fail");
    EXPECT_EQ(failed.status, 500);
    EXPECT_EQ(failed.msg.find("own type"), failed.msg.npos);
    EXPECT_NE(log_.find("an exception of the package's own type"), log_.npos) << log_;
}

TEST_F(Replacing, NewCallsUseTheNewCode) {
    EXPECT_EQ(built(answer("order/create", {{"item", "tea"}})), "one");
    engine_->replace(with_shop("two"));
    EXPECT_EQ(built(answer("order/create", {{"item", "tea"}})), "two");
}

// Eight callers on two loops, each with a call that waits inside the package most of the time.
TEST_F(Replacing, AHundredTimesUnderLoadNoCallFailsAndTheOldCodeGoes) {
    const std::size_t before = package::libraries_loaded();
    std::atomic<bool> is_over = false;
    std::atomic<int> answered = 0;
    std::atomic<int> failed = 0;
    const auto caller = [&]() -> Task<> {
        while (!is_over) {
            const std::string build = built(co_await call("order/create", {{"item", "tea"}}));
            ++answered;
            if (build != "one" && build != "two") ++failed;
        }
    };
    {
        base::Loop loops[2];
        std::atomic<int> callers = 8;
        const auto count_down = [&](Task<> task) -> Task<> {
            co_await std::move(task);
            if (--callers == 0)
                for (base::Loop& loop : loops) loop.stop();
        };
        for (base::Loop& loop : loops)
            for (int each = 0; each < 4; ++each) loop.post([&] { base::spawn("caller", count_down(caller())); });
        std::jthread first([&] { loops[0].run(); });
        std::jthread second([&] { loops[1].run(); });
        for (int round = 0; round < 100; ++round) {
            const int seen = answered;
            engine_->replace(with_shop(round % 2 == 0 ? "two" : "one"));
            while (answered < seen + 4) std::this_thread::yield();
        }
        is_over = true;
    }
    EXPECT_EQ(failed, 0);
    EXPECT_GE(answered, 400);
    EXPECT_EQ(built(answer("order/create", {{"item", "tea"}})), "one");
    EXPECT_EQ(package::libraries_loaded(), before);  // that of the last round alone
}

}  // namespace
}  // namespace limp
