#include "net/tls_session.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <limits>
#include <new>
#include <utility>

namespace limp::net {

namespace {

constexpr char handshake_record = 0x16;
constexpr std::size_t kept_capacity = 4 * 1024;

}  // namespace

struct TlsSession::Impl {
    // Where OpenSSL reads and writes: the bytes that were received, and `output`.
    static BIO_METHOD* method();
    static Impl& of(BIO* bio) { return *static_cast<Impl*>(BIO_get_data(bio)); }

    std::span<const char> input;
    std::string output;
    State state = State::opening;
    bool has_begun = false;
    bool is_closed = false;
    std::unique_ptr<SSL, void (*)(SSL*)> ssl{nullptr, SSL_free};
};

BIO_METHOD* TlsSession::Impl::method() {
    static BIO_METHOD* const made = [] {
        BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "limpd");
        if (!method) throw std::bad_alloc();
        BIO_meth_set_read_ex(method, [](BIO* bio, char* to, std::size_t bytes, std::size_t* count) {
            Impl& self = of(bio);
            BIO_clear_retry_flags(bio);
            if (self.input.empty()) BIO_set_retry_read(bio);
            *count = std::min(bytes, self.input.size());
            std::copy_n(self.input.begin(), *count, to);
            self.input = self.input.subspan(*count);
            return *count > 0 ? 1 : 0;
        });
        BIO_meth_set_write_ex(method, [](BIO* bio, const char* from, std::size_t bytes, std::size_t* count) {
            of(bio).output.append(from, bytes);
            *count = bytes;
            return 1;
        });
        BIO_meth_set_ctrl(method, [](BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1L : 0L; });
        return method;
    }();
    return made;
}

TlsSession::TlsSession(const TlsContext& context) : impl_(std::make_unique<Impl>()) {
    impl_->ssl.reset(context.open());
    BIO* bio = BIO_new(Impl::method());
    if (!bio) throw std::bad_alloc();
    BIO_set_data(bio, impl_.get());
    BIO_set_init(bio, 1);
    SSL_set_bio(impl_->ssl.get(), bio, bio);
}

TlsSession::~TlsSession() = default;

std::size_t TlsSession::receive(std::span<const char> bytes, char* out) {
    if (impl_->state != State::opening && impl_->state != State::open) return 0;
    if (!std::exchange(impl_->has_begun, true) && bytes.front() != handshake_record) {
        impl_->state = State::not_tls;
        return 0;
    }
    impl_->input = bytes;
    SSL* ssl = impl_->ssl.get();
    std::size_t written = 0;
    for (;;) {
        ERR_clear_error();
        std::size_t count = 0;
        const int result = SSL_read_ex(ssl, out + written, std::numeric_limits<int>::max(), &count);
        written += count;
        if (SSL_is_init_finished(ssl) == 1) impl_->state = State::open;
        if (result == 1) continue;
        const int why = SSL_get_error(ssl, result);
        if (why == SSL_ERROR_ZERO_RETURN)
            impl_->state = State::ended;
        else if (why != SSL_ERROR_WANT_READ)
            impl_->state = State::failed;
        break;
    }
    impl_->input = {};
    return written;
}

bool TlsSession::send(std::string_view plain, std::string& out) {
    ERR_clear_error();
    std::size_t count = 0;
    const bool is_sent = plain.empty() || SSL_write_ex(impl_->ssl.get(), plain.data(), plain.size(), &count) == 1;
    if (out.empty()) {
        out.swap(impl_->output);
    } else {
        out += impl_->output;
    }
    impl_->output.clear();
    if (impl_->output.capacity() > kept_capacity) std::string().swap(impl_->output);
    return is_sent;
}

void TlsSession::close() {
    if (std::exchange(impl_->is_closed, true) || impl_->state == State::failed) return;
    if (SSL_is_init_finished(impl_->ssl.get()) == 1) SSL_shutdown(impl_->ssl.get());
}

TlsSession::State TlsSession::state() const {
    return impl_->state;
}

bool TlsSession::has_output() const {
    return !impl_->output.empty();
}

bool TlsSession::chose_http2() const {
    const unsigned char* chosen = nullptr;
    unsigned int bytes = 0;
    SSL_get0_alpn_selected(impl_->ssl.get(), &chosen, &bytes);
    return std::string_view(reinterpret_cast<const char*>(chosen), bytes) == "h2";
}

}  // namespace limp::net
