#include "base/cron.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "base/time.hpp"

namespace limp::base {
namespace {

// "2026-11-22T13:11" → the same form.
std::string next(const std::string& schedule, const std::string& after) {
    return time_text(Cron(schedule).next(parse_datetime(after).value())).substr(0, 16);
}

std::string error_of(const std::string& schedule) {
    try {
        Cron{schedule};
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return "none";
}

TEST(Cron, EveryMinute) {
    EXPECT_EQ(next("* * * * *", "2026-11-22T13:11"), "2026-11-22T13:12");
    EXPECT_EQ(next("* * * * *", "2026-11-22T13:11:59.999"), "2026-11-22T13:12");
    EXPECT_EQ(next("* * * * *", "2026-12-31T23:59"), "2027-01-01T00:00");
}

TEST(Cron, IsLaterThanTheMomentItself) {
    EXPECT_EQ(next("30 4 * * *", "2026-11-22T04:29:59.999"), "2026-11-22T04:30");
    EXPECT_EQ(next("30 4 * * *", "2026-11-22T04:30"), "2026-11-23T04:30");
}

TEST(Cron, BeforeTheYear1970) {
    EXPECT_EQ(next("* * * * *", "1969-12-31T23:58:30"), "1969-12-31T23:59");
}

TEST(Cron, ListsRangesAndSteps) {
    EXPECT_EQ(next("0,20,40 * * * *", "2026-11-22T13:21"), "2026-11-22T13:40");
    EXPECT_EQ(next("*/15 * * * *", "2026-11-22T13:46"), "2026-11-22T14:00");
    EXPECT_EQ(next("0 8-18/5 * * *", "2026-11-22T13:00"), "2026-11-22T18:00");
    EXPECT_EQ(next("0 8-18/5 * * *", "2026-11-22T18:00"), "2026-11-23T08:00");
    EXPECT_EQ(next("5,10-12,*/30 0 * * *", "2026-11-22T00:10"), "2026-11-22T00:11");
    EXPECT_EQ(next("  0   0  1  1  *  ", "2026-11-22T13:00"), "2027-01-01T00:00");
}

TEST(Cron, NamesOfMonthsAndWeekdays) {
    EXPECT_EQ(next("0 0 1 Mar *", "2026-11-22T13:00"), "2027-03-01T00:00");
    EXPECT_EQ(next("0 0 1 nov-dec *", "2026-11-22T13:00"), "2026-12-01T00:00");
    EXPECT_EQ(next("0 0 * * MON", "2026-11-22T13:00"), "2026-11-23T00:00");
    EXPECT_EQ(next("0 0 * * tue,thu", "2026-11-24T00:00"), "2026-11-26T00:00");
}

TEST(Cron, SundayIsZeroAndSeven) {
    for (const char* sunday : {"0", "7", "sun", "6-7/1"}) {
        EXPECT_EQ(next(std::string("0 0 * * ") + sunday, "2026-11-28T12:00"), "2026-11-29T00:00") << sunday;
    }
    EXPECT_EQ(next("0 0 * * 5-7", "2026-11-29T00:00"), "2026-12-04T00:00");
}

TEST(Cron, EitherDayWhenBothAreRestricted) {
    EXPECT_EQ(next("0 0 13 * 5", "2026-11-22T00:00"), "2026-11-27T00:00");
    EXPECT_EQ(next("0 0 13 * 5", "2026-12-12T00:00"), "2026-12-13T00:00");
}

TEST(Cron, BothDaysWhenOneBeginsWithAStar) {
    EXPECT_EQ(next("0 0 */2 * 1", "2026-11-22T00:00"), "2026-11-23T00:00");
    EXPECT_EQ(next("0 0 */2 * 1", "2026-11-23T00:00"), "2026-12-07T00:00");
    EXPECT_EQ(next("0 0 13 * *", "2026-11-22T00:00"), "2026-12-13T00:00");
}

TEST(Cron, LeapDays) {
    EXPECT_EQ(next("0 12 29 2 *", "2026-11-22T00:00"), "2028-02-29T12:00");
    EXPECT_EQ(next("0 12 29 2 *", "2096-03-01T00:00"), "2104-02-29T12:00");
    EXPECT_EQ(next("0 0 29 feb */6", "2026-11-22T00:00"), "2032-02-29T00:00");  // a Sunday
}

TEST(Cron, DaysThatSomeMonthsDoNotHave) {
    EXPECT_EQ(next("0 0 31 * *", "2026-11-01T00:00"), "2026-12-31T00:00");
    EXPECT_EQ(next("0 0 30 2,3 *", "2026-11-01T00:00"), "2027-03-30T00:00");
}

TEST(Cron, ADayThatNeverComesIsRefused) {
    EXPECT_EQ(error_of("0 0 30 2 *"), "no day is ever day 30 of month 2");
    EXPECT_EQ(error_of("0 0 31 4,6,9,11 *"), "no day is ever day 31 of month 4,6,9,11");
    EXPECT_EQ(error_of("0 0 30 2 1"), "none");  // each Monday of February
}

TEST(Cron, SaysWhatIsWrong) {
    EXPECT_EQ(error_of("61 * * * *"), "minute \"61\": it takes 0 to 59");
    EXPECT_EQ(error_of("* 24 * * *"), "hour \"24\": it takes 0 to 23");
    EXPECT_EQ(error_of("* * 0 * *"), "day of month \"0\": it takes 1 to 31");
    EXPECT_EQ(error_of("* * * 13 *"), "month \"13\": it takes 1 to 12 or a name as \"jan\"");
    EXPECT_EQ(error_of("* * * * 8"), "day of week \"8\": it takes 0 to 7 or a name as \"sun\"");
    EXPECT_EQ(error_of("*/0 * * * *"), "minute \"0\": a step is a number from 1 on");
    EXPECT_EQ(error_of("5/15 * * * *"), "minute \"5/15\": a step follows \"*\" or a range, as in \"*/15\"");
    EXPECT_EQ(error_of("30-10 * * * *"), "minute \"30-10\": a range goes from the lesser to the greater");
    for (const char* wrong :
         {"-5 * * * *", "5- * * * *", "1,,2 * * * *", ", * * * *", "* * * * mon-", "** * * * *", "+5 * * * *",
          "99999999999 * * * *", "5x * * * *", "*/ * * * *", "*/-1 * * * *"})
        EXPECT_NE(error_of(wrong), "none") << wrong;
}

TEST(Cron, HasFiveFields) {
    for (const char* wrong : {"", "* * * *", "* * * * * *", "@daily"})
        EXPECT_TRUE(error_of(wrong).starts_with("a schedule has five fields")) << wrong;
}

}  // namespace
}  // namespace limp::base
