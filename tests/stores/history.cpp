#include "history.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "base/json.hpp"
#include "base/loop.hpp"
#include "base/text.hpp"
#include "store/stores.hpp"
#include "store_test.hpp"

namespace limp::store {

namespace {

constexpr int persons = 12;

Task<Contents> read_contents(Store& store) {
    Contents contents;
    const Found found = co_await store.read(people().name, {});
    for (const Document& document : found.docs) contents.documents[document.find("_id")->string()] = document;
    for (int number = 0; number < persons; ++number) {
        if (auto credential = co_await store.credential(id(number))) contents.credentials[id(number)] = *credential;
    }
    co_return contents;
}

std::unique_ptr<Store> new_model() {
    std::unique_ptr<Store> model = open_memory();
    model->prepare({people()});
    return model;
}

// As text, to compare.
std::string answer_of(Store& store, const std::vector<Change>& batch) {
    try {
        std::string answer;
        for (const Changed& changed : write(store, batch))
            answer += base::join(changed.matched, ",") + ": " + std::to_string(changed.modified) + "\n";
        return answer;
    } catch (const Conflict& conflict) {
        return "conflict in " + base::join(conflict.attrs, ",");
    }
}

}  // namespace

void PrintTo(const Contents& contents, std::ostream* out) {
    for (const auto& [id, document] : contents.documents) *out << "\n" << base::to_json(document);
    for (const auto& [id, credential] : contents.credentials) *out << "\n" << id << " has " << credential;
}

Contents contents(Store& store) {
    return base::run_to_end(read_contents(store));
}

History::History() : model_(new_model()), certain_(contents(*model_)) {}

bool History::write(Store& store, const std::vector<Change>& batch) {
    ask(batch);
    try {
        const std::string answer = answer_of(store, batch);
        EXPECT_EQ(answer, acknowledge());
        return true;
    } catch (const StoreUnavailable&) {
        return false;
    }
}

void History::ask(const std::vector<Change>& batch) {
    asked_.push_back(batch);
}

std::string History::acknowledge() {
    stored_.push_back(std::move(asked_.back()));
    asked_.pop_back();
    const std::string answer = answer_of(*model_, stored_.back());
    const Contents before = std::exchange(certain_, contents(*model_));
    if (!(certain_ == before)) asked_.clear();
    return answer;
}

bool History::allows(const Contents& found) const {
    return found == certain_ || std::ranges::any_of(asked_, [&](const std::vector<Change>& batch) {
               return found == contents(*model_with(batch));
           });
}

bool History::settle(const Contents& found) {
    if (found == certain_) return true;
    for (const std::vector<Change>& batch : asked_) {
        std::unique_ptr<Store> model = model_with(batch);
        if (!(found == contents(*model))) continue;
        model_ = std::move(model);
        certain_ = found;
        stored_.push_back(batch);
        asked_.clear();
        return true;
    }
    return false;
}

std::unique_ptr<Store> History::model_with(const std::vector<Change>& last) const {
    std::unique_ptr<Store> model = new_model();
    for (const std::vector<Change>& batch : stored_) answer_of(*model, batch);
    answer_of(*model, last);
    return model;
}

std::vector<Change> random_batch(std::mt19937& random) {
    const auto below = [&](unsigned bound) { return static_cast<int>(random() % bound); };
    const auto email = [&] { return std::string(below(2) ? "p" : "P") + std::to_string(below(8)) + "@x.y"; };
    const auto text = [&](unsigned length) {
        return std::string(static_cast<std::size_t>(below(length)), static_cast<char>('a' + below(26)));
    };
    const auto change = [&]() -> Change {
        const int number = below(persons);
        switch (below(13)) {
            case 0:
            case 1:
                return create(person(number, {{"email", email()}}));
            case 2:
                return create(person(number, {{"owner", below(3)}, {"name", below(9)}, {"text", text(9'000)}}));
            case 3:
                return update(by_id(number), {{"email", email()}});
            case 4:
                return update(
                    Filter::of(condition("_id", Condition::Operator::less, {id(number)})), {{"age", below(9)}}
                );
            case 5:
                return soft_delete(Filter::equal("email", email()));
            case 6:
                return hard_delete(by_id(number));
            case 7:
                return credential(id(number), text(60));
            case 8: {
                Change counted = update(by_id(number), {});
                counted.edits = {{{"count"}, Edit::Kind::add, below(9), 0}};
                return counted;
            }
            case 9: {
                Change undeleted = soft_delete(by_id(number));
                undeleted.kind = Change::Kind::undelete;
                return undeleted;
            }
            case 10: {
                Change numbered = create(person(number, {{"text", text(3'000)}}));
                numbered.numbers = {{"no", "N", 4, ""}};
                return numbered;
            }
            case 11:
                return update(by_id(number), {{"text", text(20'000)}});
            default:
                return update(by_id(number), {{"text", text(3'000)}, {"email", nullptr}});
        }
    };
    std::vector<Change> batch;
    for (int count = 1 + below(4); count > 0; --count) batch.push_back(change());
    return batch;
}

}  // namespace limp::store
