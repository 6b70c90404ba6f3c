# limp_check_headers(TARGET FOLDER): every header in the folder compiles alone. What a source beside it begins with does:
# tests/walls sees to that order.
function(limp_check_headers target folder)
    file(GLOB_RECURSE headers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.hpp)
    set(sources)
    foreach(header ${headers})
        string(REGEX REPLACE "hpp$" "cpp" source ${header})
        if(EXISTS ${source})
            continue()
        endif()
        file(RELATIVE_PATH name ${CMAKE_SOURCE_DIR}/${folder} ${header})
        set(source ${CMAKE_BINARY_DIR}/headers/${target}/${name}.cpp)
        file(CONFIGURE OUTPUT ${source} CONTENT "#include \"${header}\" // IWYU pragma: keep\n")
        list(APPEND sources ${source})
    endforeach()
    if(BUILD_TESTING AND sources AND NOT LIMP_SANITIZE)
        add_library(${target}_headers OBJECT ${sources})
        target_link_libraries(${target}_headers PRIVATE ${target} limp_build)
    endif()
endfunction()

# limp_room(NAME [KNOWS room …] [USES library …]): the library limp_NAME of src/NAME/*.cpp, its tests, its headers.
# Tests stand beside the code as *_test.cpp and become the program limp_NAME_test. main.cpp belongs to nobody.
function(limp_room name)
    cmake_parse_arguments(ROOM "" "" "KNOWS;USES" ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
    file(GLOB tests CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*_test.cpp)
    if(tests)
        list(REMOVE_ITEM sources ${tests})
    endif()
    list(REMOVE_ITEM sources ${CMAKE_SOURCE_DIR}/src/${name}/main.cpp)

    list(TRANSFORM ROOM_KNOWS PREPEND limp_)
    add_library(limp_${name} STATIC ${sources})
    target_include_directories(limp_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
    target_link_libraries(limp_${name} PUBLIC limp ${ROOM_KNOWS} ${ROOM_USES} PRIVATE limp_build)
    limp_precompile(limp_${name} room)
    limp_check_headers(limp_${name} src/${name})

    if(BUILD_TESTING AND tests)
        limp_test(limp_${name}_test SOURCES ${tests} USES limp_${name} LABELS unit)
    endif()
endfunction()

# limp_test(NAME SOURCES … [USES library …] [LABELS …]): a GoogleTest program whose tests ctest runs by name.
function(limp_test name)
    cmake_parse_arguments(TEST "" "" "SOURCES;USES;LABELS" ${ARGN})
    add_executable(${name} ${TEST_SOURCES})
    target_link_libraries(${name} PRIVATE ${TEST_USES} limp_build GTest::gtest_main)
    limp_precompile(${name} test)
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES TIMEOUT 600 LABELS "${TEST_LABELS}"
        ENVIRONMENT "ASAN_OPTIONS=detect_stack_use_after_return=1;UBSAN_OPTIONS=print_stacktrace=1")
endfunction()

# modules/core: a package like any other, on public headers alone, linked in.
function(limp_core_modules)
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/modules/core/*.cpp)
    add_library(limp_core STATIC ${sources})
    target_include_directories(limp_core PUBLIC ${CMAKE_SOURCE_DIR}/modules)
    target_link_libraries(limp_core PUBLIC limp PRIVATE limp_build)
    limp_precompile(limp_core room)
    limp_check_headers(limp_core modules/core)
endfunction()
