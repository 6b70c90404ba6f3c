// A disk whose power fails: what files hold that were written, synced and removed so far.
//
// Model   What was written arrives for certain once its file was synced; before, each piece of it may arrive or not, in
//         any order. The same holds for a file's end, and for its name in the folder. A sync that fails loses what it
//         should have carried, and no later one brings it (so does Linux).
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace limp::store {

// One thing that was asked of the disk, or that a test noted between two of them.
struct DiskEvent {
    enum class Kind {
        opened,       // `name` is `file` from now on; `is_new`: it was made
        wrote,        // `bytes` at `offset`
        truncated,    // the file ends at `offset`
        synced,       //
        sync_failed,  //
        removed,      // `name` is gone; `is_synced`: the folder was synced after it
        noted,        // `note`
    };

    Kind kind = Kind::noted;
    int file = 0;    // a name that was removed and made anew is another file
    int handle = 0;  // which of those that opened the file wrote or synced
    std::string name;
    bool is_new = false;
    bool is_synced = false;
    std::size_t offset = 0;
    std::string bytes;  // opened: what the file held before anybody looked
    int note = 0;
};

class Disk {
public:
    void apply(const DiskEvent& event);

    // Writes into `folder` what is there when the power fails now: what is certain, and by the seed some of what is
    // not; without a seed nothing of it.
    void lose_power(const std::filesystem::path& folder, std::optional<unsigned> seed) const;

private:
    // A write, or, without bytes, a new end of the file at `offset`.
    struct Waiting {
        int handle;
        std::size_t offset;
        std::string bytes;
    };

    struct File {
        std::string certain;
        std::vector<Waiting> waiting;
        bool is_in_folder = false;  // its name is certain
    };

    // The file of a name, now and as the disk has it for certain.
    struct Name {
        std::optional<int> now;
        std::optional<int> certain;
    };

    class Chance;

    void sync(int file);
    void sync_folder();
    static std::string arrived(const File& file, Chance* chance);

    std::map<int, File> files_;
    std::map<std::string, Name> folder_;
};

}  // namespace limp::store
