#include "package/library.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <memory>
#include <system_error>
#include <utility>

#include "base/loop.hpp"

namespace limp::package {

namespace {

std::atomic<std::size_t> loaded = 0;

// The bytes of a library, under a name that no other library has as long as this one is there: the loader takes what it
// knows by name, or by the file, for the same.
class PrivateCopy {
public:
    explicit PrivateCopy(const std::filesystem::path& file)
        : descriptor_(::memfd_create(file.filename().c_str(), MFD_CLOEXEC)) {
        const int from = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
        ssize_t copied = 0;
        if (descriptor_ >= 0 && from >= 0)
            while ((copied = ::sendfile(descriptor_, from, nullptr, at_once)) > 0) continue;
        const int error = descriptor_ < 0 || from < 0 || copied < 0 ? errno : 0;
        if (from >= 0) ::close(from);
        if (error == 0) return;
        if (descriptor_ >= 0) ::close(descriptor_);
        throw LibraryError(file.string() + ": " + std::generic_category().message(error));
    }
    ~PrivateCopy() { ::close(descriptor_); }
    PrivateCopy(const PrivateCopy&) = delete;
    PrivateCopy& operator=(const PrivateCopy&) = delete;

    std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

private:
    static constexpr std::size_t at_once = 16 * 1024 * 1024;

    int descriptor_;
};

// An opened library.
class Opened {
public:
    explicit Opened(const std::filesystem::path& file)
        : copy_(file), handle_(::dlopen(copy_.path().c_str(), RTLD_NOW | RTLD_LOCAL)) {
        if (!handle_) throw LibraryError(file.string() + ": " + ::dlerror());
        ++loaded;
    }
    ~Opened() {
        ::dlclose(handle_);
        --loaded;
    }
    Opened(const Opened&) = delete;
    Opened& operator=(const Opened&) = delete;

    // Null when the library does not have it.
    template <class Function>
    Function* find(const char* name) const {
        return reinterpret_cast<Function*>(::dlsym(handle_, name));
    }

private:
    PrivateCopy copy_;
    void* handle_;
};

// A package and the code that it is made of.
class Loaded {
public:
    Loaded(std::shared_ptr<const Opened> library, Package declared)
        : package(std::move(declared)), library_(std::move(library)) {}

    ~Loaded() {
        package = {};
        // Whoever lets go last may have been called from the library: it is closed when nothing of this turn is on the
        // stack any more.
        if (base::Loop* loop = base::Loop::here()) loop->post([library = std::move(library_)] {});
    }

    Loaded(const Loaded&) = delete;
    Loaded& operator=(const Loaded&) = delete;

    Package package;

private:
    std::shared_ptr<const Opened> library_;
};

}  // namespace

std::string_view abi() {
    return LIMP_ABI;
}

std::size_t libraries_loaded() {
    return loaded;
}

PackageRef load_library(const std::filesystem::path& file, Package declared) {
    auto library = std::make_shared<const Opened>(file);
    auto* const built_for = library->find<const char*()>("limp_package_abi");
    auto* const define = library->find<void(Package&)>("limp_package_define");
    if (!built_for || !define)
        throw LibraryError(file.string() + ": is no package: no source of it has LIMP_PACKAGE(name)");
    if (built_for() != abi()) {
        throw LibraryError(
            file.string() + ": was built for another limpd and is not loaded. It was built for \"" + built_for() +
            "\", and this limpd is \"" + std::string(abi()) + "\". Run: limpd build " + declared.name
        );
    }
    std::string failure;
    auto package = std::make_shared<Loaded>(std::move(library), std::move(declared));
    try {
        define(package->package);
        return {package, &package->package};
    } catch (const std::exception& error) {
        failure = error.what();  // the exception is of the library's making, and goes with it
    } catch (...) {
        failure = "an exception that is no std::exception";
    }
    throw LibraryError(file.string() + ": its LIMP_PACKAGE failed: " + failure);
}

}  // namespace limp::package
