using Workshop.Tests.Consensus.Ledger;
using Workshop.Tests.Reports;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Workshop.Tests;

/// <summary>
/// Starts the tests; or, when the first argument names one, what <c>test.sh</c> and a test need as a process of its own. What
/// measures is in <c>bench/laboratory</c>.
/// </summary>
internal static class EntryPoint
{
    /// <summary>The process that the crash tests kill.</summary>
    internal const string LedgerWriter = "ledger-writer";

    /// <summary>Each command with what it runs: what follows its name goes in, the exit code comes out.</summary>
    private static readonly Dictionary<string, Func<string[], Task<int>>> Commands = new(StringComparer.Ordinal)
    {
        ["results"] = ResultsCommand.Run,
        [LedgerWriter] = CrashTests.Write,
    };

    private static Task<int> Main(string[] args) =>
        args.Length > 0 && Commands.TryGetValue(args[0], out var command) ? command(args[1..]) : Test(args);

    /// <summary>
    /// What xunit's generated entry point does: a server for test platforms, a console runner for people.
    /// </summary>
    private static Task<int> Test(string[] args) =>
        args.Any(argument => argument is "--server" or "--internal-msbuild-node")
            ? TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
            : ConsoleRunner.Run(args);
}
