// bench/server_cpu.hpp: how long a process has been at work, by the scheduler's own account.
#pragma once

#include <cstdint>

#include <sys/types.h>

namespace limp::bench {

// Nanoseconds on a CPU, of all its threads; those that ended are not in it. Throws when there is no such process.
std::int64_t cpu_ns(pid_t process);

}  // namespace limp::bench
