using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Workshop.Tests.Architecture;
using Xunit;

namespace Workshop.Tests.Shop.Api.Description;

/// <summary>What an outside tool says of the running shop: specmatic calls it, and compares with the description.</summary>
[Collection(nameof(ShopTests))]
public sealed partial class ContractTests(ShopFixture shop)
{
    private const int PatternMilliseconds = 1000;

    /// <summary>Longest run of specmatic; a busy machine has taken more than a minute.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Specmatic_finds_every_answer_of_the_running_shop_as_described()
    {
        var ct = TestContext.Current.CancellationToken;
        var client = await shop.Client();
        var folder = Directory.CreateTempSubdirectory("contract-").FullName;
        var description = Path.Combine(folder, "openapi.json");
        await File.WriteAllTextAsync(description, (await client.Get("/openapi/v1.json")).Text, ct);
        var examples = new ContractExamples(Directory.CreateDirectory(Path.Combine(folder, "examples")).FullName);
        await examples.Write(client);

        var output = await Run(description, client.Http.BaseAddress!.ToString().TrimEnd('/'), ct);

        var verdict = Verdict().Match(output);
        Assert.True(verdict.Success, output);
        int Count(string name) => int.Parse(verdict.Groups[name].Value, CultureInfo.InvariantCulture);
        Assert.True(Count("run") == Count("good"), output);
        // Those and the operations without parameters, for which it makes up requests by itself.
        Assert.True(Count("run") > examples.Count, output);
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<string> Run(string description, string address, CancellationToken ct)
    {
        var script = Path.Combine(SourceTree.Root, "Workshop.Tests", "openapi", "contract.sh");
        using var check = Process.Start(
            new ProcessStartInfo("bash", [script, description, address])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Limit);
        try
        {
            var output = await check.StandardOutput.ReadToEndAsync(limit.Token);
            await check.WaitForExitAsync(limit.Token);
            return output;
        }
        finally
        {
            if (!check.HasExited)
            {
                check.Kill(entireProcessTree: true);
            }
        }
    }

    [GeneratedRegex(
        "Tests run: (?<run>[0-9]+), Successes: (?<good>[0-9]+), Failures: 0, WIP: 0, Errors: 0",
        RegexOptions.ExplicitCapture,
        PatternMilliseconds
    )]
    private static partial Regex Verdict();
}
