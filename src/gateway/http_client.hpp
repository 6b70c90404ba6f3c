// gateway/http_client.hpp: HTTP requests to other people's servers.
//
// HTTP/1.1 and HTTP/2, http:// and https:// alone, certificates verified, at most five redirects, which stay with these
// two. Cookies, .netrc and the proxies of the environment have no effect.
//
// Errors   HttpError: no such host, refused, timed out, too large, a bad certificate, too many requests at work.
// Threads  fetch() on any loop. Loops outlive the client; its end aborts what is under way.
#pragma once

#include <atomic>
#include <cstddef>

#include "base/pool.hpp"
#include "limp/host.hpp"

namespace limp::gateway {

class HttpClient {
public:
    // At most `threads` requests at the same time, and so many more that wait; their time-outs run meanwhile.
    explicit HttpClient(std::size_t threads = 8, std::size_t waiting_max = 1024);
    ~HttpClient();

    // Any status is an answer. What is wrong with `ask` itself is an HttpError too.
    Task<HttpReply> fetch(HttpAsk ask);

private:
    std::atomic<bool> is_closing_ = false;
    base::Pool pool_;
};

}  // namespace limp::gateway
