// app/user_password.hpp: what `limpd user password` does: a new password for somebody who is locked out.
//
// It works on the data file itself, with no limpd running, and needs no session: whoever may read the file may do it.
//
// Errors   UsageError.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "app/options.hpp"

namespace limp::app {

struct Account {
    std::string id;
    std::string name;    // what it was found by, as it is stored
    std::string status;  // "active", or why it may not sign in
};

class Accounts {
public:
    // Holds the data file as long as it lives, as a limpd does.
    explicit Accounts(const Options& options);
    ~Accounts();
    Accounts(const Accounts&) = delete;
    Accounts& operator=(const Accounts&) = delete;

    // By user name, e-mail address (both in any case), phone number or id.
    Account find(const std::string& name);

    // Ends all of its sessions too; gives how many. With `activate` its status is "active" afterwards.
    std::size_t set_password(const Account& account, const std::string& password, bool activate);

private:
    struct Opened;
    std::unique_ptr<Opened> opened_;
};

}  // namespace limp::app
