# Which compiler, with which flags. docs/decisions/0004-compiler.md says why g++ 12 is refused.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    message(FATAL_ERROR
        "limpd cannot be built with g++ ${CMAKE_CXX_COMPILER_VERSION}: before version 13 it destroys temporaries inside "
        "co_await expressions twice. Use clang 19 (script/bootstrap installs it; cmake --preset dev chooses it).")
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

find_program(LIMP_CCACHE ccache)
if(LIMP_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${LIMP_CCACHE})
endif()

set(LIMP_SANITIZE "" CACHE STRING "sanitizers, as -fsanitize takes them")

# What every target of ours is compiled with.
add_library(limp_build INTERFACE)
target_compile_options(limp_build INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wnon-virtual-dtor
    -Woverloaded-virtual -Wextra-semi -Werror)
target_compile_definitions(limp_build INTERFACE $<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS> BOOST_ASIO_NO_DEPRECATED)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # Debian's lld links a debug build in a third of the time that ld needs.
    target_link_options(limp_build INTERFACE -fuse-ld=lld)
endif()
if(LIMP_SANITIZE)
    target_compile_options(limp_build INTERFACE
        -fsanitize=${LIMP_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(limp_build INTERFACE -fsanitize=${LIMP_SANITIZE})
    include(LimpPrecompile)
endif()

# limp_precompile(TARGET KIND): it uses limp_precompiled_KIND, where there is such a thing.
function(limp_precompile target kind)
    if(TARGET limp_precompiled_${kind})
        target_precompile_headers(${target} REUSE_FROM limp_precompiled_${kind})
    endif()
endfunction()
