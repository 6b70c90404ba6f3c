// limp/refusal.hpp: a call that is declined, and why.
//
// Throw a Refusal at any depth to end a call: its status, code and message become the answer. Anything else that is
// thrown is a fault: the answer is 500 CORE_SERVER_ERROR without its text, the log has the rest.
//
//     if (title.empty()) throw limp::Refusal(400, "SHOP_PRODUCT_NO_TITLE", "A product needs a title.");
//
// status   As HTTP means it: 400 the call is wrong, 403 not allowed, 404 no such thing, 409 conflict, 413 too large,
//          429 too many, 503 not available, 504 took too long.
// code     Stable, for programs: <PACKAGE>_<MODULE>_<WHAT>, upper case.
// message  For people: what was wrong, where, and what would be right. Never anything from inside the server.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace limp {

class Refusal : public std::runtime_error {
public:
    Refusal(int status, std::string code, const std::string& message)
        : std::runtime_error(message), status_(status), code_(std::move(code)) {}

    int status() const { return status_; }
    const std::string& code() const { return code_; }
    std::string message() const { return what(); }

private:
    int status_;
    std::string code_;
};

}  // namespace limp
