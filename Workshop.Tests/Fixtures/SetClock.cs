using System.Globalization;
using System.Runtime.InteropServices;

namespace Workshop.Tests.Fixtures;

/// <summary>
/// A process whose wall clock is wrong: libfaketime stands between it and the system's. Its monotonic clock is right.
/// </summary>
internal static class SetClock
{
    /// <summary>Where Debian keeps it, by the processor's name.</summary>
    private static readonly string Library =
        RuntimeInformation.OSArchitecture is System.Runtime.InteropServices.Architecture.Arm64
            ? "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1"
            : "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

    /// <summary>Clocks of three processes, further apart than a lease lasts.</summary>
    internal static IReadOnlyList<TimeSpan> MinutesApart { get; } =
    [TimeSpan.FromMinutes(2), TimeSpan.Zero, TimeSpan.FromMinutes(-2)];

    /// <summary>Why there can be none; null where there can.</summary>
    internal static string? Lack => File.Exists(Library) ? null : "libfaketime is not here.";

    /// <summary>The environment of a process whose clock is ahead, or behind where negative.</summary>
    internal static (string Name, string Value)[] Ahead(TimeSpan difference) =>
        [
            ("LD_PRELOAD", Library),
            ("FAKETIME", difference.TotalSeconds.ToString("+0;-0;+0", CultureInfo.InvariantCulture)),
            ("DONT_FAKE_MONOTONIC", "1"),
        ];
}
