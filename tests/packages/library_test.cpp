// What is loaded as a package, and what is not.
#include "package/library.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace limp::package {
namespace {

const std::filesystem::path packages = LIMP_TEST_PACKAGES;

Package declared() {
    Package package;
    package.name = "shop";
    return package;
}

std::string refused(const std::filesystem::path& file) {
    try {
        load_library(file, declared());
    } catch (const LibraryError& error) {
        return error.what();
    }
    return "loaded";
}

TEST(Library, AddsToWhatTheManifestDeclares) {
    const PackageRef shop = load_library(packages / "shop_one.so", declared());
    EXPECT_EQ(shop->name, "shop");
    ASSERT_EQ(shop->modules.size(), 1U);
    EXPECT_EQ(shop->modules[0].name, "order");
    EXPECT_EQ(shop->modules[0].hooks.size(), 1U);
}

TEST(Library, GoesWithItsPackage) {
    const std::size_t before = libraries_loaded();
    PackageRef one = load_library(packages / "shop_one.so", declared());
    PackageRef again = load_library(packages / "shop_one.so", declared());
    PackageRef two = load_library(packages / "shop_two.so", declared());
    EXPECT_EQ(libraries_loaded(), before + 3);
    one.reset();
    again.reset();
    EXPECT_EQ(libraries_loaded(), before + 1);
    two.reset();
    EXPECT_EQ(libraries_loaded(), before);
}

TEST(Library, OfAnotherLimpdIsRefusedByName) {
    const std::string why = refused(packages / "shop_of_old.so");
    EXPECT_NE(why.find("was built for \"limp 0.0.1\""), why.npos) << why;
    EXPECT_NE(why.find(std::string(abi())), why.npos) << why;
    EXPECT_NE(why.find("limpd build shop"), why.npos) << why;
}

TEST(Library, WhoseDefinitionFailsSaysWhy) {
    const std::size_t before = libraries_loaded();
    const std::string why = refused(packages / "shop_failing.so");
    EXPECT_NE(why.find("package shop has no module odrer"), why.npos) << why;
    EXPECT_EQ(libraries_loaded(), before);
}

TEST(Library, WithoutPackageIsRefused) {
    const std::string why = refused(packages / "no_package.so");
    EXPECT_NE(why.find("LIMP_PACKAGE"), why.npos) << why;
}

TEST(Library, ThatIsNoneOrNotThereIsRefused) {
    EXPECT_NE(refused(packages / "missing.so").find("missing.so"), std::string::npos);
    const std::filesystem::path text = packages / "text.so";
    std::ofstream(text) << "no library";
    EXPECT_NE(refused(text).find("text.so"), std::string::npos);
    std::ofstream(text, std::ios::trunc).close();
    EXPECT_NE(refused(text).find("text.so"), std::string::npos);
}

}  // namespace
}  // namespace limp::package
