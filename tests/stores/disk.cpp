#include "disk.hpp"

#include <algorithm>
#include <fstream>
#include <random>
#include <stdexcept>

namespace limp::store {

namespace {

void put(std::string& content, std::size_t offset, std::string_view bytes) {
    if (content.size() < offset + bytes.size()) content.resize(offset + bytes.size());
    std::ranges::copy(bytes, content.begin() + static_cast<std::ptrdiff_t>(offset));
}

void put_all(std::string& content, std::size_t offset, const std::string& bytes) {
    if (bytes.empty())
        content.resize(offset);
    else
        put(content, offset, bytes);
}

}  // namespace

// What a power failure spares, by one seed.
class Disk::Chance {
public:
    explicit Chance(unsigned seed)
        : random_(seed), piece_(below(2) ? 512 : 4096), percent_(10 + 20 * below(5)), is_garbage_(below(2)) {}

    bool spares() { return below(100) < percent_; }
    std::size_t piece() const { return piece_; }

    // What a disk may hold where a file was to grow and its bytes did not arrive.
    char unwritten() { return is_garbage_ ? static_cast<char>(below(256)) : '\0'; }

private:
    unsigned below(unsigned bound) { return static_cast<unsigned>(random_() % bound); }

    std::mt19937 random_;
    std::size_t piece_;  // bytes that arrive together
    unsigned percent_;
    bool is_garbage_;
};

void Disk::apply(const DiskEvent& event) {
    using Kind = DiskEvent::Kind;
    switch (event.kind) {
        case Kind::opened:
            if (files_.contains(event.file)) return;
            files_[event.file] = {event.bytes, {}, !event.is_new};
            folder_[event.name].now = event.file;
            if (!event.is_new) folder_[event.name].certain = event.file;
            return;
        case Kind::wrote:
        case Kind::truncated:
            files_.at(event.file).waiting.push_back({event.handle, event.offset, event.bytes});
            return;
        case Kind::synced:
            sync(event.file);
            return;
        case Kind::sync_failed:
            std::erase_if(files_.at(event.file).waiting, [&](const Waiting& waiting) {
                return waiting.handle == event.handle;
            });
            return;
        case Kind::removed:
            folder_.at(event.name).now.reset();
            if (event.is_synced) sync_folder();
            return;
        case Kind::noted:
            return;
    }
}

void Disk::sync(int number) {
    File& file = files_.at(number);
    for (const Waiting& waiting : file.waiting) put_all(file.certain, waiting.offset, waiting.bytes);
    file.waiting.clear();
    // SQLite syncs the folder with the first sync of a log or a journal that it has made.
    if (!file.is_in_folder) sync_folder();
}

void Disk::sync_folder() {
    for (auto& [name, of] : folder_) {
        of.certain = of.now;
        if (of.now) files_.at(*of.now).is_in_folder = true;
    }
}

std::string Disk::arrived(const File& file, Chance* chance) {
    std::string content = file.certain;
    if (!chance) return content;
    for (const auto& [handle, offset, bytes] : file.waiting) {
        if (bytes.empty()) {
            if (chance->spares()) content.resize(offset);
            continue;
        }
        for (std::size_t begin = 0, end = 0; begin < bytes.size(); begin = end) {
            end = std::min(bytes.size(), begin + chance->piece() - (offset + begin) % chance->piece());
            if (!chance->spares()) continue;
            while (content.size() < offset + begin) content += chance->unwritten();
            put(content, offset + begin, std::string_view(bytes).substr(begin, end - begin));
        }
    }
    return content;
}

void Disk::lose_power(const std::filesystem::path& folder, std::optional<unsigned> seed) const {
    std::optional<Chance> chance;
    if (seed) chance.emplace(*seed);
    for (const auto& [name, of] : folder_) {
        const std::optional<int> file = chance && chance->spares() ? of.now : of.certain;
        if (!file) continue;
        std::ofstream out(folder / name, std::ios::binary);
        out << arrived(files_.at(*file), chance ? &*chance : nullptr);
        if (!out.flush()) throw std::runtime_error("the disk of the test itself is full");
    }
}

}  // namespace limp::store
