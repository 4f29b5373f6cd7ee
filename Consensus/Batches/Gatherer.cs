using System.Collections.Immutable;
using System.Security.Cryptography;
using Consensus.Ledger;
using Consensus.Mechanism;
using Consensus.Networks;
using Microsoft.Extensions.Options;

namespace Consensus.Batches;

/// <summary>
/// Gathers single queries into batches, so that they are scored too. Gold rows go out between them, one at a time
/// and at random: a member sees a stream of single rows and cannot tell which are scored.
/// </summary>
internal sealed class Gatherer(
    Asker asker,
    LedgerWriter ledger,
    IOptions<ConsensusOptions> options,
    TimeProvider time,
    ILogger<Gatherer> logger
) : IHostedService
{
    private readonly Lock gate = new();

    private readonly Dictionary<string, Gathering> open = new(StringComparer.Ordinal);

    private readonly HashSet<Task> settling = [];

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

            return Task.WhenAll(settling).WaitAsync(cancellationToken);
        }
    }

    /// <summary>Asks a row within the batch that is being gathered.</summary>
    internal Question Ask(Schema schema, string line)
    {
        lock (gate)
        {
            var gathering = OpenFor(schema);
            var question = asker.Ask(schema, gathering.Members, line, null);
            gathering.Questions.Add(question);
            if (RandomNumberGenerator.GetInt32(int.MaxValue) < ledger.Now.State.Parameters.GoldShare * int.MaxValue)
            {
                AskGold(gathering);
            }

            if (gathering.Questions.Count >= options.Value.GatherRows)
            {
                Close(gathering);
            }

            return question;
        }
    }

    private Gathering OpenFor(Schema schema)
    {
        if (!open.TryGetValue(schema.Network.Name, out var gathering))
        {
            var members = Asker.MembersOf(ledger.Now.State, schema.Network.Name);
            gathering = new(schema, members, []);
            open[schema.Network.Name] = gathering;
            _ = CloseLater(gathering);
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

    private void AskGold(Gathering gathering)
    {
        var row = Asker.DrawHeldOut(gathering.Schema);
        gathering.Questions.Add(asker.Ask(gathering.Schema, gathering.Members, row.Line, row.Truth));
    }

    private void Close(Gathering gathering)
    {
        var name = gathering.Schema.Network.Name;
        if (!ReferenceEquals(open.GetValueOrDefault(name), gathering))
        {
            return;
        }

        open.Remove(name);
        if (gathering.Members.IsEmpty)
        {
            return;
        }

        if (gathering.Questions.TrueForAll(question => question.Truth is null))
        {
            AskGold(gathering);
        }

        var task = Settle(gathering);
        settling.Add(task);
        _ = task.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private void Forget(Task task)
    {
        lock (gate)
        {
            settling.Remove(task);
        }
    }

    private async Task Settle(Gathering gathering)
    {
        var network = gathering.Schema.Network;
        var members = gathering.Members.Select(member => member.Name);
        try
        {
            var entry = await BatchAssembly.Gather(network, members, gathering.Questions);
            await ledger.Append(
                state => entry with { Number = state.Networks[network.Name].Batches },
                CancellationToken.None
            );
        }
        catch (Exception failure) when (failure is IOException or InvalidOperationException)
        {
            // The writer has said why, and stops the service.
            LogMessages.BatchLost(logger, network.Name, failure.Message);
        }
    }

    /// <summary>A batch that still grows.</summary>
    private sealed record Gathering(Schema Schema, ImmutableArray<Member> Members, List<Question> Questions);
}
