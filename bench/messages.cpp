#include "bench/messages.hpp"

#include <charconv>
#include <cstdio>
#include <stdexcept>

#include "base/hmac.hpp"
#include "bench/frame.hpp"
#include "bench/http2.hpp"
#include "wire/jws.hpp"

namespace limp::bench {

namespace {

constexpr std::size_t digits = 12;

std::string replaced(std::string text, std::string_view what, std::string_view with) {
    for (std::size_t place = 0; (place = text.find(what, place)) != std::string::npos; place += with.size())
        text.replace(place, what.size(), with);
    return text;
}

std::string padded(std::size_t number) {
    std::string text = std::to_string(number);
    return std::string(digits - text.size(), '0') + text;
}

[[noreturn]] void fail(const std::string& what, std::string_view answer) {
    throw std::runtime_error(what + ": " + std::string(answer.substr(0, 500)));
}

// The number at the end of the call_id, which is the last member of an answer.
std::size_t number_in(std::string_view answer) {
    constexpr std::string_view end = R"("}})";
    std::size_t number = 0;
    if (!answer.ends_with(end) || answer.size() < digits + end.size()) fail("an answer without its call_id", answer);
    const char* last = answer.data() + answer.size() - end.size();
    if (std::from_chars(last - digits, last, number).ptr != last) fail("an answer to no call of ours", answer);
    return number;
}

}  // namespace

Messages Messages::echoes(std::size_t count, std::size_t bytes) {
    Messages made;
    made.are_echoes_ = true;
    for (std::size_t number = 0; number < count; ++number) {
        std::string text = padded(number);
        text.resize(bytes, '.');
        made.frames_.push_back(masked_frame(text));
        made.expected_.push_back(std::move(text));
    }
    return made;
}

Messages Messages::calls(const CallTemplate& made_of) {
    Messages made;
    const std::vector<std::string> words = made_of.words.empty() ? std::vector<std::string>{""} : made_of.words;
    for (const std::string& word : words) made.expected_.push_back(replaced(made_of.expected, "{word}", word));

    base::Hmac key(made_of.key);
    const std::size_t count = made_of.count == 0 ? words.size() : made_of.count;
    made.frames_.reserve(count);
    for (std::size_t number = 0; number < count; ++number) {
        std::string call = replaced(made_of.call, "{word}", words[number % words.size()]);
        call = replaced(std::move(call), "{n}", padded(number));
        made.frames_.push_back(masked_frame(R"({"token":")" + wire::write_jws(call, key) + R"("})"));
    }
    return made;
}

void Messages::put_into_data_frames() {
    for (std::string& frame : frames_) frame = http2::in_data_frame(frame);
}

double Messages::mean_bytes() const {
    std::size_t sum = 0;
    for (const std::string& frame : frames_) sum += frame.size();
    return static_cast<double>(sum) / static_cast<double>(frames_.size());
}

std::size_t Messages::answered_by(std::string_view answer, std::size_t oldest) const {
    if (are_echoes_) {
        if (answer != expected_[oldest]) fail("an echo of something else", answer);
        return oldest;
    }
    if (!answer.starts_with(R"({"status":200,)")) fail("a call was refused", answer);
    const std::size_t number = number_in(answer);
    if (number >= frames_.size()) fail("an answer to no call of ours", answer);
    if (answer.find(expected_[number % expected_.size()]) == std::string_view::npos) fail("not what was asked", answer);
    return number;
}

}  // namespace limp::bench
