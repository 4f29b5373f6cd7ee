using System.Diagnostics;
using System.Net;
using System.Text.Json;
using LaboratoryBench.Processes;
using Xunit;

namespace Workshop.Tests.Predictors.Faults;

/// <summary>Faults as a consensus meets them: over HTTP.</summary>
public sealed class FaultyMemberTests : IDisposable
{
    private const string Setosa = "/predict?sepalLength=5.1&sepalWidth=3.5&petalLength=1.4&petalWidth=0.2";

    private const string Virginica = "/predict?sepalLength=6.5&sepalWidth=3.0&petalLength=5.8&petalWidth=2.2";

    private readonly string folder = TestFolders.Create("faulty-member");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task An_absent_member_answers_503_and_is_healthy_all_the_same()
    {
        await using var member = await Start("absent");
        using var response = await member.Client.GetAsync(new Uri(Setosa, UriKind.Relative));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    [Fact]
    public async Task A_slow_member_answers_after_the_deadline()
    {
        await using var member = await Start("slow", ("Predictor:Delay", "00:00:00.7"));
        var started = Stopwatch.GetTimestamp();

        Assert.Equal("setosa", Prediction(await member.Client.GetStringAsync(new Uri(Setosa, UriKind.Relative))));
        Assert.True(Stopwatch.GetElapsedTime(started) >= TimeSpan.FromSeconds(0.69));
    }

    [Fact]
    public async Task A_stale_member_is_one_answer_behind()
    {
        await using var member = await Start("stale");
        await member.Client.GetStringAsync(new Uri(Setosa, UriKind.Relative));

        Assert.Equal("setosa", Prediction(await member.Client.GetStringAsync(new Uri(Virginica, UriKind.Relative))));
        Assert.Equal("virginica", Prediction(await member.Client.GetStringAsync(new Uri(Setosa, UriKind.Relative))));
    }

    [Fact]
    public async Task A_copycat_repeats_another_member_and_is_honest_when_that_is_gone()
    {
        await using var colluder = await Start("colluding");
        await using var copycat = await Start("copycat", ("Predictor:CopyFrom", colluder.Address));

        Assert.Equal("versicolor", Prediction(await copycat.Client.GetStringAsync(new Uri(Setosa, UriKind.Relative))));
        await colluder.DisposeAsync();
        Assert.Equal("setosa", Prediction(await copycat.Client.GetStringAsync(new Uri(Setosa, UriKind.Relative))));
    }

    [Fact]
    public async Task A_betrayer_repeats_another_member_until_it_is_trusted_and_then_colludes()
    {
        await using var flipper = await Start("label-flip");
        await using var betrayer = await Start(
            "betrayer",
            ("Predictor:CopyFrom", flipper.Address),
            ("Predictor:HonestAnswers", "1")
        );

        // The copy of a flipped setosa first; then the class after the one that was copied.
        Assert.Equal("virginica", Prediction(await betrayer.Client.GetStringAsync(new Uri(Setosa, UriKind.Relative))));
        Assert.Equal("setosa", Prediction(await betrayer.Client.GetStringAsync(new Uri(Setosa, UriKind.Relative))));
    }

    [Fact]
    public async Task A_malformed_member_answers_200_with_what_is_no_answer()
    {
        await using var member = await Start("malformed");
        for (var turn = 0; turn < 4; turn++)
        {
            var text = await member.Client.GetStringAsync(new Uri(Setosa, UriKind.Relative));
            Assert.DoesNotContain("\"prediction\"", text, StringComparison.Ordinal);
        }
    }

    private static string Prediction(string answer)
    {
        using var document = JsonDocument.Parse(answer);
        return document.RootElement.GetProperty("parameters").GetProperty("prediction").GetString()!;
    }

    private async Task<PredictorServer> Start(string fault, params (string, string)[] settings) =>
        await new PredictorServer("bayes", folder, [("Predictor:Fault", fault), .. settings]).Ready();
}
