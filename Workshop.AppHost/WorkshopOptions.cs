using Microsoft.Extensions.Configuration;

namespace Workshop.AppHost;

/// <summary>What a person chooses on the command line, on either host.</summary>
/// <param name="Storage"><c>basic</c>, <c>synchronous</c> or <c>asynchronous</c>.</param>
/// <param name="Policy"><c>available</c> or <c>strict</c>: what synchronous mirroring does without its mirror.</param>
/// <param name="PortOffset">Added to every port.</param>
internal sealed record WorkshopOptions(string Storage, string Policy, int PortOffset)
{
    /// <summary>The highest port in use is 18888, and the highest there is 65535.</summary>
    internal const int MaxPortOffset = 40_000;

    /// <summary>Each mode, and the folder that the workshop's text calls it by.</summary>
    private static readonly (string Mode, string Folder)[] Modes =
    [
        ("basic", "Basic_Implementation"),
        ("synchronous", "Synchronous_Mirroring"),
        ("asynchronous", "Asynchronous-Replication"),
    ];

    /// <summary>Whether there are two database servers.</summary>
    internal bool HasStandby => Storage is not "basic";

    /// <summary>Reads the choices; a bad one ends the process with exit code 2 and the good ones named.</summary>
    internal static WorkshopOptions From(IConfiguration configuration)
    {
        try
        {
            return Read(configuration);
        }
        catch (FormatException e)
        {
            Console.Error.WriteLine($"error: {e.Message}");
            Environment.Exit(2);
            throw;
        }
    }

    /// <summary>Reads the choices.</summary>
    /// <exception cref="FormatException">One is not known; the message names those that are.</exception>
    internal static WorkshopOptions Read(IConfiguration configuration) =>
        new(
            ReadMode(configuration["storage"] ?? "synchronous"),
            ReadPolicy(configuration["policy"] ?? "available"),
            ReadOffset(configuration["port-offset"] ?? "0")
        );

    private static string ReadMode(string text) =>
        Array.Find(Modes, mode => Same(text, mode.Mode) || Same(text, mode.Folder)).Mode
        ?? throw new FormatException(
            $"--storage {text}: it is one of {string.Join(", ", Modes.Select(mode => $"{mode.Mode} ({mode.Folder})"))}."
        );

    private static string ReadPolicy(string text) =>
        Same(text, "available") ? "available"
        : Same(text, "strict") ? "strict"
        : throw new FormatException($"--policy {text}: it is one of available, strict.");

    private static int ReadOffset(string text) =>
        int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var offset)
        && offset is >= 0 and <= MaxPortOffset
            ? offset
            : throw new FormatException($"--port-offset {text}: it is a number from 0 to {MaxPortOffset}.");

    private static bool Same(string left, string right) =>
        string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
