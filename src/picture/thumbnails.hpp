// picture/thumbnails.hpp: images made smaller, by a program of their own (main.cpp) that has nothing else at hand.
//
// Cost     A process for each, some 0.1 s; what came out is kept, so that the same is not made again.
// Limits   All in Options. The program limits itself further: its memory, and its time on a CPU.
// Threads  make() on any loop. Loops outlive the object; its end waits for what is under way.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/pool.hpp"
#include "limp/bytes.hpp"
#include "limp/task.hpp"

namespace limp::picture {

// Pixels.
struct Size {
    int width = 0;
    int height = 0;
};

// "128x96"; nothing when it is none, or larger than 4096 each way.
std::optional<Size> read_size(std::string_view text);

class Thumbnails {
public:
    struct Options {
        std::filesystem::path program;               // limp-thumbnail; empty: where limpd itself is
        std::size_t at_once = 1;                     // processes
        std::size_t waiting_max = 32;                // that wait for one
        std::size_t image_bytes = 64 * 1024 * 1024;  // of the image
        std::size_t made_bytes = 16 * 1024 * 1024;   // of what came out
        std::size_t kept_bytes = 32 * 1024 * 1024;   // of all that is kept
        std::chrono::milliseconds timeout{20'000};
    };

    explicit Thumbnails(Options options);
    Thumbnails() : Thumbnails(Options()) {}

    // `image` no wider and no higher than `size`, in its own proportions, as JPEG, or as PNG when one can see through
    // it; never larger than it was. Equal `id`s are equal bytes. Throws Refusal: 400 CORE_FILE_NO_IMAGE when it is none
    // that can be made smaller, 503 CORE_SERVER_BUSY, 503 CORE_SERVER_UNAVAILABLE when there is no such program.
    Task<Bytes> make(std::string id, Bytes image, Size size);

private:
    using Key = std::tuple<std::string, int, int>;
    struct Kept {
        Key key;
        Bytes made;
    };

    std::optional<Bytes> find(const Key& key);
    void keep(const Key& key, const Bytes& made);
    Bytes made(const Key& key, const Bytes& image);  // on the pool

    const Options options_;
    std::mutex mutex_;
    std::list<Kept> kept_;  // the one that was asked for last in front
    std::map<Key, std::list<Kept>::iterator> places_;
    std::size_t kept_bytes_ = 0;
    base::Pool pool_;  // last: its work ends before what it works on goes
};

}  // namespace limp::picture
