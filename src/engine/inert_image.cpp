#include "engine/inert_image.hpp"

namespace limp::engine {

std::optional<std::string_view> inert_image(std::string_view bytes) {
    const auto has = [&](std::size_t at, std::string_view what) {
        return bytes.size() >= at && bytes.substr(at).starts_with(what);
    };
    if (has(0, "\x89PNG\r\n\x1a\n")) return "image/png";
    if (has(0, "\xff\xd8\xff")) return "image/jpeg";
    if (has(0, "GIF87a") || has(0, "GIF89a")) return "image/gif";
    if (has(0, "RIFF") && has(8, "WEBP")) return "image/webp";
    if (has(4, "ftypavif")) return "image/avif";
    return std::nullopt;
}

}  // namespace limp::engine
