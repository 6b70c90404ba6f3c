// bench/messages.hpp: what is sent, made ready before anything is measured: signed, framed and masked once.
//
// A call is made of a template, JSON in which these are replaced: {n}, the message's number in 12 digits, and {word},
// one of the words in turn. The call's call_id must be a text that ends in {n}; by that an answer finds its call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace limp::bench {

struct CallTemplate {
    std::string call;
    std::string expected;            // with {word}; every answer must contain it
    std::vector<std::string> words;  // at least one where {word} is used
    std::size_t count = 0;           // of messages; 0: as many as words
    std::string key;                 // what calls are signed with
};

// Whether what came back is what must come back.
class Messages {
public:
    static Messages echoes(std::size_t count, std::size_t bytes);
    static Messages calls(const CallTemplate& made_of);

    // They are sent over HTTP/2.
    void put_into_data_frames();

    std::size_t size() const { return frames_.size(); }
    const std::string& frame(std::size_t number) const { return frames_[number]; }
    double mean_bytes() const;

    // Which message this answers. `oldest`: the one that has waited longest on the connection; echoes come in order.
    // Throws when it is no echo of it, no 200, lacks what is expected, or answers nothing that was sent.
    std::size_t answered_by(std::string_view answer, std::size_t oldest) const;

private:
    bool are_echoes_ = false;
    std::vector<std::string> frames_;
    std::vector<std::string> expected_;  // by message when they are echoes, else by word
};

}  // namespace limp::bench
