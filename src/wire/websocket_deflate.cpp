#include "wire/websocket_deflate.hpp"

#define ZLIB_CONST
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <limits>
#include <memory>
#include <new>

namespace limp::wire {
namespace {

// The end of an empty stored block: cut off by who sends, put back by who reads (RFC 7692 §7.2.1).
constexpr std::string_view tail("\0\0\xFF\xFF", 4);

// zlib counts in 32 bits.
constexpr std::size_t bytes_at_once = std::numeric_limits<uInt>::max() / 2;

// Messages are compressed on the thread of their connection, while other calls wait: the quickest level, which gives
// most of what the others give.
constexpr int level = Z_BEST_SPEED;
constexpr int memory_level = 8;

const Bytef* input_of(std::string_view bytes) {
    return reinterpret_cast<const Bytef*>(bytes.data());
}

class Inflater {
public:
    Inflater() {
        // Any smaller window of the peer can be read with the largest.
        if (inflateInit2(&stream_, -MAX_WBITS) != Z_OK) throw std::bad_alloc();
    }
    ~Inflater() { inflateEnd(&stream_); }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    Inflated read(std::string_view compressed, std::size_t bytes_max, std::string& out) {
        inflateReset(&stream_);
        out.resize(std::min(bytes_max + 1, std::max<std::size_t>(4 * compressed.size(), 512)));
        stream_.next_out = reinterpret_cast<Bytef*>(out.data());
        stream_.avail_out = static_cast<uInt>(out.size());
        Inflated result = take(compressed, bytes_max, out);
        if (result == Inflated::complete) result = take(tail, bytes_max, out);
        if (result == Inflated::complete && !is_between_blocks()) result = Inflated::malformed;
        out.resize(out.size() - stream_.avail_out);
        return result == Inflated::complete && out.size() > bytes_max ? Inflated::too_big : result;
    }

private:
    Inflated take(std::string_view input, std::size_t bytes_max, std::string& out) {
        stream_.next_in = input_of(input);
        stream_.avail_in = static_cast<uInt>(input.size());
        while (stream_.avail_in > 0) {
            if (stream_.avail_out == 0 && !grow(bytes_max, out)) return Inflated::too_big;
            const int result = inflate(&stream_, Z_BLOCK);
            if (result == Z_MEM_ERROR) throw std::bad_alloc();
            // A block marked as the last is only the sender's way to flush; others may follow (RFC 7692 §7.2.3.4).
            if (result == Z_STREAM_END) inflateReset(&stream_);
            if (result != Z_OK && result != Z_STREAM_END) return Inflated::malformed;
        }
        return Inflated::complete;
    }

    bool grow(std::size_t bytes_max, std::string& out) {
        const std::size_t written = out.size();
        if (written > bytes_max) return false;
        out.resize(std::min(bytes_max + 1, 2 * written));
        stream_.next_out = reinterpret_cast<Bytef*>(out.data() + written);
        stream_.avail_out = static_cast<uInt>(out.size() - written);
        return true;
    }

    // What zlib says with Z_BLOCK after the end of a block. Anywhere else the message was cut off.
    bool is_between_blocks() const { return (stream_.data_type & 128) != 0; }

    z_stream stream_{};
};

class Deflater {
public:
    explicit Deflater(int window_bits) {
        if (deflateInit2(&stream_, level, Z_DEFLATED, -window_bits, memory_level, Z_DEFAULT_STRATEGY) != Z_OK)
            throw std::bad_alloc();
    }
    ~Deflater() { deflateEnd(&stream_); }
    Deflater(const Deflater&) = delete;
    Deflater& operator=(const Deflater&) = delete;

    std::optional<std::string> write(std::string_view message) {
        deflateReset(&stream_);
        // What does not fit in here is, without its tail, no shorter than the message.
        std::string out(message.size() + tail.size(), '\0');
        stream_.next_in = input_of(message);
        stream_.avail_in = static_cast<uInt>(message.size());
        stream_.next_out = reinterpret_cast<Bytef*>(out.data());
        stream_.avail_out = static_cast<uInt>(out.size());
        if (deflate(&stream_, Z_SYNC_FLUSH) != Z_OK || stream_.avail_out == 0) return std::nullopt;
        out.resize(out.size() - stream_.avail_out - tail.size());
        return out;
    }

private:
    z_stream stream_{};
};

Deflater& deflater(int window_bits) {
    thread_local std::array<std::unique_ptr<Deflater>, MAX_WBITS + 1> deflaters;
    std::unique_ptr<Deflater>& found = deflaters.at(static_cast<std::size_t>(window_bits));
    if (!found) found = std::make_unique<Deflater>(window_bits);
    return *found;
}

}  // namespace

Inflated inflate_message(std::string_view compressed, std::size_t bytes_max, std::string& out) {
    assert(compressed.size() <= bytes_at_once && bytes_max <= bytes_at_once);
    thread_local Inflater inflater;
    return inflater.read(compressed, bytes_max, out);
}

std::optional<std::string> deflate_message(std::string_view message, int window_bits) {
    if (message.size() > bytes_at_once) return std::nullopt;
    return deflater(window_bits).write(message);
}

}  // namespace limp::wire
