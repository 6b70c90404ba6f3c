#include "picture/thumbnails.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "base/loop.hpp"
#include "limp/refusal.hpp"
#include "picture/helper.hpp"

namespace limp::picture {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds patience{10'000};
constexpr std::size_t much = 64 * 1024 * 1024;

Helped run_shell(
    const std::string& script, const std::string& input, std::size_t most = much, milliseconds timeout = patience
) {
    return run_helper("/bin/sh", {"-c", script}, Bytes(input), most, timeout);
}

TEST(Helper, IsFedAndHeardAtTheSameTime) {
    std::string input(5'000'000, 'a');
    for (std::size_t i = 0; i < input.size(); ++i) input[i] = static_cast<char>('a' + i / 1000 % 26);
    const Helped helped = run_shell("exec /bin/cat", input);
    EXPECT_TRUE(helped.is_done) << helped.reason;
    EXPECT_TRUE(helped.bytes == input);
}

TEST(Helper, MayReadNothing) {
    const Helped helped = run_shell("echo done", std::string(5'000'000, 'x'));
    EXPECT_TRUE(helped.is_done) << helped.reason;
    EXPECT_EQ(helped.bytes, "done\n");
    EXPECT_EQ(run_shell("exec /bin/cat", "").bytes, "");
}

TEST(Helper, HasNothingOfTheEnvironment) {
    ::setenv("LIMP_SECRET_OF_THE_TEST", "secret", 1);
    EXPECT_EQ(run_shell("exec /usr/bin/env", "").bytes.find("secret"), std::string::npos);
    ::unsetenv("LIMP_SECRET_OF_THE_TEST");
}

TEST(Helper, ThatEndsBadlyHasNotDoneIt) {
    EXPECT_EQ(run_shell("echo some; exit 3", "").reason, "exit code 3");
    EXPECT_EQ(run_shell("kill -9 $$", "").reason, "ended by Killed");
    EXPECT_FALSE(run_shell("exit 1", "").is_done);
}

TEST(Helper, IsEndedWhenItTakesTooLongOrGivesTooMuch) {
    EXPECT_FALSE(run_shell("sleep 1000", "", much, milliseconds(50)).is_done);
    EXPECT_FALSE(run_shell("trap '' TERM; while :; do :; done", "", much, milliseconds(50)).is_done);
    EXPECT_FALSE(run_shell("while :; do echo too much; done", "", 100'000).is_done);
}

TEST(Helper, ThatIsNotThereIsSaid) {
    EXPECT_THROW(run_helper("/nowhere/limp-thumbnail", {}, Bytes(std::string()), much, patience), NoHelper);
}

TEST(Size, IsReadStrictly) {
    const auto size = read_size("128x96");
    ASSERT_TRUE(size);
    EXPECT_EQ(size->width, 128);
    EXPECT_EQ(size->height, 96);
    EXPECT_TRUE(read_size("4096x1"));
    for (const char* wrong :
         {"", "x", "1", "1x", "x1", "0x1", "1x0", "-1x1", "1x4097", "1x1x", " 1x1", "1X1", "+1x1", "99999999999x1"})
        EXPECT_FALSE(read_size(wrong)) << wrong;
}

class ThumbnailsTest : public testing::Test {
protected:
    // A program of this test's that says its arguments instead.
    Thumbnails::Options options{.program = "/bin/echo", .timeout = patience};

    static std::string outcome(Thumbnails& thumbnails, const std::string& id, std::size_t bytes = 1) {
        try {
            Bytes image(std::string(bytes, 'x'));
            return base::run_to_end(thumbnails.make(id, std::move(image), {30, 20})).text();
        } catch (const Refusal& refusal) {
            return std::to_string(refusal.status()) + " " + refusal.code();
        }
    }
};

TEST_F(ThumbnailsTest, AsksForTheSize) {
    Thumbnails thumbnails(options);
    EXPECT_EQ(outcome(thumbnails, "a"), "30 20\n");
}

TEST_F(ThumbnailsTest, MakesTheSameOnce) {
    options.program = "/bin/date";  // refuses these arguments
    Thumbnails failing(options);
    EXPECT_EQ(outcome(failing, "a"), "400 CORE_FILE_NO_IMAGE");

    options.program = "/bin/echo";
    options.kept_bytes = 2 * std::string("30 20\n").size();
    Thumbnails thumbnails(options);
    const auto made = [&](const std::string& id) {
        return base::run_to_end(thumbnails.make(id, Bytes(std::string("x")), {30, 20}));
    };
    made("a");
    made("b");
    made("a");
    made("c");  // in place of b
    EXPECT_EQ(outcome(thumbnails, "a", options.image_bytes + 1), "30 20\n") << "kept, so its bytes do not matter";
    EXPECT_EQ(outcome(thumbnails, "b", options.image_bytes + 1), "400 CORE_FILE_NO_IMAGE")
        << "no longer kept, and too large";
}

TEST_F(ThumbnailsTest, SaysWhenThereIsNoProgram) {
    options.program = "/nowhere/limp-thumbnail";
    Thumbnails thumbnails(options);
    EXPECT_EQ(outcome(thumbnails, "a"), "503 CORE_SERVER_UNAVAILABLE");
}

}  // namespace
}  // namespace limp::picture
