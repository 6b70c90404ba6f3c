# What nearly every file includes, precompiled: a file then costs half. For the builds with sanitizers alone; the others
# compile each file by what it includes itself, and so show an include that is missing.
include_guard()

# GoogleTest asks for it, and the compiler wants what is precompiled to be alike in this.
target_compile_options(limp_build INTERFACE -pthread)

# ccache cannot look into a precompiled header: it goes by what the header was made from, and needs it without a date.
if(LIMP_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER
        ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${LIMP_CCACHE})
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    target_compile_options(limp_build INTERFACE "SHELL:-Xclang -fno-pch-timestamp")
endif()

# limp_precompiled(NAME [HEADERS more …] [OPTIONS option …]): for files that are compiled with these options.
function(limp_precompiled name)
    cmake_parse_arguments(PRECOMPILED "" "" "HEADERS;OPTIONS" ${ARGN})
    set(source ${CMAKE_BINARY_DIR}/${name}.cpp)
    file(CONFIGURE OUTPUT ${source} CONTENT "// What ${name} needs to be a library.\n")
    add_library(${name} OBJECT ${source})
    target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/include)
    target_compile_options(${name} PRIVATE ${PRECOMPILED_OPTIONS})
    target_link_libraries(${name} PRIVATE limp_build)
    target_precompile_headers(${name} PRIVATE
        <algorithm> <array> <chrono> <cstddef> <cstdint> <filesystem> <functional> <map> <memory> <mutex> <optional>
        <ranges> <set> <span> <stdexcept> <string> <string_view> <utility> <vector> <limp/limp.hpp>
        ${PRECOMPILED_HEADERS})
endfunction()
limp_precompiled(limp_precompiled_room)
limp_precompiled(limp_precompiled_fuzzed OPTIONS -fsanitize=fuzzer-no-link)
limp_precompiled(limp_precompiled_test HEADERS <gtest/gtest.h> OPTIONS -fPIE -DGTEST_HAS_PTHREAD=1)
set_target_properties(limp_precompiled_test PROPERTIES POSITION_INDEPENDENT_CODE OFF)
