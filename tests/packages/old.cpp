// A package of another limpd.
#include <limp/limp.hpp>

extern "C" __attribute__((visibility("default"))) const char* limp_package_abi() {
    return "limp 0.0.1";
}
extern "C" __attribute__((visibility("default"))) void limp_package_define(limp::Package&) {}
