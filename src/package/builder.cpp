#include "package/builder.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/text.hpp"
#include "package/library.hpp"

extern char** environ;

namespace limp::package {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view config_name = "limpConfig.cmake";

std::string name_of(const fs::path& folder) {
    return fs::absolute(folder).lexically_normal().filename().string();
}

// limp.json and CMakeLists.txt by their endings, too.
bool is_part(const fs::path& file) {
    constexpr std::array<std::string_view, 6> endings{".json", ".cpp", ".hpp", ".h", ".txt", ".cmake"};
    return std::ranges::find(endings, file.extension().string()) != endings.end();
}

// Where find_package(limp) finds what this limpd was built with: beside it, in its build's folder, or as installed.
fs::path cmake_folder() {
    const fs::path program = fs::read_symlink("/proc/self/exe").parent_path();
    for (const char* place : {"limp", "../lib/cmake/limp", "../lib64/cmake/limp"})
        if (fs::exists(program / place / config_name)) return fs::canonical(program / place);
    throw BuildError(
        "packages with C++ need limp's headers and CMake files, and they are not where this limpd is (" +
        program.string() + "): install limp with \"cmake --install\", and run that limpd"
    );
}

// The compiler of this limpd, unless another one is asked for.
std::string compiler() {
    const char* wanted = std::getenv("CXX");
    return wanted && *wanted ? wanted : LIMP_COMPILER;
}

class Pipe {
public:
    Pipe() {
        if (::pipe2(ends_, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
    }
    ~Pipe() {
        close_writing();
        ::close(ends_[0]);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    int writing() const { return ends_[1]; }
    void close_writing() {
        if (ends_[1] >= 0) ::close(ends_[1]);
        ends_[1] = -1;
    }

    // All that comes until the other end is closed.
    std::string read() const {
        std::string text;
        std::array<char, 4096> some;
        for (ssize_t count; (count = ::read(ends_[0], some.data(), some.size())) > 0;)
            text.append(some.data(), static_cast<std::size_t>(count));
        return text;
    }

private:
    int ends_[2];
};

// Runs a program to its end. Throws BuildError with all that it said when it does not end well.
void run(std::vector<std::string> words) {
    Pipe output;
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, output.writing(), STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, output.writing(), STDERR_FILENO);

    // A program begins with no signal held back, whatever this thread holds back.
    sigset_t none;
    ::sigemptyset(&none);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);

    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_t child = 0;
    const int error = ::posix_spawnp(&child, arguments[0], &actions, &attributes, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
    if (error != 0) throw BuildError("cannot run " + words[0] + ": " + std::generic_category().message(error));

    output.close_writing();
    const std::string said = output.read();
    int status = 0;
    ::waitpid(child, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw BuildError(said);
}

std::string read_text(const fs::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write_text(const fs::path& file, const std::string& text) {
    std::ofstream out(file);
    if (!(out << text << std::flush)) throw BuildError(file.string() + ": cannot be written");
}

// For a package that has no CMakeLists.txt of its own.
std::string project_of(const std::string& name) {
    return "# Written by limpd for a package without a CMakeLists.txt of its own.\n"
           "cmake_minimum_required(VERSION 3.25)\n"
           "project(limp_package LANGUAGES CXX)\n"
           "find_package(limp REQUIRED)\n"
           "file(GLOB sources CONFIGURE_DEPENDS ${PACKAGE_FOLDER}/*.cpp)\n"
           "limp_add_package(" +
           name + " ${sources})\n";
}

}  // namespace

std::vector<fs::path> files_of(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        if (at->path().filename().string().starts_with('.')) {
            at.disable_recursion_pending();
        } else if (is_part(at->path())) {
            files.push_back(at->path());
        }
    }
    return files;
}

bool has_sources(const fs::path& folder) {
    std::error_code error;
    for (const auto& file : fs::directory_iterator(folder, error))
        if (file.path().extension() == ".cpp" || file.path().filename() == "CMakeLists.txt") return true;
    return false;
}

fs::path library_of(const fs::path& folder) {
    return folder / ".build" / (name_of(folder) + ".so");
}

bool is_outdated(const fs::path& folder) {
    std::error_code missing;
    const auto built = fs::last_write_time(library_of(folder), missing);
    if (missing) return true;
    const std::vector<fs::path> files = files_of(folder);
    return std::ranges::any_of(files, [&](const fs::path& file) {
        return file.extension() != ".json" && fs::last_write_time(file) > built;
    });
}

void build(const fs::path& package) {
    const fs::path folder = fs::absolute(package).lexically_normal();
    const fs::path out = folder / ".build";
    const fs::path made = out / "cmake";
    fs::create_directories(out);

    const bool has_own_project = fs::exists(folder / "CMakeLists.txt");
    if (!has_own_project && read_text(out / "CMakeLists.txt") != project_of(name_of(folder)))
        write_text(out / "CMakeLists.txt", project_of(name_of(folder)));
    std::vector<std::string> configure{
        "cmake",
        "-G",
        "Ninja",
        "-S",
        (has_own_project ? folder : out).string(),
        "-B",
        made.string(),
        "-DCMAKE_BUILD_TYPE=RelWithDebInfo",
        "-DCMAKE_CXX_COMPILER=" + compiler(),
        "-DCMAKE_LIBRARY_OUTPUT_DIRECTORY=" + out.string(),
        "-DPACKAGE_FOLDER=" + folder.string(),
        "-Dlimp_DIR=" + cmake_folder().string(),
        "--no-warn-unused-cli"
    };
    // Anew where it was set up by another limpd, or in another place.
    const fs::path setup = out / "setup";
    const std::string wanted = base::join(configure, "\n") + '\n' + std::string(abi());
    if (read_text(setup) != wanted) {
        fs::remove_all(made);
        fs::remove(setup);
        run(std::move(configure));
        write_text(setup, wanted);
    }
    run({"cmake", "--build", made.string()});
    if (!fs::exists(library_of(folder)))
        throw BuildError(
            "the build made no " + library_of(folder).string() + ": its CMakeLists.txt needs limp_add_package(" +
            name_of(folder) + " …)"
        );
}

}  // namespace limp::package
