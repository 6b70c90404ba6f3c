#include "app/backup.hpp"

#include <cstdint>
#include <string_view>

#include "app/start.hpp"
#include "base/log.hpp"
#include "store/sqlite_backup.hpp"

namespace limp::app {

namespace {

Config config_of(const Options& options) {
    base::set_log(base::LogLevel::warning, options.log_format);
    Config config = load_config(options, read_manifests(options), process_environment());
    if (config.data_driver == "memory") throw UsageError("the data are in memory only (data_driver): there is no file");
    for (const std::string& warning : config.warnings) base::log_warning("app", warning);
    return config;
}

// What cannot be as it was asked for.
store::Backup as_asked(const auto& work) {
    try {
        return work();
    } catch (const store::CannotBegin& error) {
        throw UsageError(error.what());
    }
}

std::string counted(std::int64_t count, const std::string& what) {
    return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::string size_of(const std::filesystem::path& file) {
    const auto kib = static_cast<std::int64_t>((std::filesystem::file_size(file) + 1023) / 1024);
    return kib < 10'000 ? std::to_string(kib) + " KiB" : std::to_string((kib + 1023) / 1024) + " MiB";
}

std::string contents(const store::Backup& backup) {
    return "batch " + std::to_string(backup.batch) + ", " + counted(backup.documents, "document") + ", " +
           counted(backup.credentials, "credential") + ", " + counted(backup.files, "file");
}

std::string lost_files(const store::Backup& backup) {
    std::string text;
    for (const std::string& lost : backup.lost) text += "Without its bytes: file " + lost + "\n";
    return text;
}

}  // namespace

Report back_up(const Options& options, const std::filesystem::path& file) {
    const Config config = config_of(options);
    const store::Backup backup = as_asked([&] { return store::back_up(config.data_file, file); });
    return {
        "Wrote " + file.string() + ": " + contents(backup) + ", " + size_of(file) + ".\n" + lost_files(backup) +
            "Not in it: the server key, " + config.server_key_file +
            ". Keep a copy of it elsewhere; without it every session ends.\n",
        backup.lost.empty()
    };
}

Report restore(const Options& options, const std::filesystem::path& file) {
    const Config config = config_of(options);
    const store::Backup backup = as_asked([&] { return store::restore(file, config.data_file); });
    std::string text = "Restored " + config.data_file + ": " + contents(backup) + ".\n" + lost_files(backup);
    if (!std::filesystem::exists(config.server_key_file))
        text += "The server key " + config.server_key_file +
                " is not there. Put its copy in place before limpd starts, or every session ends.\n";
    return {std::move(text), backup.lost.empty()};
}

}  // namespace limp::app
