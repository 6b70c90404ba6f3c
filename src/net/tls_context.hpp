// net/tls_context.hpp: the certificate and the rules that TLS connections are opened with.
//
// TLS 1.2 and 1.3, forward secrecy and authenticated ciphers alone; ALPN offers h2 and http/1.1.
//
// Threads  Immutable once it is loaded; any number of connections on any threads share one.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

// OpenSSL's.
struct ssl_ctx_st;
struct ssl_st;

namespace limp::net {

// PEM files.
struct TlsFiles {
    std::string certificate;         // the server's, then those that lead to its authority
    std::string key;                 // without a passphrase
    std::string client_authorities;  // not empty: only clients with a certificate of one of these come in
};

// what(): the file, what is wrong with it and what would be right.
class TlsError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

class TlsContext {
public:
    // Throws TlsError.
    static std::shared_ptr<const TlsContext> load(const TlsFiles& files);

    // What is not right, though it works: lines for the log.
    const std::vector<std::string>& warnings() const { return warnings_; }

    // One side of a connection, owned by the caller. Throws std::bad_alloc.
    ssl_st* open() const;

private:
    TlsContext();
    void set_rules();
    void use_certificate(const std::string& file);
    void use_key(const TlsFiles& files);
    void ask_for_certificates_of(const std::string& file);

    std::unique_ptr<ssl_ctx_st, void (*)(ssl_ctx_st*)> context_;
    std::vector<std::string> warnings_;
};

}  // namespace limp::net
