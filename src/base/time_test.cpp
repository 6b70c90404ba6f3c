#include "base/time.hpp"

#include <gtest/gtest.h>

namespace limp::base {
namespace {

using namespace std::literals;

constexpr std::int64_t moment = 1795353060123;  // 2026-11-22T13:11:00.123Z

TEST(Time, IsWrittenWithMilliseconds) {
    EXPECT_EQ(time_text(moment), "2026-11-22T13:11:00.123Z");
    EXPECT_EQ(time_text(0), "1970-01-01T00:00:00.000Z");
    EXPECT_EQ(time_text(-1), "1969-12-31T23:59:59.999Z");
    EXPECT_EQ(time_text(951'782'400'000), "2000-02-29T00:00:00.000Z");
}

TEST(Time, ReadsBackWhatItWrote) {
    for (std::int64_t ms = -62'167'219'200'000; is_writable_time(ms); ms += 98'765'432'109)
        ASSERT_EQ(parse_time(time_text(ms)), ms) << ms;
}

TEST(Time, IsWritableFromYear0To9999) {
    EXPECT_EQ(parse_time("0000-01-01T00:00:00Z"), -62'167'219'200'000);
    EXPECT_EQ(parse_time("9999-12-31T23:59:59.999Z"), 253'402'300'799'999);
    EXPECT_TRUE(is_writable_time(-62'167'219'200'000));
    EXPECT_FALSE(is_writable_time(-62'167'219'200'001));
    EXPECT_TRUE(is_writable_time(253'402'300'799'999));
    EXPECT_FALSE(is_writable_time(253'402'300'800'000));
    EXPECT_FALSE(is_writable_time(INT64_MIN));
    EXPECT_FALSE(is_writable_time(INT64_MAX));
    EXPECT_EQ(parse_time("0000-01-01T00:00:00+00:01"), std::nullopt);
    EXPECT_EQ(parse_time("0000-01-01T00:00:00-00:01"), -62'167'219'140'000);
    EXPECT_EQ(parse_time("9999-12-31T23:59:59.999-00:01"), std::nullopt);
}

TEST(Time, ReadsIso8601) {
    EXPECT_EQ(parse_time("2026-11-22T13:11:00.123Z"), moment);
    EXPECT_EQ(parse_time("2026-11-22T13:11:00.123999999Z"), moment);
    EXPECT_EQ(parse_time("2026-11-22T17:11:00.123+04:00"), moment);
    EXPECT_EQ(parse_time("2026-11-22T17:11:00.123+0400"), moment);
    EXPECT_EQ(parse_time("2026-11-22T17:11:00.123+04"), moment);
    EXPECT_EQ(parse_time("2026-11-22T07:41:00.123-05:30"), moment);
    EXPECT_EQ(parse_time("2026-11-22T13:11:00Z"), moment - 123);
    EXPECT_EQ(parse_time("2026-11-22T13:11:00.5Z"), moment - 123 + 500);
    EXPECT_EQ(parse_time("2026-11-22T13:11Z"), moment - 123);
    EXPECT_EQ(parse_time("2026-11-22T17:11+0400"), moment - 123);
    EXPECT_EQ(parse_time("2026-11-23T13:10:00.123+23:59"), moment);
    EXPECT_EQ(parse_time("2026-11-21T13:12:00.123-23:59"), moment);
    EXPECT_EQ(parse_time("1969-12-31T23:59:59.999Z"), -1);
}

TEST(Time, KnowsLeapDays) {
    EXPECT_TRUE(parse_time("2024-02-29T00:00Z"));
    EXPECT_TRUE(parse_time("2000-02-29T00:00Z"));
    EXPECT_TRUE(parse_time("0000-02-29T00:00Z"));
    EXPECT_FALSE(parse_time("2026-02-29T00:00Z"));
    EXPECT_FALSE(parse_time("1900-02-29T00:00Z"));
    EXPECT_FALSE(parse_time("2026-04-31T00:00Z"));
}

TEST(Time, RefusesWhatIsNoMoment) {
    for (const auto text : {
             ""sv,
             "2026-11-22"sv,
             "2026-11-22T"sv,
             "2026-11-22Z"sv,
             "13:11:00Z"sv,
             "2026-11-22T13Z"sv,
             "2026-11-22T13:11:00"sv,
             "2026-11-22T13:11"sv,  // which zone?
             "2026-11-22 13:11:00Z"sv,
             "2026-11-22t13:11:00Z"sv,
             "2026-11-22T13:11:00z"sv,
             "2026-13-01T00:00Z"sv,
             "2026-00-01T00:00Z"sv,
             "2026-01-00T00:00Z"sv,
             "2026-01-32T00:00Z"sv,
             "2026-11-22T24:00Z"sv,
             "2026-11-22T13:60Z"sv,
             "2026-11-22T23:59:60Z"sv,
             "2026-11-22T13:11:00.Z"sv,
             "2026-11-22T13:11:00,5Z"sv,
             "2026-11-22T13:11.5Z"sv,
             "2026-11-22T13:11:Z"sv,
             "2026-11-22T13:11:00+24:00"sv,
             "2026-11-22T13:11:00+04:60"sv,
             "2026-11-22T13:11:00+4:00"sv,
             "2026-11-22T13:11:00+04:"sv,
             "2026-11-22T13:11:00+040"sv,
             "2026-11-22T13:11:00+"sv,
             "2026-11-22T13:11:00+04:00:00"sv,
             "2026-11-22T13:11:00ZZ"sv,
             "2026-11-22T13:11:00Z "sv,
             " 2026-11-22T13:11:00Z"sv,
             "2026-11-22T13:11:00Z\0"sv,
             "+2026-11-22T13:11:00Z"sv,
             "12026-11-22T13:11:00Z"sv,
             "-2026-11-22T13:11:00Z"sv,
             "226-11-22T13:11:00Z"sv,
             "2026-1-22T13:11:00Z"sv,
             "20261122T131100Z"sv,
             "2026-11-22T131100Z"sv,
             "1795353060"sv,
             "2026-11-22T1a:11:00Z"sv,
             "2026-11-22T-1:11:00Z"sv,
             "2026-11-22T13:11:00\xE2\x88\x92"
             "04:00"sv,
         })
        EXPECT_EQ(parse_time(text), std::nullopt) << text;
}

TEST(Time, CutsOffEndlessFractions) {
    EXPECT_EQ(parse_time("1970-01-01T00:00:00." + std::string(100'000, '9') + "Z"), 999);
}

TEST(Time, ClockCanBeSet) {
    set_clock(moment);
    EXPECT_EQ(now_ms(), moment);
    set_clock(std::nullopt);
    EXPECT_GT(now_ms(), 1'700'000'000'000);
}

TEST(Time, DatetimesWithoutAnOffsetAreUtc) {
    EXPECT_EQ(parse_datetime("2026-11-22T13:11:00.123"), moment);
    EXPECT_EQ(parse_datetime("2026-11-22T17:11:00.123+04:00"), moment);
    EXPECT_EQ(parse_datetime("1970-01-01T00:00"), 0);
    for (const char* text : {"", "2026-11-22", "2026-11-22T", "2026-11-22T13", "2026-11-22 13:11", "2026-11-22T13:11X"})
        EXPECT_EQ(parse_datetime(text), std::nullopt) << text;
    EXPECT_EQ(parse_time("2026-11-22T13:11"), std::nullopt);
}

TEST(Time, DatesAreDaysThatThereAre) {
    for (const char* text : {"0000-01-01", "2024-02-29", "2000-02-29", "9999-12-31"})
        EXPECT_TRUE(is_date(text)) << text;
    for (const char* text :
         {"", "2023-02-29", "1900-02-29", "2026-11-31", "2026-00-01", "2026-13-01", "2026-1-1", "10000-01-01",
          "2026-11-22T00:00", " 2026-11-22", "2026/11/22"})
        EXPECT_FALSE(is_date(text)) << text;
}

TEST(Time, TimesOfDayAreOfOneWidth) {
    EXPECT_EQ(parse_time_of_day("00:00"), 0);
    EXPECT_EQ(parse_time_of_day("13:11:05"), 47'465'000);
    EXPECT_EQ(parse_time_of_day("23:59:59.9999"), 86'399'999);
    EXPECT_EQ(time_of_day_text(0), "00:00:00.000");
    EXPECT_EQ(time_of_day_text(86'399'999), "23:59:59.999");
    for (const char* text : {"", "24:00", "13", "13:60", "13:11:60", "13:11:05.", "1:11", "13:11Z", "13:11:05.1+04:00"})
        EXPECT_EQ(parse_time_of_day(text), std::nullopt) << text;
}

}  // namespace
}  // namespace limp::base
