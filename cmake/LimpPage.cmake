# The sandbox page: built by npm out of sandbox/, and taken into the program (src/page/page.hpp).
option(LIMP_PAGE "take the sandbox page into limpd" ON)
set(LIMP_PAGE_TOOL ${CMAKE_SOURCE_DIR}/cmake/page.py)

# limp_embed_page(NAME FOLDER [DEPENDS file …]): a library NAME that defines limp::page::files() with what is in FOLDER.
# DEPENDS: what is written anew whenever the folder is.
function(limp_embed_page name folder)
    cmake_parse_arguments(EMBED "" "" "DEPENDS" ${ARGN})
    set(source ${CMAKE_BINARY_DIR}/page/${name}.cpp)
    add_custom_command(OUTPUT ${source}
        COMMAND python3 ${LIMP_PAGE_TOOL} embed ${folder} ${source}
        DEPENDS ${LIMP_PAGE_TOOL} ${EMBED_DEPENDS}
        COMMENT "Taking in the page of ${folder}")
    add_library(${name} OBJECT ${source})
    target_link_libraries(${name} PUBLIC limp_page PRIVATE limp_build)
endfunction()

# limp_page_files(NAME): a library NAME that defines limp::page::files() with the page of sandbox/, or with none when it
# is left out.
function(limp_page_files name)
    set(sandbox ${CMAKE_SOURCE_DIR}/sandbox)
    if(NOT LIMP_PAGE OR NOT EXISTS ${sandbox}/package.json)
        set(source ${CMAKE_BINARY_DIR}/page/${name}.cpp)
        file(CONFIGURE OUTPUT ${source} CONTENT
            "#include \"page/page.hpp\"\nstd::span<const limp::page::File> limp::page::files() { return {}; }\n")
        add_library(${name} OBJECT ${source})
        target_link_libraries(${name} PUBLIC limp_page PRIVATE limp_build)
        return()
    endif()
    # What the page is made of: its own folder and the SDK, but nothing that npm keeps or writes there.
    file(GLOB own CONFIGURE_DEPENDS
        ${sandbox}/*.html ${sandbox}/*.js ${sandbox}/*.json ${sandbox}/*.mjs ${sandbox}/*.ts ${CMAKE_SOURCE_DIR}/sdk/js/*.json)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS
        ${sandbox}/src/* ${sandbox}/public/* ${CMAKE_SOURCE_DIR}/sdk/js/src/*)
    set(folder ${CMAKE_BINARY_DIR}/page/sandbox)
    add_custom_command(OUTPUT ${folder}/index.html
        COMMAND python3 ${LIMP_PAGE_TOOL} build ${sandbox} ${folder}
        DEPENDS ${LIMP_PAGE_TOOL} ${own} ${sources}
        COMMENT "Building the page of sandbox/")
    limp_embed_page(${name} ${folder} DEPENDS ${folder}/index.html)
endfunction()
