#include "net/server.hpp"

#include <atomic>
#include <utility>

#include "net/admission.hpp"
#include "net/listening_sockets.hpp"
#include "net/worker.hpp"

namespace limp::net {

struct Server::Impl {
    Options options;
    Admission admission{options.connections_max, options.connections_per_address_max};
    std::uint16_t port = 0;
    std::vector<std::shared_ptr<Worker>> workers;
};

Server::Server(const Options& options, Doorkeeper& doorkeeper, std::vector<base::Loop*> loops)
    : impl_(new Impl{.options = options, .workers = {}}) {
    auto listening = listen_on(options.address, options.port, loops.size());
    impl_->port = listening.port;
    for (std::size_t i = 0; i < loops.size(); ++i) {
        impl_->workers.push_back(std::make_shared<Worker>(
            impl_->options, doorkeeper, impl_->admission, *loops[i], std::move(listening.sockets[i])
        ));
    }
}

Server::~Server() = default;

std::uint16_t Server::port() const {
    return impl_->port;
}

void Server::start() {
    for (const auto& worker : impl_->workers) {
        worker->loop().post([weak = std::weak_ptr(worker)] {
            if (const auto alive = weak.lock()) alive->start();
        });
    }
}

void Server::use_tls(const std::shared_ptr<const TlsContext>& tls) {
    for (const auto& worker : impl_->workers) {
        worker->loop().post([weak = std::weak_ptr(worker), tls] {
            if (const auto alive = weak.lock()) alive->use_tls(tls);
        });
    }
}

void Server::stop(std::chrono::milliseconds grace, std::function<void()> done) {
    const auto left = std::make_shared<std::atomic<std::size_t>>(impl_->workers.size());
    const auto when_all_have = [left, done = std::move(done)] {
        if (left->fetch_sub(1) == 1) done();
    };
    for (const auto& worker : impl_->workers) {
        worker->loop().post([weak = std::weak_ptr(worker), grace, when_all_have] {
            if (const auto alive = weak.lock()) alive->stop(grace, when_all_have);
        });
    }
}

}  // namespace limp::net
