#include "net/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <new>
#include <string_view>
#include <system_error>

namespace limp::net {
namespace {

// For TLS 1.2; those of 1.3 are all good.
constexpr const char* ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

// What tickets of earlier sessions are bound to.
constexpr std::array<unsigned char, 5> session_context = {'l', 'i', 'm', 'p', 'd'};

constexpr std::string_view protocols("\2h2\10http/1.1", 12);

int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_bytes, const unsigned char* offered, unsigned int offered_bytes, void*) {
    const int result = SSL_select_next_proto(
        const_cast<unsigned char**>(chosen), chosen_bytes, reinterpret_cast<const unsigned char*>(protocols.data()),
        static_cast<unsigned int>(protocols.size()), offered, offered_bytes
    );
    return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

void check_readable(const std::string& file) {
    std::FILE* opened = std::fopen(file.c_str(), "rb");
    // A folder can be opened, but not read.
    if (opened && std::fgetc(opened) == EOF && std::ferror(opened) != 0) {
        const int error = errno;
        std::fclose(opened);
        opened = nullptr;
        errno = error;
    }
    if (!opened) throw TlsError(file + ": cannot be read: " + std::system_category().message(errno));
    std::fclose(opened);
}

bool last_error_is(int library, int reason) {
    const unsigned long error = ERR_peek_last_error();
    return ERR_GET_LIB(error) == library && ERR_GET_REASON(error) == reason;
}

}  // namespace

TlsContext::TlsContext() : context_(SSL_CTX_new(TLS_server_method()), SSL_CTX_free) {
    if (!context_) throw std::bad_alloc();
    set_rules();
}

void TlsContext::set_rules() {
    SSL_CTX* context = context_.get();
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(context, ciphers);
    SSL_CTX_set_options(
        context,
        SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA
    );
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    // Sessions are resumed by tickets, which clients keep.
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_session_id_context(context, session_context.data(), session_context.size());
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
    // Nobody sits there to be asked for a passphrase.
    SSL_CTX_set_default_passwd_cb(context, [](char*, int, int, void*) { return 0; });
}

void TlsContext::use_certificate(const std::string& file) {
    check_readable(file);
    ERR_clear_error();
    if (SSL_CTX_use_certificate_chain_file(context_.get(), file.c_str()) != 1) {
        if (last_error_is(ERR_LIB_SSL, SSL_R_EE_KEY_TOO_SMALL) || last_error_is(ERR_LIB_SSL, SSL_R_CA_MD_TOO_WEAK)) {
            throw TlsError(file + ": its key or its hash is too weak; take RSA of 2048 bits or ECDSA, with SHA-256");
        }
        throw TlsError(
            file +
            ": is no certificate in PEM form; it must have a block that begins with "
            "-----BEGIN CERTIFICATE-----"
        );
    }
    const X509* certificate = SSL_CTX_get0_certificate(context_.get());
    if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0) {
        warnings_.push_back(file + ": the certificate has expired; clients will not accept it");
    } else if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0) {
        warnings_.push_back(file + ": the certificate is not valid yet; clients will not accept it");
    }
}

void TlsContext::use_key(const TlsFiles& files) {
    check_readable(files.key);
    ERR_clear_error();
    if (SSL_CTX_use_PrivateKey_file(context_.get(), files.key.c_str(), SSL_FILETYPE_PEM) == 1) return;
    if (last_error_is(ERR_LIB_X509, X509_R_KEY_VALUES_MISMATCH) ||
        last_error_is(ERR_LIB_X509, X509_R_KEY_TYPE_MISMATCH)) {
        throw TlsError(files.key + ": is not the key of the certificate in " + files.certificate);
    }
    throw TlsError(
        files.key +
        ": is no private key in PEM form without a passphrase; it must have a block that begins with "
        "-----BEGIN PRIVATE KEY-----"
    );
}

void TlsContext::ask_for_certificates_of(const std::string& file) {
    check_readable(file);
    ERR_clear_error();
    STACK_OF(X509_NAME)* names = SSL_load_client_CA_file(file.c_str());
    if (!names || SSL_CTX_load_verify_file(context_.get(), file.c_str()) != 1) {
        sk_X509_NAME_pop_free(names, X509_NAME_free);
        throw TlsError(
            file + ": has no certificates in PEM form; it must have blocks that begin with -----BEGIN CERTIFICATE-----"
        );
    }
    SSL_CTX_set_client_CA_list(context_.get(), names);
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
}

std::shared_ptr<const TlsContext> TlsContext::load(const TlsFiles& files) {
    const std::shared_ptr<TlsContext> context(new TlsContext);
    context->use_certificate(files.certificate);
    context->use_key(files);
    if (!files.client_authorities.empty()) context->ask_for_certificates_of(files.client_authorities);
    return context;
}

ssl_st* TlsContext::open() const {
    SSL* opened = SSL_new(context_.get());
    if (!opened) throw std::bad_alloc();
    SSL_set_accept_state(opened);
    return opened;
}

}  // namespace limp::net
