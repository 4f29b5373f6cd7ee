using System.Diagnostics;
using Workshop.Tests.Architecture;
using Xunit;

namespace Workshop.Tests.Shop.Api.Description;

/// <summary>What an outside tool says of the description.</summary>
[Collection(nameof(ShopTests))]
public sealed class LintTests(ShopFixture shop)
{
    [Fact]
    public async Task Spectral_with_its_owasp_rules_finds_no_error()
    {
        var ct = TestContext.Current.CancellationToken;
        var description = (await (await shop.Client()).Get("/openapi/v1.json")).Text;
        var file = Path.Combine(Directory.CreateTempSubdirectory("openapi-").FullName, "openapi.json");
        await File.WriteAllTextAsync(file, description, ct);
        var script = Path.Combine(SourceTree.Root, "Workshop.Tests", "openapi", "check.sh");

        using var check = Process.Start(
            new ProcessStartInfo("bash", [script, file]) { RedirectStandardOutput = true, UseShellExecute = false }
        )!;
        var output = await check.StandardOutput.ReadToEndAsync(ct);
        await check.WaitForExitAsync(ct);

        Assert.True(check.ExitCode == 0, output);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }
}
