using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Workshop.Ledger.Mechanism;

namespace Consensus.Bench;

/// <summary>How long the mechanism takes to settle a batch of 32 rows, once its memory of rows is full.</summary>
internal static class SettleBench
{
    private const int Rows = 32;

    private const int BatchesBefore = 160;

    internal static int Run()
    {
        var table = new StringBuilder();
        table.AppendLine("| members | network | one batch of 32 rows | wanted |");
        table.AppendLine("| ---: | --- | ---: | ---: |");
        foreach (var (members, samples, wanted) in new[] { (6, 2000, "0.3 ms"), (256, 20, "bounded") })
        {
            foreach (var network in Network.All.Values)
            {
                var milliseconds = Median(network, members, samples);
                table.AppendLine(
                    CultureInfo.InvariantCulture,
                    $"| {members} | {network.Name} | {milliseconds:0.000} ms | {wanted} |"
                );
            }
        }

        Console.Write(table);
        return 0;
    }

    private static double Median(Network network, int members, int samples)
    {
        var state = Found(network, members);
        var before = members > 100 ? BatchesBefore / 10 : BatchesBefore;
        for (var batch = 0; batch < before; batch++)
        {
            state = ((Applied)Transition.Apply(state, Ask(network, members, batch))).State;
        }

        var next = Ask(network, members, before);
        var times = new double[samples];
        for (var sample = 0; sample < samples; sample++)
        {
            var watch = Stopwatch.StartNew();
            Transition.Apply(state, next);
            times[sample] = watch.Elapsed.TotalMilliseconds;
        }

        Array.Sort(times);
        return times[samples / 2];
    }

    private static State Found(Network network, int members)
    {
        var state = State.Empty;
        foreach (var entry in Founding(network, members))
        {
            state = ((Applied)Transition.Apply(state, entry)).State;
        }

        return state;
    }

    /// <summary>What a network with so many founders begins with.</summary>
    internal static Entry[] Founding(Network network, int members) =>
        [
            new RulesEntry(Parameters.Default),
            new TreasuryEntry(1000_00),
            .. Enumerable
                .Range(0, members)
                .Select(member => new RegistrationEntry(
                    Name(member),
                    "http://localhost",
                    "v2",
                    1000_00,
                    [new(network.Name, 900_000)],
                    Founder: true
                )),
        ];

    internal static BatchEntry Ask(Network network, int members, long batch) =>
        new(
            network.Name,
            batch,
            [.. Enumerable.Range(0, Rows).Select(row => string.Create(CultureInfo.InvariantCulture, $"{batch}.{row}"))],
            [.. Enumerable.Range(0, 3).Select(row => new GoldRow(row, Truth(network, row)))],
            [
                .. Enumerable
                    .Range(0, members)
                    .Select(member => new MemberAnswers(
                        Name(member),
                        [.. Enumerable.Range(0, Rows).Select(row => Answer(network, member, row, batch))],
                        []
                    )),
            ],
            null
        );

    private static string Name(int member) => string.Create(CultureInfo.InvariantCulture, $"m{member:000}");

    private static long Truth(Network network, int row) =>
        network.IsRegression ? 100_000_00 + (row * 1_000_00) : row % network.ClassCount;

    /// <summary>Mostly right, each member with errors of its own.</summary>
    private static ImmutableArray<long> Answer(Network network, int member, int row, long batch)
    {
        var error = ((member * 31) + (row * 17) + (batch * 13)) % 23;
        if (network.IsRegression)
        {
            return [Truth(network, row) + (error * 500_00)];
        }

        var parts = new double[network.ClassCount];
        Array.Fill(parts, 0.1 + (error / 100.0));
        parts[(row + (error == 0 ? 1 : 0)) % parts.Length] += 1;
        return Probabilities.Normalise(parts);
    }
}
