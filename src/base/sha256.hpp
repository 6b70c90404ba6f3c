// base/sha256.hpp: SHA-256, the name of bytes by their content.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace limp::base {

// 64 lower-case hex digits.
std::string sha256_hex(std::string_view bytes);

// The same of bytes that come in pieces.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;

    void add(std::string_view bytes);

    // Once, after the last piece.
    std::string hex();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace limp::base
