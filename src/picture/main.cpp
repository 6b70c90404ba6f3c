// limp-thumbnail WIDTH HEIGHT: an image from standard input, made to fit, to standard output.
//
// What takes images of strangers apart has had holes, in every library there is. Here it has nothing to get at: no file
// of its own, no descriptor beside the two, no way to make other processes, and no more memory and time than a picture
// needs. limpd looks at the first bytes of what comes out, and at nothing else of it.
//
// Exit code  0; 1: it is no image, or too large; 2: wrongly called, or the system is in the way.
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>
#include <vips/vips.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

constexpr rlim_t memory_bytes = rlim_t{1} << 30;
constexpr rlim_t cpu_seconds = 10;
constexpr std::int64_t pixels_max = 200'000'000;

[[noreturn]] void fail(int code, std::string_view why) {
    const std::string line = std::string(why) + '\n';
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
    std::_Exit(code);
}

void limit(__rlimit_resource what, rlim_t most) {
    const rlimit both{most, most};
    if (::setrlimit(what, &both) != 0) fail(2, "cannot limit itself");
}

// After the library has found its parts, before it sees a byte.
void give_up_all_else() {
    limit(RLIMIT_AS, memory_bytes);
    limit(RLIMIT_CPU, cpu_seconds);
    limit(RLIMIT_FSIZE, 0);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_NOFILE, 3);
    limit(RLIMIT_NPROC, 0);
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail(2, "cannot limit itself");
}

int pixels(const char* text) {
    const std::string_view all(text);
    int number = 0;
    const auto read = std::from_chars(all.data(), all.data() + all.size(), number);
    if (read.ptr != all.data() + all.size() || number < 1) fail(2, "a width and a height are numbers of pixels");
    return number;
}

std::string read_all() {
    std::string bytes;
    std::array<char, 65'536> part;
    for (;;) {
        const ssize_t count = ::read(STDIN_FILENO, part.data(), part.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail(2, "cannot read");
        if (count == 0) return bytes;
        bytes.append(part.data(), static_cast<std::size_t>(count));
    }
}

void write_all(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail(2, "cannot write");
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

// By what its head says, before anything else of it is looked at.
void refuse_if_vast(const std::string& bytes) {
    VipsImage* image = vips_image_new_from_buffer(bytes.data(), bytes.size(), "", nullptr);
    if (!image) fail(1, vips_error_buffer());
    const auto pixels = std::int64_t{vips_image_get_width(image)} * vips_image_get_height(image);
    if (pixels > pixels_max) fail(1, "it has too many pixels");
    g_object_unref(image);
}

// What may be seen through stays so.
const char* form_of(VipsImage* image) {
    return vips_image_hasalpha(image) ? ".png[strip]" : ".jpg[Q=85,strip,optimize_coding]";
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) fail(2, "use: limp-thumbnail WIDTH HEIGHT, with an image as standard input");
    const int width = pixels(argv[1]);
    const int height = pixels(argv[2]);
    if (VIPS_INIT(argv[0]) != 0) fail(2, vips_error_buffer());
    vips_concurrency_set(1);
    vips_block_untrusted_set(TRUE);  // the loaders that its authors have not hardened
    give_up_all_else();

    std::string bytes = read_all();
    refuse_if_vast(bytes);
    VipsImage* small = nullptr;
    void* made = nullptr;
    std::size_t size = 0;
    // Turned as the camera was held, in the colours of screens, never larger than it was.
    if (vips_thumbnail_buffer(
            bytes.data(), bytes.size(), &small, width, "height", height, "size", VIPS_SIZE_DOWN, "export_profile",
            "srgb", nullptr
        ) != 0 ||
        vips_image_write_to_buffer(small, form_of(small), &made, &size, nullptr) != 0)
        fail(1, vips_error_buffer());
    write_all({static_cast<const char*>(made), size});
    std::_Exit(0);  // nothing is worth tidying up
}
