using Workshop.Tests.AppHost;
using Workshop.Tests.Chaos;
using Workshop.Tests.Consensus.Accuracy;
using Workshop.Tests.Consensus.Attacks;
using Workshop.Tests.Consensus.Ledger;
using Workshop.Tests.Consensus.Replicas;
using Workshop.Tests.Failover;
using Workshop.Tests.Failover.Outside;
using Workshop.Tests.Peers;
using Workshop.Tests.Reports;
using Workshop.Tests.Shop.Web.Shoppers;
using Workshop.Tests.Shop.Web.Tour;
using Workshop.Tests.Siege;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Workshop.Tests;

/// <summary>
/// Starts the tests; or, when the first argument names one, a command that needs the same fixtures and takes
/// longer than a test may. A new command is one line in <see cref="Commands"/>.
/// </summary>
internal static class EntryPoint
{
    /// <summary>The process that the crash tests kill.</summary>
    internal const string LedgerWriter = "ledger-writer";

    /// <summary>Each command with what it runs: what follows its name goes in, the exit code comes out.</summary>
    private static readonly Dictionary<string, Func<string[], Task<int>>> Commands = new(StringComparer.Ordinal)
    {
        ["chaos"] = ChaosCommand.Run,
        ["failover"] = FailoverCommand.Run,
        ["patroni"] = OutsideCommand.Run,
        [AttackMatrix.Command] = AttackMatrix.Run,
        [AccuracyStudy.Command] = AccuracyStudy.Run,
        [PeersCommand.Command] = PeersCommand.Run,
        ["shoppers"] = ShoppersCommand.Run,
        ["pictures"] = PicturesCommand.Run,
        ["lesson"] = LessonCommand.Run,
        ["results"] = ResultsCommand.Run,
        ["siege"] = SiegeCommand.Run,
        ["replicas"] = ReplicasCommand.Run,
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
