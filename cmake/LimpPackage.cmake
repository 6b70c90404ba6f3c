# limp_add_package(NAME source …): the C++ of the package NAME, as limpd loads it: NAME.so.
#
# Known before: LIMP_VERSION, LIMP_INCLUDE (the folder of limp/limp.hpp), LIMP_SANITIZE.
include_guard()

# limp_abi(VARIABLE): what a package and a limpd must have in common to be one program, as a text that people can read.
function(limp_abi variable)
    file(GLOB headers ${LIMP_INCLUDE}/limp/*.hpp)
    set(hashes)
    foreach(header ${headers})
        file(SHA256 ${header} hash)
        string(APPEND hashes ${hash})
    endforeach()
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${headers})
    string(SHA256 hash "${hashes}")
    string(SUBSTRING ${hash} 0 12 hash)
    string(REGEX MATCH "^[0-9]+" major ${CMAKE_CXX_COMPILER_VERSION})
    set(abi "limp ${LIMP_VERSION}, headers ${hash}, ${CMAKE_CXX_COMPILER_ID} ${major}, ${CMAKE_SYSTEM_PROCESSOR}")
    if(LIMP_SANITIZE)
        string(APPEND abi ", sanitizers ${LIMP_SANITIZE}")
    endif()
    set(${variable} ${abi} PARENT_SCOPE)
endfunction()

function(limp_add_package name)
    limp_abi(abi)
    add_library(${name} MODULE ${ARGN})
    target_include_directories(${name} PRIVATE ${LIMP_INCLUDE})
    target_compile_features(${name} PRIVATE cxx_std_20)
    target_compile_definitions(${name} PRIVATE "LIMP_ABI=\"${abi}\"")
    # A symbol that the loader makes unique for the process keeps the library, and its data, from ever going.
    target_compile_options(${name} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fno-gnu-unique>)
    target_link_options(${name} PRIVATE -Wl,-z,now -Wl,-Bsymbolic)
    if(LIMP_SANITIZE)
        target_compile_options(${name} PRIVATE -fsanitize=${LIMP_SANITIZE} -fno-omit-frame-pointer)
        target_link_options(${name} PRIVATE -fsanitize=${LIMP_SANITIZE})
    endif()
    set_target_properties(${name} PROPERTIES PREFIX "" SUFFIX .so CXX_VISIBILITY_PRESET hidden
        VISIBILITY_INLINES_HIDDEN ON CXX_EXTENSIONS OFF)
endfunction()
