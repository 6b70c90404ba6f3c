#include "cli/password_input.hpp"

#include <termios.h>
#include <unistd.h>

#include <csignal>
#include <iostream>

#include "app/options.hpp"

namespace limp::cli {

namespace {

termios terminal_before;  // for the signal handler

void show_again_and_leave(int signal) {
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &terminal_before);
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

// The terminal shows nothing of what is typed as long as this lives, be it that the person ends the program meanwhile.
class Hidden {
public:
    Hidden() {
        ::tcgetattr(STDIN_FILENO, &terminal_before);
        for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) std::signal(signal, show_again_and_leave);
        termios silent = terminal_before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        silent.c_lflag |= ECHONL;
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    ~Hidden() {
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &terminal_before);
        for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) std::signal(signal, SIG_DFL);
    }
    Hidden(const Hidden&) = delete;
    Hidden& operator=(const Hidden&) = delete;
};

std::string read_line() {
    std::string line;
    if (!std::getline(std::cin, line)) throw app::UsageError("there is no password on standard input");
    if (line.ends_with('\r')) line.pop_back();
    return line;
}

}  // namespace

std::string read_new_password(const std::string& prompt) {
    if (::isatty(STDIN_FILENO) == 0) return read_line();
    const Hidden hidden;
    std::cerr << prompt;
    std::string password = read_line();
    std::cerr << "The same again: ";
    if (read_line() != password) throw app::UsageError("the two are not the same; nothing was changed");
    return password;
}

}  // namespace limp::cli
