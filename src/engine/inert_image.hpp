// engine/inert_image.hpp: which images may be shown by a browser whoever they come from.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace limp::engine {

// So many bytes tell.
inline constexpr std::size_t inert_image_head = 16;

// The media type of PNG, JPEG, GIF, WebP and AVIF, by what the bytes begin with. Nothing for all others: an SVG runs
// scripts, and HTML does anyway.
std::optional<std::string_view> inert_image(std::string_view bytes);

}  // namespace limp::engine
