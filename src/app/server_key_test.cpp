#include "app/server_key.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "app/options.hpp"
#include "base/id.hpp"

namespace limp::app {
namespace {

struct ServerKey : testing::Test {
    std::filesystem::path folder = std::filesystem::temp_directory_path() / ("limp-key-" + base::new_random_id());
    std::filesystem::path file = folder / "limp.db.key";

    ~ServerKey() override { std::filesystem::remove_all(folder); }

    void write(const std::string& text) {
        std::filesystem::create_directories(folder);
        std::ofstream(file) << text;
        std::filesystem::permissions(file, std::filesystem::perms(0600));
    }
};

TEST_F(ServerKey, IsMadeOnceForItsOwnerAlone) {
    const std::string key = server_key(file);
    EXPECT_EQ(key.size(), 32u);
    EXPECT_EQ(server_key(file), key);
    struct stat status{};
    ASSERT_EQ(::stat(file.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(ServerKey, RefusesAFileThatOthersMayRead) {
    server_key(file);
    std::filesystem::permissions(file, std::filesystem::perms(0640));
    EXPECT_THROW(server_key(file), UsageError);
}

TEST_F(ServerKey, RefusesAFileWithoutAKey) {
    write("");
    EXPECT_THROW(server_key(file), UsageError);
    write("c2hvcnQ\n");
    EXPECT_THROW(server_key(file), UsageError);
    write("not base64url!\n");
    EXPECT_THROW(server_key(file), UsageError);
}

}  // namespace
}  // namespace limp::app
