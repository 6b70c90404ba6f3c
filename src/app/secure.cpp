#include "app/secure.hpp"

#include <algorithm>
#include <utility>

#include "app/http.hpp"
#include "base/log.hpp"

namespace limp::app {

namespace {

constexpr std::uint16_t https_port = 443;

std::shared_ptr<const net::TlsContext> read_files(const Config& config) {
    auto tls =
        net::TlsContext::load({config.tls_certificate_file, config.tls_key_file, config.tls_client_authorities_file});
    for (const std::string& warning : tls->warnings()) base::log_warning("app", warning);
    return tls;
}

bool is_of_a_host(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_';
}

}  // namespace

std::shared_ptr<const net::TlsContext> load_tls(const Config& config) {
    if (config.tls_certificate_file.empty()) return nullptr;
    try {
        return read_files(config);
    } catch (const net::TlsError& error) {
        throw UsageError(std::string("TLS: ") + error.what());
    }
}

void renew_tls(const Config& config, net::Server& server) {
    if (config.tls_certificate_file.empty()) {
        return base::log_info("app", "SIGHUP: there is no TLS certificate to read again");
    }
    try {
        server.use_tls(read_files(config));
        base::log_info("app", "SIGHUP: read the TLS certificate again", {{"file", config.tls_certificate_file}});
    } catch (const net::TlsError& error) {
        base::log_error("app", "SIGHUP: the TLS certificate of before stays", {{"reason", error.what()}});
    }
}

net::Doorkeeper::Entry StrictTransport::enter(
    const net::HttpRequest& request, const Peer& peer, const std::vector<std::string>& offered
) {
    return inner_.enter(request, peer, offered);
}

Task<net::HttpResponse> StrictTransport::answer(const net::HttpRequest& request, const Peer& peer) {
    net::HttpResponse response = co_await inner_.answer(request, peer);
    if (config_.tls_hsts_seconds > 0) {
        response.headers.emplace_back(
            "Strict-Transport-Security", "max-age=" + std::to_string(config_.tls_hsts_seconds)
        );
    }
    co_return response;
}

net::Doorkeeper::Entry ToHttps::enter(const net::HttpRequest& request, const Peer&, const std::vector<std::string>&) {
    Entry entry;
    entry.refusal = redirect(request);
    return entry;
}

Task<net::HttpResponse> ToHttps::answer(const net::HttpRequest& request, const Peer&) {
    co_return redirect(request);
}

net::HttpResponse ToHttps::redirect(const net::HttpRequest& request) const {
    const std::string host = host_without_port(header(request, "host"));
    if (host.empty() || !request.target.starts_with('/')) {
        return refuse(400, "CORE_REQ_NO_TLS", "This server is reached by https://.");
    }
    net::HttpResponse response =
        refuse(308, "CORE_REQ_NO_TLS", "This server is reached by https://, where Location says.");
    const std::string port = port_ == https_port ? "" : ':' + std::to_string(port_);
    response.headers.emplace_back("Location", "https://" + host + port + request.target);
    return response;
}

std::string host_without_port(std::string_view authority) {
    std::string_view host = authority;
    std::string_view inside;
    if (authority.starts_with('[')) {
        host = authority.substr(0, authority.find(']') + 1);
        if (host.empty()) return {};
        inside = host.substr(1, host.size() - 2);
        if (!std::ranges::all_of(inside, [](char c) { return c == ':' || is_of_a_host(c); })) return {};
    } else {
        host = authority.substr(0, authority.find(':'));
        if (!std::ranges::all_of(host, is_of_a_host)) return {};
    }
    const std::string_view port = authority.substr(host.size());
    const bool is_right = port.empty() || (port.size() > 1 && port.front() == ':' &&
                                           port.find_first_not_of("0123456789", 1) == port.npos);
    return is_right ? std::string(host) : std::string();
}

}  // namespace limp::app
