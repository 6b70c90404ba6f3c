#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "types/test_context.hpp"

namespace limp::types {
namespace {

using Kind = Type::Kind;
using namespace std::string_literals;

void expect(Kind kind, const std::vector<std::string>& accepted, const std::vector<std::string>& refused) {
    for (const std::string& text : accepted) EXPECT_EQ(TestContext().error(kind, text), std::nullopt) << text;
    for (const std::string& text : refused) EXPECT_TRUE(TestContext().error(kind, text)) << text;
}

TEST(Addresses, Emails) {
    expect(
        Kind::email, {"a@b.c", "ADMIN@LIMP.MASAAR.COM", "a.b+c@d-e.co.uk", "مثال@مثال.إختبار"},
        {"a@b", "@b.c", "a@.c", "a@b.", "a@b..c", "a@b.c@d e", "a b@c.d", "a@b.c\n", "\na@b.c", "a@b.c\0"s, "a@@b.c"}
    );
}

TEST(Addresses, Phones) {
    expect(
        Kind::phone, {"+0", "+971500000000", "+123456789012345"},
        {"+", "971500000000", "+1234567890123456", "+1 2", "+12a", "++1", "+1\n", "+١٢", "+1\0"s}
    );
}

TEST(Addresses, WebUris) {
    expect(
        Kind::uri_web,
        {"http://example.com", "https://example.com/", "HTTPS://EXAMPLE.COM", "http://localhost",
         "http://localhost:8081/ws", "https://a-b.example.co.uk:443/p/a;x=1/%20?q=a&b=c#top", "http://192.0.2.7/x",
         "http://[2001:db8::1]:80/", "https://example.com?q", "https://example.com#x", "https://مثال.إختبار/صفحة"},
        {"ftp://example.com", "example.com", "http://", "http:///x", "http://nodots", "http://-a.com", "http://a-.com",
         "http://a..com", "http://user:pass@example.com", "http://example.com:", "http://example.com:0",
         "http://example.com:65536", "http://example.com:99999", "http://example.com/a b", "http://example.com/\n",
         "http://example.com/<b>", "javascript:alert(1)", "xhttp://example.com", "http://example.com/\0"s}
    );
}

TEST(Addresses, Ips) {
    expect(
        Kind::ip, {"192.0.2.7", "::", "2001:db8::7", "::ffff:1.2.3.4"},
        {"1.2.3", "1.2.3.256", "01.2.3.4", "1.2.3.4 ", "1.2.3.4\0"s, "1.2.3.4\0x"s, "::1%eth0", "localhost", ":::"}
    );
    EXPECT_EQ(TestContext().convert(Kind::ip, "2001:DB8:0:0::7"), Value("2001:db8::7"));
}

TEST(Addresses, LongTextsCostLittle) {
    const std::string many(1'000'000, 'a');
    expect(Kind::email, {}, {many, many + "@", "a@" + many});
    expect(Kind::uri_web, {}, {many, "http://" + many});
}

}  // namespace
}  // namespace limp::types
