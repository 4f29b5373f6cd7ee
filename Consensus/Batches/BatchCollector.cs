using System.Collections.Immutable;
using System.Security.Cryptography;
using Consensus.Ledger;
using Consensus.Limits;
using Microsoft.Extensions.Options;
using Workshop.Ledger.Mechanism;
using Workshop.Ledger.Networks;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Loops;

namespace Consensus.Batches;

/// <summary>
/// Collects single queries into batches, so that they are scored too. Gold rows go out between them, one at a time
/// and at random: a member sees a stream of single rows and cannot tell which are scored.
/// </summary>
internal sealed class BatchCollector(
    FanOut fanOut,
    LedgerWriter ledger,
    BatchTurns turns,
    IOptions<ConsensusOptions> options,
    Background background,
    TimeProvider time,
    ILogger<BatchCollector> logger
) : IHostedService
{
    /// <summary>Batches of a network that may wait to be written while another one is gathered: half a second's.</summary>
    private readonly int mostBehind = Math.Max(1, options.Value.GatheredBatchesPerSecond / 2);

    private readonly Lock gate = new();

    private readonly Dictionary<string, Gathering> open = new(StringComparer.Ordinal);

    /// <summary>Batches that are closed and not written yet, with their networks.</summary>
    private readonly Dictionary<Task, string> settling = [];

    /// <summary>How often a batch may begin; what is asked beyond is answered, and in no batch.</summary>
    private readonly ImmutableDictionary<string, Rate> rates = Schema.All.ToImmutableDictionary(
        schema => schema.Network.Name,
        _ => new Rate(options.Value.GatheredBatchesPerSecond, TimeSpan.FromSeconds(1), time),
        StringComparer.Ordinal
    );

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What was asked is settled before the service stops.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            foreach (var gathering in open.Values.ToArray())
            {
                Close(gathering);
            }

            return Task.WhenAll(settling.Keys).WaitAsync(cancellationToken);
        }
    }

    /// <summary>Asks a row within the batch that is being gathered; beyond the rate of batches, without one.</summary>
    internal Question Ask(Schema schema, string line)
    {
        lock (gate)
        {
            if (OpenFor(schema) is not { } gathering)
            {
                return AskAlone(schema, line);
            }

            var question = fanOut.Ask(schema, gathering.Members, line, null);
            gathering.Questions.Add(question);
            if (RandomNumberGenerator.GetInt32(int.MaxValue) < ledger.Now.State.Parameters.GoldShare * int.MaxValue)
            {
                gathering.GoldWanted++;
                AskGold(gathering);
            }

            if (gathering.Questions.Count >= options.Value.GatherRows)
            {
                Close(gathering);
            }

            return question;
        }
    }

    /// <summary>Asks a row that is in no batch: nobody is scored for it, and nothing is written.</summary>
    internal Question AskAlone(Schema schema, string line) =>
        fanOut.Ask(schema, FanOut.MembersOf(ledger.Now.State, schema.Network.Name), line, null);

    /// <summary>Settles what is being gathered without waiting for more.</summary>
    internal void CloseNow(Schema schema)
    {
        lock (gate)
        {
            if (open.TryGetValue(schema.Network.Name, out var gathering))
            {
                Close(gathering);
            }
        }
    }

    private Gathering? OpenFor(Schema schema)
    {
        if (!open.TryGetValue(schema.Network.Name, out var gathering))
        {
            // A batch waits for its slowest member. More of them than are written would only stand before those of people.
            var isBehind =
                settling.Values.Count(name => string.Equals(name, schema.Network.Name, StringComparison.Ordinal))
                >= mostBehind;
            if (isBehind || rates[schema.Network.Name].Take() is not null)
            {
                return null;
            }

            var members = FanOut.MembersOf(ledger.Now.State, schema.Network.Name);
            gathering = new(schema, members, [], turns.Take(schema, CancellationToken.None));
            open[schema.Network.Name] = gathering;
            background.Once("the end of a batch", () => CloseLater(gathering));
            background.Once("gold of a batch", () => AskGoldOnTurn(gathering));
        }

        return gathering;
    }

    private async Task CloseLater(Gathering gathering)
    {
        await Task.Delay(options.Value.GatherTime, time);
        lock (gate)
        {
            Close(gathering);
        }
    }

    /// <summary>Gold rows that were wanted before the batch knew its number, and so which rows they are.</summary>
    private async Task AskGoldOnTurn(Gathering gathering)
    {
        // A turn that does not come is the batch's to tell.
        await ((Task)gathering.Turn).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (gate)
        {
            AskGold(gathering);
        }
    }

    /// <summary>Asks the gold rows that are wanted and not asked yet, in the order in which the seed draws them.</summary>
    private void AskGold(Gathering gathering)
    {
        if (!gathering.Turn.IsCompletedSuccessfully || gathering.IsComplete)
        {
            return;
        }

        var gold = gathering.Turn.Result.Gold;
        for (; gathering.GoldAsked < Math.Min(gathering.GoldWanted, gold.Length); gathering.GoldAsked++)
        {
            var row = gold[gathering.GoldAsked];
            gathering.Questions.Add(fanOut.Ask(gathering.Schema, gathering.Members, row.Line, row.Truth));
        }
    }

    private void Close(Gathering gathering)
    {
        var name = gathering.Schema.Network.Name;
        if (!ReferenceEquals(open.GetValueOrDefault(name), gathering))
        {
            return;
        }

        open.Remove(name);
        var task = Settle(gathering);
        settling.Add(task, name);
        background.Once("a batch", () => Forget(task));
    }

    private async Task Forget(Task task)
    {
        try
        {
            await task;
        }
        finally
        {
            lock (gate)
            {
                settling.Remove(task);
            }
        }
    }

    private async Task Settle(Gathering gathering)
    {
        var network = gathering.Schema.Network;
        try
        {
            using var turn = await gathering.Turn;
            if (gathering.Members.IsEmpty)
            {
                return;
            }

            lock (gate)
            {
                // At least one, so that no batch teaches nothing.
                gathering.GoldWanted = Math.Max(1, gathering.GoldWanted);
                AskGold(gathering);
                gathering.IsComplete = true;
            }

            var members = gathering.Members.Select(member => member.Name);
            var entry = await BatchAssembly.Gather(network, members, gathering.Questions);
            if (gathering.Questions.Exists(question => question.WasOurLateness))
            {
                LogMessages.BatchNotScored(logger, network.Name);
                return;
            }

            if (await ledger.Append(_ => turn.Seal(entry), CancellationToken.None) is Refused refused)
            {
                LogMessages.BatchLost(logger, network.Name, refused.Reason);
            }
        }
        catch (Exception failure) when (failure is ServiceUnavailableException or InvalidOperationException)
        {
            LogMessages.BatchLost(logger, network.Name, failure.Message);
        }
    }

    /// <summary>A batch that still grows.</summary>
    private sealed record Gathering(
        Schema Schema,
        ImmutableArray<Member> Members,
        List<Question> Questions,
        Task<BatchTurn> Turn
    )
    {
        /// <summary>Gold rows that are to be hidden among the questions.</summary>
        internal int GoldWanted { get; set; }

        /// <summary>Gold rows that were asked.</summary>
        internal int GoldAsked { get; set; }

        /// <summary>Whether no question is added any more.</summary>
        internal bool IsComplete { get; set; }
    }
}
