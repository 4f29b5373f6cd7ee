using System.Globalization;

namespace Shop.Api.Data;

/// <summary>Points in time as PostgreSQL keeps them: UTC, whole microseconds.</summary>
internal static class Times
{
    /// <summary>Later than anything that is dated here.</summary>
    public static readonly DateTime Last = new(9999, 12, 31, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>
    /// Now, without what the database would cut off, so that an answer equals what is read back later.
    /// </summary>
    public static DateTime Now(TimeProvider time)
    {
        var ticks = time.GetUtcNow().Ticks;
        return new(ticks - (ticks % TimeSpan.TicksPerMicrosecond), DateTimeKind.Utc);
    }

    /// <summary>The time as text that compares equal only to itself.</summary>
    public static string Text(DateTime time) => time.Ticks.ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads what <see cref="Text"/> wrote.</summary>
    public static bool TryParse(string text, out DateTime time)
    {
        var read =
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTime.MaxValue.Ticks;
        time = read ? new(ticks, DateTimeKind.Utc) : default;
        return read;
    }
}
