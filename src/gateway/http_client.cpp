#include "gateway/http_client.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "base/loop.hpp"
#include "base/text.hpp"

namespace limp::gateway {

namespace {

using Clock = std::chrono::steady_clock;

constexpr long redirects_max = 5;

template <auto function>
struct Closer {
    void operator()(auto* thing) const { function(thing); }
};
using Easy = std::unique_ptr<CURL, Closer<curl_easy_cleanup>>;
using Url = std::unique_ptr<CURLU, Closer<curl_url_cleanup>>;
using Lines = std::unique_ptr<curl_slist, Closer<curl_slist_free_all>>;

void begin_curl() {
    static std::once_flag begun;
    std::call_once(begun, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

// One for each thread of a pool: it keeps connections for the next request.
CURL* easy_of_this_thread() {
    thread_local const Easy easy(curl_easy_init());
    if (!easy) throw HttpError("out of memory");
    curl_easy_reset(easy.get());
    return easy.get();
}

std::string host_of(const std::string& url) {
    const Url parsed(curl_url());
    char* host = nullptr;
    if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK ||
        curl_url_get(parsed.get(), CURLUPART_HOST, &host, 0) != CURLUE_OK)
        throw HttpError("no URL of a server: " + base::in_quotes(url));
    const std::string text = host;
    curl_free(host);
    return text;
}

// Of a method's name or a header's.
bool is_token(std::string_view text) {
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::ranges::all_of(text, [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               marks.find(c) != marks.npos;
    });
}

bool is_one_line(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) == text.npos;
}

void check(const HttpAsk& ask) {
    if (!is_token(ask.method)) throw HttpError("no HTTP method: " + base::in_quotes(ask.method));
    if (!is_one_line(ask.url)) throw HttpError("a URL is one line");
    for (const auto& [name, value] : ask.headers)
        if (!is_token(name) || !is_one_line(value)) throw HttpError("no HTTP header: " + base::in_quotes(name));
}

// One request, and what came of it until now.
struct Exchange {
    const HttpAsk& ask;
    const std::atomic<bool>& is_closing;
    HttpReply reply = {};
    bool is_too_large = false;
};

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// Each answer begins with a status line: those of redirects and of interim answers are forgotten.
std::size_t on_header(char* bytes, std::size_t, std::size_t size, void* self) {
    HttpReply& reply = static_cast<Exchange*>(self)->reply;
    const std::string_view line(bytes, size);
    const std::size_t colon = line.find(':');
    if (line.starts_with("HTTP/"))
        reply.headers.clear();
    else if (colon != line.npos)
        reply.headers.emplace_back(base::to_lower(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
    return size;
}

std::size_t on_body(char* bytes, std::size_t, std::size_t size, void* self) {
    Exchange& exchange = *static_cast<Exchange*>(self);
    std::string& body = exchange.reply.body;
    exchange.is_too_large = size > exchange.ask.bytes_max - body.size();
    if (exchange.is_too_large) return 0;
    body.append(bytes, size);
    return size;
}

int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<Exchange*>(self)->is_closing ? 1 : 0;
}

Lines header_lines(const HttpAsk& ask) {
    Lines lines;
    const auto add = [&](const std::string& line) {
        curl_slist* longer = curl_slist_append(lines.get(), line.c_str());
        if (!longer) throw HttpError("out of memory");
        static_cast<void>(lines.release());
        lines.reset(longer);
    };
    add("Expect:");  // a body is sent at once
    for (const auto& [name, value] : ask.headers) add(value.empty() ? name + ";" : name + ": " + value);
    return lines;
}

void set_method(CURL* easy, const HttpAsk& ask) {
    if (!ask.body.empty() || ask.method == "POST") {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(ask.body.size()));
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, ask.body.c_str());
    }
    if (ask.method == "HEAD") curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    // libcurl's own GET and POST change with a redirect as HTTP asks; other methods stay what they are.
    const bool is_own = ask.method == "POST" || ask.method == "HEAD" || (ask.method == "GET" && ask.body.empty());
    if (!is_own) curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, ask.method.c_str());
}

void set_rules(CURL* easy) {
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(easy, CURLOPT_MAXREDIRS, redirects_max);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    curl_easy_setopt(easy, CURLOPT_PROXY, "");     // none, whatever the environment says
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);  // signals are not libcurl's
}

HttpReply perform(const HttpAsk& ask, Clock::time_point deadline, const std::atomic<bool>& is_closing) {
    const std::string host = host_of(ask.url);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) throw HttpError(host + ": timed out before it could be asked");

    CURL* easy = easy_of_this_thread();
    const Lines lines = header_lines(ask);
    Exchange exchange{ask, is_closing};
    std::array<char, CURL_ERROR_SIZE> why{};
    set_rules(easy);
    set_method(easy, ask);
    curl_easy_setopt(easy, CURLOPT_URL, ask.url.c_str());
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, lines.get());
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(left));
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, why.data());
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &exchange);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &exchange);
    curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(easy, CURLOPT_XFERINFODATA, &exchange);
    curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);

    const CURLcode result = curl_easy_perform(easy);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, nullptr);
    if (exchange.is_too_large)
        throw HttpError(host + ": the answer has more than " + std::to_string(ask.bytes_max) + " bytes");
    if (result != CURLE_OK) throw HttpError(host + ": " + (why[0] ? why.data() : curl_easy_strerror(result)));
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    exchange.reply.status = static_cast<int>(status);
    return std::move(exchange.reply);
}

}  // namespace

HttpClient::HttpClient(std::size_t threads, std::size_t waiting_max) : pool_({"http", threads, waiting_max, 0}) {
    begin_curl();
}

HttpClient::~HttpClient() {
    is_closing_ = true;
}

Task<HttpReply> HttpClient::fetch(HttpAsk ask) {
    check(ask);
    if (!pool_.has_room()) throw HttpError("too many requests to other servers wait already");
    const Clock::time_point deadline = Clock::now() + ask.timeout;
    co_return co_await base::on(pool_, [&] { return perform(ask, deadline, is_closing_); });
}

}  // namespace limp::gateway
