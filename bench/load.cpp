// bench_load: puts a WebSocket server under load, checks every answer, and says what it cost the server.
//
//     --port N            of a server at 127.0.0.1
//     --pid N             of the server, whose CPU time is read
//     --path PATH         /ws
//     --connections N     1
//     --depth N           messages in flight on each connection; 1
//     --warmup S          seconds; 0.3
//     --seconds S         how long is measured; 1
//     --echo BYTES        the server echoes; messages have so many bytes
//     --call JSON         the server is limpd; see bench/messages.hpp for {n} and {word}
//     --expect TEXT       every answer must contain it; {word} in it is that of the call
//     --words FILE        the words, one a line
//     --messages N        how many distinct ones; else one for each word
//     --once              no message is sent twice
//     --http2             the WebSockets are streams of HTTP/2, each on a connection of its own
//     --session, --token  of whoever calls; else calls are anonymous, signed with __ANON
//
// One line of JSON comes out. Anything that is wrong ends it with 1 and a line that says what.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "bench/generator.hpp"
#include "bench/upgraded.hpp"

namespace limp::bench {

namespace {

class Options {
public:
    Options(int count, char** words) {
        for (int i = 1; i < count; ++i) {
            const std::string_view name = words[i];
            if (name == "--once" || name == "--http2") {
                values_.insert_or_assign(std::string(name), "");
            } else if (name.starts_with("--") && i + 1 < count) {
                values_.insert_or_assign(std::string(name), words[++i]);
            } else {
                throw std::runtime_error("bench_load takes --name value, not " + std::string(name));
            }
        }
    }

    bool has(const std::string& name) const { return values_.contains(name); }

    std::string text(const std::string& name, const std::string& otherwise) const {
        const auto found = values_.find(name);
        return found == values_.end() ? otherwise : found->second;
    }

    std::size_t number(const std::string& name, const std::string& otherwise) const {
        return std::stoull(text(name, otherwise));
    }

    std::chrono::nanoseconds seconds(const std::string& name, const std::string& otherwise) const {
        return std::chrono::nanoseconds(static_cast<std::int64_t>(std::stod(text(name, otherwise)) * 1e9));
    }

private:
    std::map<std::string, std::string> values_;
};

std::vector<std::string> lines_of(const std::string& file) {
    std::vector<std::string> lines;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    if (lines.empty()) throw std::runtime_error("no words in " + file);
    return lines;
}

Over over(const Options& options) {
    return options.has("--http2") ? Over::http2 : Over::http1;
}

// limpd speaks first; an echo does not.
std::vector<int> connect_all(const Options& options) {
    std::vector<int> sockets;
    for (std::size_t left = options.number("--connections", "1"); left > 0; --left) {
        sockets.push_back(connect(
            static_cast<std::uint16_t>(options.number("--port", "0")), options.text("--path", "/ws"), over(options)
        ));
        if (options.has("--call")) receive(sockets.back(), over(options));
    }
    return sockets;
}

// The key that all connections' calls are signed with.
std::string key_of(const Options& options, const std::vector<int>& sockets) {
    if (!options.has("--session")) return "__ANON";
    const std::string token = options.text("--token", "");
    for (const int socket : sockets) join(socket, options.text("--session", ""), token, over(options));
    return token;
}

Messages messages_of(const Options& options, const std::string& key) {
    if (!options.has("--call"))
        return Messages::echoes(options.number("--messages", "1000"), options.number("--echo", "400"));
    return Messages::calls({
        .call = options.text("--call", ""),
        .expected = options.text("--expect", ""),
        .words = options.has("--words") ? lines_of(options.text("--words", "")) : std::vector<std::string>(),
        .count = options.number("--messages", "0"),
        .key = key,
    });
}

void print(const Measured& measured, const Messages& messages) {
    const double seconds = std::chrono::duration<double>(measured.window).count();
    const auto answers = static_cast<double>(measured.answers);
    auto us_each = [&](std::int64_t ns) { return static_cast<double>(ns) / 1000 / answers; };
    std::printf(
        R"({"answers":%llu,"seconds":%.3f,"per_second":%.1f,"message_bytes":%.0f,"server_us":%.4f,"own_us":%.4f,)"
        R"("p50_us":%.1f,"p99_us":%.1f,"p999_us":%.1f,"stolen":%.4f})"
        "\n",
        static_cast<unsigned long long>(measured.answers), seconds, answers / seconds, messages.mean_bytes(),
        us_each(measured.server_ns), us_each(measured.own_ns), measured.latency.quantile_us(0.5),
        measured.latency.quantile_us(0.99), measured.latency.quantile_us(0.999),
        static_cast<double>(measured.stolen_ns) / 1e9 / seconds
    );
}

void run(const Options& options) {
    const std::vector<int> sockets = connect_all(options);
    Messages messages = messages_of(options, key_of(options, sockets));
    if (over(options) == Over::http2) messages.put_into_data_frames();
    const Load load{
        .depth = options.number("--depth", "1"),
        .warmup = options.seconds("--warmup", "0.3"),
        .window = options.seconds("--seconds", "1"),
        .over = over(options),
        .once = options.has("--once"),
        .server = static_cast<pid_t>(options.number("--pid", "0")),
    };
    const Measured measured = generate(sockets, messages, load);
    if (measured.answers == 0) throw std::runtime_error("no answer came within the window");
    print(measured, messages);
}

}  // namespace

}  // namespace limp::bench

int main(int count, char** words) {
    try {
        limp::bench::run(limp::bench::Options(count, words));
        return EXIT_SUCCESS;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench_load: %s\n", error.what());
        return EXIT_FAILURE;
    }
}
