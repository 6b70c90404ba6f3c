#include "app/user_password.hpp"

#include <cstdlib>
#include <iostream>
#include <string>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/password_input.hpp"

namespace limp::cli {

int user_password(const CommandLine& line) {
    app::Accounts accounts(line.options);
    const app::Account account = accounts.find(line.user);
    const std::string password = read_new_password("New password for " + base::in_quotes(account.name) + ": ");
    const std::size_t ended = accounts.set_password(account, password, line.activate);
    std::cout << "The password of " << base::in_quotes(account.name) << " (" << account.id << ") is set; "
              << (ended == 1 ? "1 session has" : std::to_string(ended) + " sessions have") << " ended.\n";
    if (account.status != "active" && !line.activate)
        std::cout << "But its status is " << base::in_quotes(account.status)
                  << ", and it may not sign in. With --activate the same command makes it active.\n";
    return EXIT_SUCCESS;
}

}  // namespace limp::cli
