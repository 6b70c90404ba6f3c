// page/page.hpp: the files of the sandbox page, as they are built into this program.
//
// cmake/LimpPage.cmake makes them out of what sandbox/ builds to; without that there are none.
#pragma once

#include <span>
#include <string_view>

namespace limp::page {

struct File {
    std::string_view path;  // "index.html", "assets/index-B4x9a.js"
    std::string_view type;  // the media type
    std::string_view etag;  // without quotes; other bytes have another
    std::string_view bytes;
    std::string_view gzip;  // the same bytes in gzip's format; empty when that would not be much less
};

// In the order of their paths.
std::span<const File> files();

// nullptr: there is none of that path.
const File* find(std::span<const File> files, std::string_view path);

// Whether its name changes with its bytes, so that it may be kept for ever.
bool is_for_ever(const File& file);

}  // namespace limp::page
