using LaboratoryBench.Accuracy;
using LaboratoryBench.Attacks;
using LaboratoryBench.Chaos;
using LaboratoryBench.Failover;
using LaboratoryBench.Failover.Outside;
using LaboratoryBench.Lesson;
using LaboratoryBench.Peers;
using LaboratoryBench.Pictures;
using LaboratoryBench.Replicas;
using LaboratoryBench.Shoppers;
using LaboratoryBench.Siege;

namespace LaboratoryBench;

/// <summary>What the laboratory does, by name. A new command is one line here.</summary>
internal static class Commands
{
    private const int WrongUsage = 2;

    /// <summary>Each command with what it runs: what follows its name goes in, the exit code comes out.</summary>
    private static readonly SortedDictionary<string, Func<string[], Task<int>>> All = new(StringComparer.Ordinal)
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
        ["siege"] = SiegeCommand.Run,
        ["replicas"] = ReplicasCommand.Run,
    };

    /// <summary>A command; null where there is none of that name.</summary>
    internal static Func<string[], Task<int>>? Find(string name) => All.GetValueOrDefault(name);

    /// <summary>Says which there are.</summary>
    /// <returns>The exit code of who asked wrongly.</returns>
    internal static async Task<int> Explain(TextWriter to)
    {
        await to.WriteLineAsync($"one of: {string.Join(", ", All.Keys)}");
        return WrongUsage;
    }
}
