using System.Globalization;
using Exchange.Host.Processes;

namespace Exchange.Host.Tests.Processes;

public sealed class ResetScheduleTests
{
    private const int Daily = 127;
    private const int Saturday = 64;

    [Theory]
    [InlineData("America/New_York", Daily, "17:00:00", "2026-11-20T12:00:00Z", "2026-11-20T22:00:00Z")]
    [InlineData("America/New_York", Daily, "17:00:00", "2026-07-20T12:00:00Z", "2026-07-20T21:00:00Z")] // summer time
    [InlineData("America/New_York", Daily, "17:00:00", "2026-11-20T22:00:00Z", "2026-11-21T22:00:00Z")] // strictly later
    [InlineData("America/New_York", Saturday, "17:00:00", "2026-11-15T00:00:00Z", "2026-11-21T22:00:00Z")] // weekly
    [InlineData("America/New_York", Saturday, "17:00:00", "2026-11-21T22:00:00Z", "2026-11-28T22:00:00Z")]
    [InlineData("Asia/Tokyo", Daily, "06:30:15", "2026-11-20T22:00:00Z", "2026-11-21T21:30:15Z")] // the day before in UTC
    [InlineData("America/New_York", Daily, "02:30:00", "2026-03-08T05:00:00Z", "2026-03-08T07:00:00Z")] // the clocks leave 02:30 out
    [InlineData("America/New_York", Daily, "01:30:00", "2026-11-01T04:00:00Z", "2026-11-01T05:30:00Z")] // 01:30 comes twice: the first
    [InlineData("America/New_York", Daily, "01:30:00", "2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z")] // and only once
    [InlineData("Pacific/Kiritimati", Daily, "00:00:00", "2026-11-20T09:59:59Z", "2026-11-20T10:00:00Z")]
    [InlineData("UTC", Daily, "00:00:00", "2026-12-31T23:59:59Z", "2027-01-01T00:00:00Z")]
    public void The_next_reset_is_when_the_clocks_of_the_zone_next_show_the_time(string zone, int days, string time, string after, string expected)
    {
        long next = ResetSchedule.NextNs(TimeZoneInfo.FindSystemTimeZoneById(zone), days, (int)TimeSpan.Parse(time, CultureInfo.InvariantCulture).TotalSeconds, Nanoseconds(after));
        Assert.Equal(Nanoseconds(expected), next);
    }

    private static long Nanoseconds(string text) =>
        (DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).UtcDateTime - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
}
