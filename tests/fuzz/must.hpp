// fuzz/must.hpp: what must hold of every input; libFuzzer keeps the input when it does not.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace limp::fuzz {

inline void must(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "it must hold that %s\n", what);
    std::abort();
}

}  // namespace limp::fuzz
