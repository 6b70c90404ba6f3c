# What another project builds its packages with: from the installed limp, or straight from this build's folder.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(LIMP_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/limp)

# In the build's folder: limpd finds it beside itself.
set(LIMP_CONFIG_INCLUDE ${CMAKE_SOURCE_DIR}/include)
configure_file(${CMAKE_SOURCE_DIR}/cmake/limpConfig.cmake.in ${CMAKE_BINARY_DIR}/limp/limpConfig.cmake @ONLY)
configure_file(${CMAKE_SOURCE_DIR}/cmake/LimpPackage.cmake ${CMAKE_BINARY_DIR}/limp/LimpPackage.cmake COPYONLY)

# Installed.
file(RELATIVE_PATH LIMP_CONFIG_INCLUDE /${LIMP_CMAKE_DIR} /${CMAKE_INSTALL_INCLUDEDIR})
configure_file(${CMAKE_SOURCE_DIR}/cmake/limpConfig.cmake.in ${CMAKE_BINARY_DIR}/installed/limpConfig.cmake @ONLY)
foreach(folder limp installed)
    write_basic_package_version_file(${CMAKE_BINARY_DIR}/${folder}/limpConfigVersion.cmake
        VERSION ${PROJECT_VERSION} COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
endforeach()
install(TARGETS limpd limp-thumbnail)
install(DIRECTORY include/limp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES cmake/LimpPackage.cmake ${CMAKE_BINARY_DIR}/installed/limpConfig.cmake
    ${CMAKE_BINARY_DIR}/installed/limpConfigVersion.cmake DESTINATION ${LIMP_CMAKE_DIR})
install(DIRECTORY schema examples DESTINATION ${CMAKE_INSTALL_DATADIR}/limp
    PATTERN ".build" EXCLUDE)
