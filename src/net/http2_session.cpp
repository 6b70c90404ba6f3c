#include "net/http2_session.hpp"

#include <nghttp2/nghttp2.h>

#include <array>
#include <map>
#include <new>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "base/text.hpp"

namespace limp::net::http2 {
namespace {

// RFC 9113 §6.5.2: what a header counts besides its name and its value.
constexpr std::size_t header_overhead = 32;

// RFC 9113 §8.2.2: these speak of an HTTP/1.1 connection.
bool is_of_connection(std::string_view lower_name) {
    return lower_name == "connection" || lower_name == "keep-alive" || lower_name == "proxy-connection" ||
           lower_name == "transfer-encoding" || lower_name == "upgrade";
}

std::string without_controls(std::string_view value) {
    std::string out(value);
    for (char& c : out)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    return out;
}

// Headers in the form that nghttp2 takes; it copies them.
class Fields {
public:
    void add(std::string name, std::string value) { fields_.emplace_back(std::move(name), std::move(value)); }

    std::vector<nghttp2_nv> view() {
        std::vector<nghttp2_nv> all;
        for (auto& [name, value] : fields_) all.push_back({bytes(name), bytes(value), name.size(), value.size(), 0});
        return all;
    }

private:
    static std::uint8_t* bytes(std::string& text) { return reinterpret_cast<std::uint8_t*>(text.data()); }

    std::vector<std::pair<std::string, std::string>> fields_;
};

Fields head_of(int status, const Headers& headers) {
    Fields fields;
    fields.add(":status", std::to_string(status));
    for (const auto& [name, value] : headers) {
        std::string lower = base::to_lower(name);
        if (!is_of_connection(lower)) fields.add(std::move(lower), without_controls(value));
    }
    return fields;
}

std::string_view view(const std::uint8_t* bytes, std::size_t count) {
    return {reinterpret_cast<const char*>(bytes), count};
}

void add_header(Request& request, std::string_view name, std::string_view value) {
    if (name == ":method") {
        request.http.method = value;
    } else if (name == ":path") {
        request.http.target = value;
    } else if (name == ":protocol") {
        request.protocol = value;
    } else if (name == ":authority") {
        request.http.headers.emplace_back("host", value);
    } else if (name == "host") {
        // The authority, which comes before it, wins.
        auto& headers = request.http.headers;
        if (headers.empty() || headers.front().first != "host") headers.emplace(headers.begin(), "host", value);
    } else if (!name.starts_with(':')) {
        request.http.headers.emplace_back(name, value);
    }
}

// How much there was of something in the second that goes on.
class Rate {
public:
    // One more; whether that is still within the limit.
    bool allows(std::size_t limit) {
        const auto now = Clock::now();
        if (now - since_ >= std::chrono::seconds(1)) {
            since_ = now;
            count_ = 0;
        }
        return ++count_ <= limit;
    }

private:
    Clock::time_point since_;
    std::size_t count_ = 0;
};

template <class Made>
using Owned = std::unique_ptr<Made, void (*)(Made*)>;

}  // namespace

struct Session::Impl {
    Impl(Listener& heard_by, const Limits& within);

    static Impl& of(void* user_data) { return *static_cast<Impl*>(user_data); }
    static Owned<nghttp2_session_callbacks> callbacks();
    void greet();

    int begin_request(const nghttp2_frame& frame);
    int take_header(const nghttp2_frame& frame, std::string_view name, std::string_view value);
    int take_frame(const nghttp2_frame& frame);
    bool is_too_often(const nghttp2_frame& frame);
    ssize_t read_body(StreamId stream, std::span<char> into, std::uint32_t& flags);
    void fail(ErrorCode why);

    // A request whose headers are coming; those of one stream at a time.
    struct Coming {
        StreamId stream = 0;
        Request request;
        std::size_t header_bytes = 0;
    };

    Listener& listener;
    Limits limits;
    Owned<nghttp2_session> session{nullptr, nghttp2_session_del};
    Coming coming;
    Rate control_frames;
    Rate resets;
    bool is_broken = false;  // nothing more is fed
};

Session::Impl::Impl(Listener& heard_by, const Limits& within) : listener(heard_by), limits(within) {
    nghttp2_option* made = nullptr;
    if (nghttp2_option_new(&made) != 0) throw std::bad_alloc();
    const Owned<nghttp2_option> option(made, nghttp2_option_del);
    nghttp2_option_set_no_auto_window_update(made, 1);
    nghttp2_option_set_no_closed_streams(made, 1);
    nghttp2_session* opened = nullptr;
    if (nghttp2_session_server_new2(&opened, callbacks().get(), this, made) != 0) throw std::bad_alloc();
    session.reset(opened);
    greet();
}

void Session::Impl::greet() {
    const std::array<nghttp2_settings_entry, 5> settings{{
        {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, limits.streams_max},
        {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, limits.stream_window},
        {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, static_cast<std::uint32_t>(limits.header_bytes)},
        {NGHTTP2_SETTINGS_ENABLE_CONNECT_PROTOCOL, 1},
        {NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1},
    }};
    nghttp2_submit_settings(session.get(), NGHTTP2_FLAG_NONE, settings.data(), settings.size());
    const auto window = static_cast<std::int32_t>(limits.streams_max * limits.stream_window);
    nghttp2_session_set_local_window_size(session.get(), NGHTTP2_FLAG_NONE, 0, window);
}

Owned<nghttp2_session_callbacks> Session::Impl::callbacks() {
    nghttp2_session_callbacks* made = nullptr;
    if (nghttp2_session_callbacks_new(&made) != 0) throw std::bad_alloc();
    nghttp2_session_callbacks_set_on_begin_headers_callback(
        made, [](nghttp2_session*, const nghttp2_frame* frame, void* self) { return of(self).begin_request(*frame); }
    );
    nghttp2_session_callbacks_set_on_header_callback(
        made, [](nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t name_bytes,
                 const std::uint8_t* value, std::size_t value_bytes, std::uint8_t,
                 void* self) { return of(self).take_header(*frame, view(name, name_bytes), view(value, value_bytes)); }
    );
    nghttp2_session_callbacks_set_on_frame_recv_callback(
        made, [](nghttp2_session*, const nghttp2_frame* frame, void* self) { return of(self).take_frame(*frame); }
    );
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(
        made,
        [](nghttp2_session*, std::uint8_t, StreamId stream, const std::uint8_t* data, std::size_t bytes, void* self) {
            of(self).listener.on_data(stream, view(data, bytes));
            return 0;
        }
    );
    nghttp2_session_callbacks_set_on_stream_close_callback(
        made,
        [](nghttp2_session*, StreamId stream, std::uint32_t, void* self) {
            of(self).listener.on_closed(stream);
            return 0;
        }
    );
    return {made, nghttp2_session_callbacks_del};
}

int Session::Impl::begin_request(const nghttp2_frame& frame) {
    if (frame.headers.cat == NGHTTP2_HCAT_REQUEST) coming = {.stream = frame.hd.stream_id, .request = {}};
    return 0;
}

int Session::Impl::take_header(const nghttp2_frame& frame, std::string_view name, std::string_view value) {
    if (frame.headers.cat != NGHTTP2_HCAT_REQUEST) return 0;  // trailers are read and dropped
    coming.header_bytes += name.size() + value.size() + header_overhead;
    if (coming.header_bytes > limits.header_bytes) coming.request.headers_too_large = true;
    if (!coming.request.headers_too_large) add_header(coming.request, name, value);
    return 0;
}

int Session::Impl::take_frame(const nghttp2_frame& frame) {
    if (is_too_often(frame)) {
        fail(ErrorCode::calm_down);
        return 0;
    }
    const bool is_end = (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    if (frame.hd.type == NGHTTP2_HEADERS && frame.headers.cat == NGHTTP2_HCAT_REQUEST) {
        coming.request.is_complete = is_end;
        listener.on_request(coming.stream, std::exchange(coming, {}).request);
    } else if (is_end && (frame.hd.type == NGHTTP2_DATA || frame.hd.type == NGHTTP2_HEADERS)) {
        listener.on_end(frame.hd.stream_id);
    }
    return 0;
}

// Frames that carry nothing but cost something.
bool Session::Impl::is_too_often(const nghttp2_frame& frame) {
    switch (frame.hd.type) {
        case NGHTTP2_RST_STREAM:
            return !resets.allows(2 * limits.streams_max);
        case NGHTTP2_DATA:
            if (frame.hd.length > 0 || frame.hd.flags != 0) return false;
            [[fallthrough]];
        case NGHTTP2_PING:
        case NGHTTP2_SETTINGS:
        case NGHTTP2_PRIORITY:
            return !control_frames.allows(limits.control_frames_per_second);
        default:
            return false;
    }
}

void Session::Impl::fail(ErrorCode why) {
    if (std::exchange(is_broken, true)) return;
    nghttp2_session_terminate_session(session.get(), static_cast<std::uint32_t>(why));
}

ssize_t Session::Impl::read_body(StreamId stream, std::span<char> into, std::uint32_t& flags) {
    bool is_last = false;
    const std::size_t count = listener.read_body(stream, into, is_last);
    if (is_last) flags |= NGHTTP2_DATA_FLAG_EOF;
    return count == 0 && !is_last ? ssize_t{NGHTTP2_ERR_DEFERRED} : static_cast<ssize_t>(count);
}

Session::Session(Listener& listener, const Limits& limits) : impl_(std::make_unique<Impl>(listener, limits)) {}
Session::~Session() = default;

void Session::feed(std::string_view bytes) {
    if (impl_->is_broken) return;
    const ssize_t used = nghttp2_session_mem_recv(
        impl_->session.get(), reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()
    );
    if (used >= 0) return;
    const bool is_flood = used == NGHTTP2_ERR_FLOODED || used == NGHTTP2_ERR_TOO_MANY_CONTINUATIONS;
    base::log_debug("net", "HTTP/2 broken off", {{"reason", nghttp2_strerror(static_cast<int>(used))}});
    impl_->fail(
        is_flood                               ? ErrorCode::calm_down
        : used == NGHTTP2_ERR_BAD_CLIENT_MAGIC ? ErrorCode::protocol
                                               : ErrorCode::internal
    );
}

void Session::send(std::string& out, std::size_t about_bytes) {
    const std::size_t until = out.size() + about_bytes;
    while (out.size() < until) {
        const std::uint8_t* bytes = nullptr;
        const ssize_t count = nghttp2_session_mem_send(impl_->session.get(), &bytes);
        if (count < 0) impl_->is_broken = true;
        if (count <= 0) return;
        out.append(view(bytes, static_cast<std::size_t>(count)));
    }
}

bool Session::is_over() const {
    nghttp2_session* session = impl_->session.get();
    return nghttp2_session_want_write(session) == 0 && (impl_->is_broken || nghttp2_session_want_read(session) == 0);
}

void Session::answer(StreamId stream, int status, const Headers& headers, bool with_body) {
    Fields fields = head_of(status, headers);
    const auto all = fields.view();
    nghttp2_data_provider body{};
    body.read_callback = [](nghttp2_session*, StreamId id, std::uint8_t* into, std::size_t bytes, std::uint32_t* flags,
                            nghttp2_data_source*, void* self) {
        return Impl::of(self).read_body(id, {reinterpret_cast<char*>(into), bytes}, *flags);
    };
    nghttp2_submit_response(impl_->session.get(), stream, all.data(), all.size(), with_body ? &body : nullptr);
}

void Session::go_on(StreamId stream) {
    Fields fields;
    fields.add(":status", "100");
    const auto all = fields.view();
    nghttp2_submit_headers(impl_->session.get(), NGHTTP2_FLAG_NONE, stream, nullptr, all.data(), all.size(), nullptr);
}

void Session::resume(StreamId stream) {
    nghttp2_session_resume_data(impl_->session.get(), stream);
}

void Session::consume(StreamId stream, std::size_t bytes) {
    nghttp2_session_consume(impl_->session.get(), stream, bytes);
}

void Session::reset(StreamId stream, ErrorCode why) {
    nghttp2_submit_rst_stream(impl_->session.get(), NGHTTP2_FLAG_NONE, stream, static_cast<std::uint32_t>(why));
}

void Session::shut_down() {
    nghttp2_session* session = impl_->session.get();
    nghttp2_submit_goaway(
        session, NGHTTP2_FLAG_NONE, nghttp2_session_get_last_proc_stream_id(session), NGHTTP2_NO_ERROR, nullptr, 0
    );
}

void Session::terminate(ErrorCode why) {
    impl_->fail(why);
}

}  // namespace limp::net::http2
