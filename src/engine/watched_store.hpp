// engine/watched_store.hpp: the store, with every change made known to Versions before it is answered.
#pragma once

#include "engine/versions.hpp"
#include "limp/store.hpp"

namespace limp::engine {

class WatchedStore : public Store {
public:
    WatchedStore(Store& store, Versions& versions) : store_(store), versions_(versions) {}

    void ensure(const Collection& collection) override { store_.ensure(collection); }
    Task<Found> read(std::string collection, Query query) override {
        return store_.read(std::move(collection), std::move(query));
    }
    Task<std::vector<Changed>> write(Batch batch) override {
        std::vector<Changed> changed = co_await store_.write(std::move(batch));
        for (const Changed& change : changed)
            for (const std::string& id : change.matched) versions_.bump(id);
        co_return changed;
    }
    Task<std::optional<std::string>> credential(std::string id) override { return store_.credential(std::move(id)); }
    Task<std::optional<std::string>> file(std::string id) override { return store_.file(std::move(id)); }
    std::string description() const override { return store_.description(); }

private:
    Store& store_;
    Versions& versions_;
};

}  // namespace limp::engine
