// TLS over real sockets, with OpenSSL's own client side.
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "net/http2_frames.hpp"
#include "net/loopback.hpp"
#include "net/tls_context.hpp"

namespace limp::net {
namespace {

namespace fs = std::filesystem;

using Key = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;
using Certificate = std::unique_ptr<X509, void (*)(X509*)>;

constexpr long day = 24 * 60 * 60;

Key new_key() {
    return {EVP_EC_gen("P-256"), EVP_PKEY_free};
}

// Signed by itself; its serial number tells one from another.
Certificate new_certificate(EVP_PKEY* key, long serial, long ends_in) {
    Certificate made{X509_new(), X509_free};
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), serial);
    X509_set_version(made.get(), 2);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -day);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), ends_in);
    X509_set_pubkey(made.get(), key);
    X509_NAME* name = X509_get_subject_name(made.get());
    X509_NAME_add_entry_by_txt(
        name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0
    );
    X509_set_issuer_name(made.get(), name);
    X509_sign(made.get(), key, EVP_sha256());
    return made;
}

class Tls : public testing::Test {
protected:
    Tls() : folder(fs::temp_directory_path() / ("limp-tls-" + std::to_string(::getpid()))) {
        fs::create_directories(folder);
        write("", 1);
    }
    ~Tls() override { fs::remove_all(folder); }

    std::string file(const std::string& name) const { return folder / name; }

    // A certificate and its key, as files whose names begin so.
    TlsFiles write(const std::string& prefix, long serial, long ends_in = day) {
        TlsFiles files{file(prefix + "cert.pem"), file(prefix + "key.pem"), ""};
        const Key key = new_key();
        const Certificate certificate = new_certificate(key.get(), serial, ends_in);
        std::FILE* out = std::fopen(files.certificate.c_str(), "w");
        PEM_write_X509(out, certificate.get());
        std::fclose(out);
        out = std::fopen(files.key.c_str(), "w");
        PEM_write_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
        std::fclose(out);
        return files;
    }

    Options options() {
        Options result = loopback_options();
        result.tls = TlsContext::load(files());
        return result;
    }
    TlsFiles files() const { return {file("cert.pem"), file("key.pem"), ""}; }

    std::string refusal_of(const TlsFiles& wrong) {
        try {
            TlsContext::load(wrong);
        } catch (const TlsError& error) {
            return error.what();
        }
        return "";
    }

    fs::path folder;
    TestDoorkeeper doorkeeper;
};

// A client that trusts everybody.
class TlsClient {
public:
    explicit TlsClient(std::uint16_t port, std::string_view protocols = {}, const TlsFiles* own = nullptr)
        : context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free), ssl_(nullptr, SSL_free) {
        if (own) {
            SSL_CTX_use_certificate_chain_file(context_.get(), own->certificate.c_str());
            SSL_CTX_use_PrivateKey_file(context_.get(), own->key.c_str(), SSL_FILETYPE_PEM);
        }
        ssl_.reset(SSL_new(context_.get()));
        SSL_set_alpn_protos(
            ssl_.get(), reinterpret_cast<const unsigned char*>(protocols.data()),
            static_cast<unsigned int>(protocols.size())
        );
        const SocketAddress where = socket_address("127.0.0.1", port);
        socket_ = Descriptor(::socket(where.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
        const timeval patience{.tv_sec = 10, .tv_usec = 0};
        ::setsockopt(socket_.number(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        if (::connect(socket_.number(), where.get(), where.length) != 0) throw std::runtime_error("cannot connect");
        SSL_set_fd(ssl_.get(), socket_.number());
        is_open = SSL_connect(ssl_.get()) == 1;
    }

    void send(std::string_view bytes) { SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())); }

    // A record that nobody has encrypted.
    void send_garbage() {
        const std::string record = std::string("\x17\x03\x03", 3) + std::string("\0\x20", 2) + std::string(32, 'x');
        ::send(socket_.number(), record.data(), record.size(), MSG_NOSIGNAL);
    }

    // At least so many bytes, or what came before the end.
    std::string read(std::size_t count) {
        std::string received;
        std::string buffer(100'000, '\0');
        while (received.size() < count) {
            const int got = SSL_read(ssl_.get(), buffer.data(), static_cast<int>(buffer.size()));
            if (got <= 0) break;
            received.append(buffer, 0, static_cast<std::size_t>(got));
        }
        return received;
    }

    std::string chosen() const {
        const unsigned char* name = nullptr;
        unsigned int bytes = 0;
        SSL_get0_alpn_selected(ssl_.get(), &name, &bytes);
        return {reinterpret_cast<const char*>(name), bytes};
    }

    long serial() const {
        const Certificate peer{SSL_get1_peer_certificate(ssl_.get()), X509_free};
        return ASN1_INTEGER_get(X509_get0_serialNumber(peer.get()));
    }

    void end_output() { SSL_shutdown(ssl_.get()); }

    // Whether the server has said that it sends no more, before it closed.
    bool was_closed_in_order() { return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0; }

    bool is_open = false;

private:
    std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
    std::unique_ptr<SSL, void (*)(SSL*)> ssl_;
    Descriptor socket_;
};

const std::string get = "GET /a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

TEST_F(Tls, AnswersHttp1) {
    TestServer server(doorkeeper, options());
    TlsClient client(server.port());
    client.send(get);
    EXPECT_TRUE(client.read(1'000'000).ends_with("GET /a "));
    EXPECT_TRUE(client.was_closed_in_order());
}

TEST_F(Tls, AnswersWhoSendsNoMoreAfterTheRequest) {
    doorkeeper.gate_target = "/a";
    TestServer server(doorkeeper, options());
    TlsClient client(server.port());
    client.send(get);
    client.end_output();
    doorkeeper.gate.open();
    EXPECT_TRUE(client.read(1'000'000).ends_with("GET /a "));
}

TEST_F(Tls, ChoosesTheProtocolByAlpn) {
    TestServer server(doorkeeper, options());
    EXPECT_EQ(TlsClient(server.port(), "\x8http/1.1").chosen(), "http/1.1");
    EXPECT_EQ(TlsClient(server.port()).chosen(), "");
    EXPECT_FALSE(TlsClient(server.port(), "\x4spdy").is_open);
    TlsClient client(server.port(), std::string_view("\x8http/1.1\x2h2"));
    EXPECT_EQ(client.chosen(), "h2");
    client.send(http2::test::preface);
    client.send(http2::test::frame(http2::test::Type::settings, 0, 0, ""));
    const auto frames = http2::test::frames_in(client.read(9));
    ASSERT_FALSE(frames.empty());
    EXPECT_EQ(frames.front().type, http2::test::Type::settings);
}

TEST_F(Tls, CarriesMoreThanOneRecord) {
    doorkeeper.message_bytes = 4'000'000;
    TestServer server(doorkeeper, options());
    TlsClient client(server.port());
    client.send(Client::handshake());
    EXPECT_TRUE(client.read(1).starts_with("HTTP/1.1 101"));
    const std::string payload(1'000'000, 'x');
    client.send(client_frame(2, payload));
    EXPECT_TRUE(client.read(payload.size()).ends_with(payload.substr(0, 1000)));
}

TEST_F(Tls, TellsWhoSpeaksPlainHttp) {
    TestServer server(doorkeeper, options());
    Client client(server.port());
    client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const std::string answer = client.read_to_end();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 "));
    EXPECT_NE(answer.find("https://"), answer.npos);
}

TEST_F(Tls, ClosesWhatIsNoTls) {
    TestServer server(doorkeeper, options());
    for (const std::string& garbage :
         {std::string(300, '\0'), std::string("\x16\x03\x01\xff\xff") + "garbage",
          std::string("\x16") + std::string(20'000, 'x')}) {
        Client client(server.port());
        client.send(garbage);
        if (garbage.size() < 100) client.end_output();
        client.read_to_end();
    }
    EXPECT_TRUE(TlsClient(server.port()).is_open);
}

TEST_F(Tls, EndsHandshakesThatStall) {
    Options quick = options();
    quick.handshake_timeout = std::chrono::milliseconds(50);
    TestServer server(doorkeeper, quick);
    Client silent(server.port());
    EXPECT_EQ(silent.read_to_end(), "");
    Client stalled(server.port());
    stalled.send("\x16\x03\x01");
    EXPECT_EQ(stalled.read_to_end(), "");
}

TEST_F(Tls, GarbageInTheMiddleEndsTheConnection) {
    TestServer server(doorkeeper, options());
    TlsClient client(server.port());
    client.send_garbage();
    client.send(get);
    EXPECT_EQ(client.read(1), "");
    EXPECT_TRUE(TlsClient(server.port()).is_open);
}

TEST_F(Tls, ANewCertificateLeavesOpenConnectionsAlone) {
    TestServer server(doorkeeper, options());
    TlsClient before(server.port());
    EXPECT_EQ(before.serial(), 1);
    server.server().use_tls(TlsContext::load(write("new-", 2)));
    TlsClient after(server.port());
    EXPECT_EQ(after.serial(), 2);
    before.send(get);
    EXPECT_TRUE(before.read(1'000'000).ends_with("GET /a "));
}

TEST_F(Tls, LetsInClientsWithACertificateAlone) {
    const TlsFiles known = write("known-", 3);
    const TlsFiles unknown = write("unknown-", 4);
    Options strict = loopback_options();
    strict.tls = TlsContext::load({file("cert.pem"), file("key.pem"), known.certificate});
    TestServer server(doorkeeper, strict);
    const auto is_answered = [&](const TlsFiles* own) {
        TlsClient client(server.port(), {}, own);
        client.send(get);
        return client.read(1'000'000).ends_with("GET /a ");
    };
    EXPECT_TRUE(is_answered(&known));
    EXPECT_FALSE(is_answered(&unknown));
    EXPECT_FALSE(is_answered(nullptr));
}

TEST_F(Tls, SaysWhatIsWrongWithFiles) {
    std::ofstream(file("text")) << "hello\n";
    const TlsFiles other = write("other-", 5);
    EXPECT_EQ(
        refusal_of({file("none"), file("key.pem"), ""}), file("none") + ": cannot be read: No such file or directory"
    );
    EXPECT_EQ(refusal_of({folder, file("key.pem"), ""}), folder.string() + ": cannot be read: Is a directory");
    EXPECT_NE(refusal_of({file("text"), file("key.pem"), ""}).find("-----BEGIN CERTIFICATE-----"), std::string::npos);
    EXPECT_NE(refusal_of({file("cert.pem"), file("text"), ""}).find("-----BEGIN PRIVATE KEY-----"), std::string::npos);
    EXPECT_EQ(
        refusal_of({file("cert.pem"), other.key, ""}),
        other.key + ": is not the key of the certificate in " + file("cert.pem")
    );
    EXPECT_NE(
        refusal_of({file("cert.pem"), file("key.pem"), file("text")}).find("has no certificates"), std::string::npos
    );
}

TEST_F(Tls, WarnsOfACertificateThatHasExpired) {
    EXPECT_TRUE(TlsContext::load(files())->warnings().empty());
    const auto expired = TlsContext::load(write("old-", 6, -60));
    ASSERT_EQ(expired->warnings().size(), 1U);
    EXPECT_NE(expired->warnings().front().find("has expired"), std::string::npos);
}

}  // namespace
}  // namespace limp::net
