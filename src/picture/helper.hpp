// picture/helper.hpp: a program that is fed bytes and gives others, within limits.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "limp/bytes.hpp"

namespace limp::picture {

// The program is not there, or cannot be run.
class NoHelper : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct Helped {
    bool is_done = false;  // it ended well, in time, and gave no more than it may
    std::string bytes;     // what it gave
    std::string reason;    // why it is not done, for the log
};

// Runs `program` with these arguments and nothing of the environment, `input` as its standard input, to its end. Blocks
// until `timeout` at the latest, when it is killed. Throws NoHelper.
Helped run_helper(
    const std::filesystem::path& program, const std::vector<std::string>& arguments, const Bytes& input,
    std::size_t bytes_max, std::chrono::milliseconds timeout
);

}  // namespace limp::picture
