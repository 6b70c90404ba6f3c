#include "picture/thumbnails.hpp"

#include <charconv>
#include <string_view>
#include <system_error>

#include "base/log.hpp"
#include "base/loop.hpp"
#include "limp/refusal.hpp"
#include "picture/helper.hpp"

namespace limp::picture {

namespace {

Refusal no_image() {
    return {
        400, "CORE_FILE_NO_IMAGE",
        "The file is no image that can be made smaller: such are JPEG, PNG, GIF and WebP, and not too large."
    };
}

std::filesystem::path beside_limpd() {
    return std::filesystem::read_symlink("/proc/self/exe").parent_path() / "limp-thumbnail";
}

Thumbnails::Options complete(Thumbnails::Options options) {
    if (options.program.empty()) options.program = beside_limpd();
    return options;
}

}  // namespace

std::optional<Size> read_size(std::string_view text) {
    constexpr int most = 4096;
    Size size;
    const char* const end = text.data() + text.size();
    const auto width = std::from_chars(text.data(), end, size.width);
    if (width.ec != std::errc() || width.ptr == end || *width.ptr != 'x') return std::nullopt;
    const auto height = std::from_chars(width.ptr + 1, end, size.height);
    const auto is_right = [](int pixels) { return pixels >= 1 && pixels <= most; };
    if (height.ec != std::errc() || height.ptr != end || !is_right(size.width) || !is_right(size.height))
        return std::nullopt;
    return size;
}

Thumbnails::Thumbnails(Options options)
    : options_(complete(std::move(options))),
      pool_({.name = "thumbnails", .threads = options_.at_once, .waiting_max = options_.waiting_max, .nice = 10}) {}

Task<Bytes> Thumbnails::make(std::string id, Bytes image, Size size) {
    Key key{std::move(id), size.width, size.height};
    if (std::optional<Bytes> kept = find(key)) co_return std::move(*kept);
    if (image.size() > options_.image_bytes) throw no_image();
    if (!pool_.has_room())
        throw Refusal(503, "CORE_SERVER_BUSY", "Too many images wait to be made smaller. Try again.");
    try {
        co_return co_await base::on(pool_, [&] { return made(key, image); });
    } catch (const NoHelper& error) {
        base::log_error("picture", "the program that makes images smaller cannot be run", {{"error", error.what()}});
    }
    throw Refusal(503, "CORE_SERVER_UNAVAILABLE", "Images cannot be made smaller at the moment.");
}

Bytes Thumbnails::made(const Key& key, const Bytes& image) {
    if (std::optional<Bytes> kept = find(key)) return std::move(*kept);  // others have asked for it meanwhile
    const auto& [id, width, height] = key;
    Helped helped = run_helper(
        options_.program, {std::to_string(width), std::to_string(height)}, image, options_.made_bytes, options_.timeout
    );
    if (!helped.is_done) {
        base::log_info("picture", "an image was not made smaller", {{"file", id}, {"reason", helped.reason}});
        throw no_image();
    }
    Bytes small(std::move(helped.bytes));
    keep(key, small);
    return small;
}

std::optional<Bytes> Thumbnails::find(const Key& key) {
    const std::lock_guard lock(mutex_);
    const auto place = places_.find(key);
    if (place == places_.end()) return std::nullopt;
    kept_.splice(kept_.begin(), kept_, place->second);
    return place->second->made;
}

void Thumbnails::keep(const Key& key, const Bytes& made) {
    const std::lock_guard lock(mutex_);
    if (places_.contains(key)) return;  // two were at it at the same time
    kept_.push_front({key, made});
    places_.emplace(key, kept_.begin());
    kept_bytes_ += made.size();
    while (kept_bytes_ > options_.kept_bytes) {
        kept_bytes_ -= kept_.back().made.size();
        places_.erase(kept_.back().key);
        kept_.pop_back();
    }
}

}  // namespace limp::picture
