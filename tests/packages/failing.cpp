// A package that asks for a module that its limp.json does not have.
#include <limp/limp.hpp>

LIMP_PACKAGE(shop) {
    shop.module("odrer");
}
