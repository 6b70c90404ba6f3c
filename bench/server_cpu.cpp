#include "bench/server_cpu.hpp"

#include <filesystem>
#include <fstream>
#include <string>

namespace limp::bench {

std::int64_t cpu_ns(pid_t process) {
    std::int64_t sum = 0;
    for (const auto& thread : std::filesystem::directory_iterator("/proc/" + std::to_string(process) + "/task")) {
        std::ifstream schedstat(thread.path() / "schedstat");
        std::int64_t on_cpu = 0;
        if (schedstat >> on_cpu) sum += on_cpu;
    }
    return sum;
}

}  // namespace limp::bench
