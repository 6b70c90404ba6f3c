// app/secure.hpp: TLS as the configuration has it: the certificate and its renewal, what browsers are told to remember,
// and the port that sends plain HTTP to https://.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/config.hpp"
#include "base/loop.hpp"
#include "net/server.hpp"
#include "net/tls_context.hpp"

namespace limp::app {

// Null when no certificate is configured. Throws UsageError, with the key, the file and what would be right.
std::shared_ptr<const net::TlsContext> load_tls(const Config& config);

// Reads the files again, for connections from here on. Files that are wrong are logged, and nothing changes.
void renew_tls(const Config& config, net::Server& server);

// Adds Strict-Transport-Security to what another answers, when that is configured.
class StrictTransport : public net::Doorkeeper {
public:
    // Both outlive it.
    StrictTransport(net::Doorkeeper& inner, const Config& config) : inner_(inner), config_(config) {}

    Entry enter(const net::HttpRequest& request, const Peer& peer, const std::vector<std::string>& offered) override;
    Task<net::HttpResponse> answer(const net::HttpRequest& request, const Peer& peer) override;

private:
    net::Doorkeeper& inner_;
    const Config& config_;
};

// Sends everybody to the same path at https:// and that port.
class ToHttps : public net::Doorkeeper {
public:
    explicit ToHttps(std::uint16_t port) : port_(port) {}

    Entry enter(const net::HttpRequest& request, const Peer& peer, const std::vector<std::string>& offered) override;
    Task<net::HttpResponse> answer(const net::HttpRequest& request, const Peer& peer) override;

private:
    net::HttpResponse redirect(const net::HttpRequest& request) const;

    const std::uint16_t port_;
};

// The host of "example.com:8081" or "[::1]:8081" without its port; empty when it is none.
std::string host_without_port(std::string_view authority);

}  // namespace limp::app
