#include "tests/calls/http_client.hpp"

#include "net/loopback.hpp"
#include "wire/answer_writer.hpp"

namespace limp::calls {
namespace {

std::string body_of(const std::string& answer) {
    return answer.substr(answer.find("\r\n\r\n") + 4);
}

class PostClient : public Client {
public:
    explicit PostClient(std::uint16_t port) : connection_(port) {}

    // Over HTTP nobody is greeted.
    std::string greeting() override { return std::string(wire::greeting); }

    std::string exchange(std::string_view message) override {
        std::string request = "POST /call HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n";
        request += "Content-Length: " + std::to_string(message.size()) + "\r\n\r\n";
        request += message;
        connection_.send(request);
        return body_of(connection_.read_answer());
    }

    bool keeps_session() const override { return false; }

private:
    net::Client connection_;
};

}  // namespace

std::unique_ptr<Client> connect_post(std::uint16_t port) {
    return std::make_unique<PostClient>(port);
}

std::string get(std::uint16_t port, const std::string& path, const std::string& authorization) {
    net::Client connection(port);
    std::string request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n";
    if (!authorization.empty()) request += "Authorization: " + authorization + "\r\n";
    connection.send(request + "\r\n");
    return body_of(connection.read_to_end());
}

}  // namespace limp::calls
