using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LaboratoryBench.Processes;
using Shop.Web.Predictions.Joining;
using Workshop.Tests.Architecture;
using Workshop.Tests.Shop.Web.Predictions;
using Xunit;

namespace Workshop.Tests.Samples;

/// <summary>The outsiders in Python, Node and C#: each is started, joins by the page, and is asked.</summary>
public sealed class SampleTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Samples => [.. Sample.All.Select(sample => sample.Folder)];

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task It_joins_by_the_page_and_answers_every_row_of_a_batch(string folder)
    {
        var sample = await Find(folder);
        await using var process = await SampleProcess.Start(sample.Command, data: null, Ct);
        await using var lab = LabServers.Start();

        var page = await lab.Join("mine", process.Url, Ct, sample.Network, accuracy: "0.6");

        Assert.Contains("is a member", page, StringComparison.Ordinal);
        using var client = lab.Consensus.Insider();
        using var ran = await client.PostAsync(
            new Uri($"/{sample.Network}/batches", UriKind.Relative),
            new StringContent("{\"size\":32}", new MediaTypeHeaderValue("application/json")),
            Ct
        );
        Assert.Equal(HttpStatusCode.Created, ran.StatusCode);
        var member = (await ran.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("members")[0];
        Assert.Equal(32, member.GetProperty("answered").GetInt32());
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task It_learns_nothing_from_rows_that_members_are_judged_on(string folder)
    {
        var sample = await Find(folder);
        var lines = await File.ReadAllLinesAsync(
            Path.Combine(SourceTree.Root, "Predictors", "Data", $"{sample.Network}.csv"),
            Ct
        );
        var heldOut = lines.Skip(1).Where(IsHeldOut).ToList();
        var without = Path.Combine(Directory.CreateTempSubdirectory("sample-").FullName, "data.csv");
        await File.WriteAllLinesAsync(without, [lines[0], .. lines.Skip(1).Where(line => !IsHeldOut(line))], Ct);

        var half = Path.Combine(Path.GetDirectoryName(without)!, "half.csv");
        await File.WriteAllLinesAsync(half, lines.Where((_, number) => number % 2 == 0), Ct);

        var trained = await Answers(sample, data: null, lines[0], heldOut);
        var blind = await Answers(sample, without, lines[0], heldOut);
        var other = await Answers(sample, half, lines[0], heldOut);

        Assert.NotEmpty(heldOut);
        Assert.Equal(blind, trained);
        // It does learn from the file that it is given.
        Assert.NotEqual(other, trained);
        Directory.Delete(Path.GetDirectoryName(without)!, recursive: true);
    }

    /// <summary>What it says to some rows, as it stands in the answer.</summary>
    private static async Task<List<string>> Answers(Sample sample, string? data, string header, List<string> rows)
    {
        await using var process = await SampleProcess.Start(sample.Command, data, Ct);
        using var client = new HttpClient { BaseAddress = new(process.Url) };
        var names = header.Split(',').SkipLast(1).ToList();
        List<string> answers = [];
        foreach (var row in rows.Take(13))
        {
            var query = string.Join(
                '&',
                names.Zip(row.Split(','), (name, value) => $"{name}={Uri.EscapeDataString(value)}")
            );
            var answer = await client.GetFromJsonAsync<JsonElement>($"/{sample.Network}/predict?{query}", Ct);
            answers.Add(answer.GetProperty("outputs").EnumerateArray().Last().GetRawText());
        }

        return answers;
    }

    private static bool IsHeldOut(string line) => SHA256.HashData(Encoding.UTF8.GetBytes(line))[0] < 26;

    /// <summary>A sample; skips the test where its language is not there.</summary>
    internal static async Task<Sample> Find(string folder)
    {
        var sample = Sample.All.Single(known => string.Equals(known.Folder, folder, StringComparison.Ordinal));
        if (sample.Command.StartsWith("/usr/bin/python3", StringComparison.Ordinal))
        {
            Assert.SkipUnless(
                await HasFlask(),
                "Debian's python3-flask is not installed (apt-get install python3-flask)."
            );
        }

        return sample;
    }

    private static async Task<bool> HasFlask()
    {
        if (!File.Exists("/usr/bin/python3"))
        {
            return false;
        }

        using var run = Process.Start(
            new ProcessStartInfo("/usr/bin/python3", ["-c", "import flask"])
            {
                UseShellExecute = false,
                RedirectStandardError = true,
            }
        )!;
        await run.WaitForExitAsync(Ct);
        return run.ExitCode == 0;
    }
}
