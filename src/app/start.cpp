#include "app/start.hpp"

#include <utility>

#include "core/core.hpp"
#include "store/stores.hpp"

namespace limp::app {

std::map<std::string, Module> read_templates(const std::vector<std::filesystem::path>& files) {
    return package::read_templates(files, {{"content", core::content()}, {"content_cat", core::content_cat()}});
}

std::vector<package::Manifest> read_manifests(const Options& options) {
    std::vector<package::Manifest> manifests;
    try {
        const auto files = package::find_manifests(options.modules, options.packages);
        const auto templates = read_templates(files);
        for (const auto& file : files) manifests.push_back(package::read_manifest(file, templates));
    } catch (const package::ManifestError& error) {
        throw UsageError(error.what());
    }
    return manifests;
}

std::unique_ptr<Store> open_store(const Config& config) {
    store::Options options;
    options.log_batches = config.change_log_batches;
    options.cache_bytes = config.cache_bytes_max;
    options.scan_timeout = config.call_timeout;
    try {
        return config.data_driver == "memory" ? store::open_memory(options)
                                              : store::open_sqlite(config.data_file, options);
    } catch (const StoreUnavailable& error) {
        throw UsageError(error.what());
    }
}

engine::Options engine_options(const Config& config) {
    engine::Options options;
    options.settings = config.settings;
    options.limits.query.nodes = config.query_nodes_max;
    options.limits.query.depth = config.query_depth_max;
    options.limits.query.in_values = config.query_in_max;
    options.limits.query.references = config.query_references_max;
    options.limits.query.pattern = config.query_pattern_bytes_max;
    options.limits.query.words = config.query_words_max;
    options.limits.query.facets = config.query_facets_max;
    options.limits.query.buckets = config.query_buckets_max;
    options.limits.query.count_to = config.count_max;
    options.limits.read_docs = config.read_limit_max;
    options.limits.walked_docs = config.advise_documents;
    options.limits.history_entries = config.history_entries_max;
    options.limits.extn_depth = config.extn_depth_max;
    options.limits.extn_docs = config.extn_docs_max;
    options.limits.batch_docs = config.batch_docs_max;
    options.limits.thumbnails = config.thumbnail_sizes;
    options.limits.upload_bytes = config.upload_bytes_max;
    options.limits.uploads_bytes = config.uploads_bytes_max;
    options.limits.address_calls_per_minute = config.quota_address_per_minute;
    options.limits.session_calls_per_minute = config.quota_session_per_minute;
    options.password_cost = {config.password_operations, config.password_memory_kib * 1024};
    return options;
}

}  // namespace limp::app
