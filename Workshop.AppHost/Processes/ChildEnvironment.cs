using System.Collections;

namespace Workshop.AppHost.Processes;

/// <summary>What of the host's own environment its children see.</summary>
internal static class ChildEnvironment
{
    /// <summary>
    /// Settings of the host itself: what its launch profile, the build or the terminal set for it would give each child
    /// the host's addresses, hooks or name.
    /// </summary>
    private static readonly string[] OwnPrefixes =
    [
        "ASPNETCORE_",
        "ASPIRE_",
        "DOTNET_",
        "HOSTINGSTARTUP",
        "MSBUILD",
        "OTEL_",
        "PG",
        "TESTINGPLATFORM_",
        "WORKSHOP_",
        "services__",
        "ConnectionStrings__",
    ];

    /// <summary>Settings with such a prefix that belong to the machine and not to the host.</summary>
    private static readonly string[] OfTheMachine =
    [
        "DOTNET_ROOT",
        "DOTNET_ROOT_X64",
        "DOTNET_ROOT_ARM64",
        "DOTNET_CLI_HOME",
        "DOTNET_CLI_TELEMETRY_OPTOUT",
        "DOTNET_NOLOGO",
    ];

    /// <summary>The host's environment without what is the host's alone.</summary>
    internal static Dictionary<string, string> Inherited() =>
        Environment
            .GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .Select(entry => ((string)entry.Key, (string?)entry.Value ?? ""))
            .Where(entry => Passes(entry.Item1))
            .ToDictionary(StringComparer.Ordinal);

    /// <summary>Whether children see the variable <paramref name="name"/>.</summary>
    internal static bool Passes(string name) =>
        OfTheMachine.Contains(name, StringComparer.Ordinal)
        || !Array.Exists(OwnPrefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
