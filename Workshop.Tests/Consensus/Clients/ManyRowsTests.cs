using Consensus;
using Consensus.Batches;
using Consensus.Clients;
using LaboratoryBench.Processes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Workshop.Ledger.Mechanism;
using Workshop.Ledger.Networks;
using Xunit;

namespace Workshop.Tests.Consensus.Clients;

/// <summary>A member that answers each row in time, and is asked more rows than fit into the time of a batch.</summary>
public sealed class ManyRowsTests
{
    private const string Row = "5.1,3.5,1.4,0.2";

    private const int Rows = 100;

    [Fact]
    public async Task Rows_that_there_was_no_time_to_ask_are_not_late()
    {
        const int answered = 20;
        using var connections = new PredictorConnections(new ConfigurationBuilder().Build(), []);
        var time = new FakeTimeProvider();
        var transport = new PredictorTransport(connections, Options.Create(new ConsensusOptions()), time);
        StubMember? stub = null;
        await using var member = stub = await StubMember.Start(context =>
        {
            if (Volatile.Read(ref stub!.Asked) == answered)
            {
                time.Advance(TimeSpan.FromSeconds(5));
            }

            return StubMember.Well(context);
        });
        var client = new PredictClient(member.Url, Schema.Find("iris")!, transport, 1);

        var replies = await client.AskAll([.. Enumerable.Repeat(Row, Rows)], TestContext.Current.CancellationToken);

        Assert.All(replies.Take(answered), reply => Assert.Null(reply.Miss));
        Assert.All(replies.Skip(answered), reply => Assert.True(reply.WasNotAsked));
        Assert.Equal(answered, member.Asked);
        var misses = new MissTracker(Options.Create(new ConsensusOptions()), time);
        misses.Note("ann", [.. replies.Skip(answered)]);
        Assert.Null(misses.LastMissOf("ann"));
    }

    [Fact]
    public async Task A_member_is_left_out_of_a_batch_that_it_would_have_missed_for_want_of_questions()
    {
        var half = await Gather(Answers(Rows / 2), Repeat(Reply.Unasked, Rows / 2));
        var less = await Gather(Answers(Rows / 4), Repeat(Reply.Unasked, Rows * 3 / 4));
        var none = await Gather(Repeat(Reply.Unasked, Rows));

        Assert.Equal("ann bob", half);
        Assert.Equal("bob", less);
        Assert.Equal("bob", none);
    }

    [Fact]
    public async Task A_member_that_missed_most_of_what_it_was_asked_is_in_the_batch()
    {
        var late = await Gather(Answers(4), Repeat(Reply.Missed(Reply.Late), 5), Repeat(Reply.Unasked, Rows - 9));
        var givenUp = await Gather(Answers(Rows / 4), Repeat(Reply.Missed(Reply.Late), Rows * 3 / 4));

        Assert.Equal("ann bob", late);
        Assert.Equal("ann bob", givenUp);
    }

    private static IEnumerable<Reply> Answers(int rows) => Repeat(new([900_000, 100_000, 0], null), rows);

    private static IEnumerable<Reply> Repeat(Reply reply, int rows) => Enumerable.Repeat(reply, rows);

    /// <summary>Who is in a batch in which Ann replied so, and Bob answered every row.</summary>
    private static async Task<string> Gather(params IEnumerable<Reply>[] replies)
    {
        var questions = replies
            .SelectMany(some => some)
            .Zip(Answers(Rows))
            .Select(row => new Question(
                Row,
                null,
                new Dictionary<string, Task<Reply>>(StringComparer.Ordinal)
                {
                    ["ann"] = Task.FromResult(row.First),
                    ["bob"] = Task.FromResult(row.Second),
                },
                new Dictionary<string, Task<Reply>>(StringComparer.Ordinal)
            ))
            .ToArray();
        Assert.Equal(Rows, questions.Length);
        var batch = await BatchAssembly.Gather(Network.All["iris"], ["bob", "ann"], questions);
        return string.Join(' ', batch.Answers.Select(entry => entry.Member));
    }
}
