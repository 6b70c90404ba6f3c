#include "net/http_answer.hpp"

#include <array>
#include <ctime>

#include "base/json.hpp"
#include "base/time.hpp"

namespace limp::net {
namespace {

std::string_view reason(int status) {
    switch (status) {
        case 101:
            return "Switching Protocols";
        case 200:
            return "OK";
        case 201:
            return "Created";
        case 204:
            return "No Content";
        case 206:
            return "Partial Content";
        case 301:
            return "Moved Permanently";
        case 302:
            return "Found";
        case 304:
            return "Not Modified";
        case 308:
            return "Permanent Redirect";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 408:
            return "Request Timeout";
        case 409:
            return "Conflict";
        case 413:
            return "Content Too Large";
        case 415:
            return "Unsupported Media Type";
        case 416:
            return "Range Not Satisfiable";
        case 417:
            return "Expectation Failed";
        case 426:
            return "Upgrade Required";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 500:
            return "Internal Server Error";
        case 501:
            return "Not Implemented";
        case 503:
            return "Service Unavailable";
        case 504:
            return "Gateway Timeout";
        case 505:
            return "HTTP Version Not Supported";
        default:
            return "";  // RFC 9112 §4: may be empty
    }
}

// "Sun, 22 Nov 2026 13:11:00 GMT", written anew once a second.
const std::string& date() {
    thread_local std::time_t written_at = -1;
    thread_local std::string text;
    const std::time_t now = base::now_ms() / 1000;
    if (now != written_at) {
        std::tm parts{};
        gmtime_r(&now, &parts);
        std::array<char, 64> buffer{};
        text.assign(buffer.data(), std::strftime(buffer.data(), buffer.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts));
        written_at = now;
    }
    return text;
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ");
    for (const char c : value) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
    out += "\r\n";
}

void append_start(std::string& out, int status) {
    out.append("HTTP/1.1 ").append(std::to_string(status)).append(" ").append(reason(status)).append("\r\n");
}

// Calls header(name, value) for each.
template <class Header>
void tell_origin(Header header) {
    header("Server", "limpd");
    header("Date", date());
}

template <class Header>
void tell_headers(const HttpResponse& response, Header header) {
    tell_origin(header);
    if (has_body(response.status)) {
        header("Content-Type", response.type);
        header("Content-Length", std::to_string(body_bytes(response)));
    }
    for (const auto& [name, value] : response.headers) header(name, value);
}

}  // namespace

std::size_t body_bytes(const HttpResponse& response) {
    return response.file ? response.file->size() : response.body.size();
}

void append_answer(std::string& out, const HttpResponse& response, const AnswerFraming& framing) {
    append_start(out, response.status);
    tell_headers(response, [&](std::string_view name, std::string_view value) { append_header(out, name, value); });
    if (!framing.keep_alive) append_header(out, "Connection", "close");
    out += "\r\n";
    if (has_body(response.status) && framing.with_body && !response.file) out += response.body;
}

Headers answer_headers(const HttpResponse& response) {
    Headers headers;
    tell_headers(response, [&](std::string_view name, std::string_view value) { headers.emplace_back(name, value); });
    return headers;
}

Headers origin_headers() {
    Headers headers;
    tell_origin([&](std::string_view name, std::string_view value) { headers.emplace_back(name, value); });
    return headers;
}

void append_switch(std::string& out, const Headers& headers) {
    append_start(out, 101);
    tell_origin([&](std::string_view name, std::string_view value) { append_header(out, name, value); });
    for (const auto& [name, value] : headers) append_header(out, name, value);
    out += "\r\n";
}

HttpResponse refusal(int status, std::string_view code, std::string_view message) {
    HttpResponse response;
    response.status = status;
    base::append_json(response.body, Object{{"status", status}, {"msg", message}, {"args", Object{{"code", code}}}});
    return response;
}

}  // namespace limp::net
