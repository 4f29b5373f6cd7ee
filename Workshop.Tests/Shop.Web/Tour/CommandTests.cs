using LaboratoryBench.Processes;
using Microsoft.Extensions.Configuration;
using Shop.Web.Tour;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.Shop.Web.Tour;

/// <summary>Every command that a question's page shows is run, with the ports of a workshop of the tests.</summary>
[Collection(WorkshopFixture.Name)]
public sealed class CommandTests(WorkshopFixture fixture)
{
    /// <summary>Starts another workshop: the host's own tests start it in each mode.</summary>
    private const string Host = "dotnet run --project Workshop.AppHost -- ";

    /// <summary>A service that has more to do than it can says 503; its question is asked again so often.</summary>
    private const int MostAsks = 5;

    private static readonly TimeSpan BetweenAsks = TimeSpan.FromSeconds(2);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Commands =>
        [.. Question.All.SelectMany(question => question.Commands).Distinct(StringComparer.Ordinal).Where(IsShort)];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task It_does_what_it_is_shown_for(string template)
    {
        var addresses = new WorkshopAddresses(
            new ConfigurationBuilder()
                .AddInMemoryCollection([
                    KeyValuePair.Create("services:consensus:http:0", (string?)fixture.Workshop.Consensus.ToString()),
                ])
                .Build()
        );
        try
        {
            var command = addresses.Fill(template);
            var (exit, output) = await Shell.Run(command, Ct);
            for (
                var asked = 1;
                exit != 0 && output.Contains("503", StringComparison.Ordinal) && asked < MostAsks;
                asked++
            )
            {
                await Task.Delay(BetweenAsks, Ct);
                (exit, output) = await Shell.Run(command, Ct);
            }

            Assert.DoesNotContain("{", command.Split('\'')[0], StringComparison.Ordinal);
            Assert.True(exit == 0, $"{command}\n{output}");
            Assert.NotEmpty(output);
        }
        finally
        {
            await fixture.Workshop.RepairAll(Ct);
        }
    }

    [Fact]
    public void The_others_start_a_workshop_of_a_known_mode_beside_this_one()
    {
        var modes = Question
            .All.SelectMany(question => question.Commands)
            .Where(command => !IsShort(command))
            .Select(command => command[Host.Length..])
            .ToList();

        Assert.Equal(3, modes.Count);
        Assert.All(
            modes,
            arguments =>
                Assert.Matches(
                    "^--storage (basic|synchronous|asynchronous) --ephemeral --port-offset [0-9]+$",
                    arguments
                )
        );
    }

    private static bool IsShort(string command) => !command.StartsWith(Host, StringComparison.Ordinal);
}
