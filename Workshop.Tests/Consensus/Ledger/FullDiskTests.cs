using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Workshop.Tests.Consensus.Ledger;

/// <summary>A disk that is full: a small file system of its own, where the tests may mount one.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("workshop-full-").FullName;

    private bool isMounted;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        isMounted =
            OperatingSystem.IsLinux() && await Run("mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", folder) == 0;

    public async ValueTask DisposeAsync()
    {
        if (isMounted)
        {
            await Run("umount", folder);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_full_disk_refuses_writes_with_503_while_reads_go_on_and_room_lets_writing_go_on()
    {
        Assert.SkipUnless(isMounted, "No file system can be mounted here.");
        await using var ann = await StubMember.Start(StubMember.Well);
        await using var fixture = new ConsensusFixture().With("Workshop:DataDirectory", folder);
        await fixture.Register("ann", ann.Url);
        using var client = fixture.Insider();
        var filler = Path.Combine(folder, "filler");
        Fill(filler);
        using var full = await client.PostAsJsonAsync("/iris/batches", new { size = 32 }, Ct);
        using var again = await client.PostAsJsonAsync("/iris/batches", new { size = 32 }, Ct);
        var predicted = await fixture.Get("/predict?" + ConsensusFixture.Setosa);
        var ledger = await fixture.Get("/ledger");
        File.Delete(filler);
        using var after = await client.PostAsJsonAsync("/iris/batches", new { size = 4 }, Ct);

        Assert.Equal(
            [HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable, HttpStatusCode.Created],
            [full.StatusCode, again.StatusCode, after.StatusCode]
        );
        Assert.NotNull(full.Headers.RetryAfter);
        Assert.Equal("setosa", predicted.GetProperty("parameters").GetProperty("prediction").GetString());
        var batch = await after.Content.ReadFromJsonAsync<JsonElement>(Ct);
        Assert.True(batch.GetProperty("height").GetInt64() >= ledger.GetProperty("blocks").GetInt64());
        Assert.True((await fixture.Get("/ledger/verify")).GetProperty("valid").GetBoolean());
    }

    [Fact]
    public async Task A_ledger_that_cannot_be_written_is_refused_with_one_sentence_and_exit_code_3()
    {
        Assert.SkipUnless(isMounted, "No file system can be mounted here.");
        Assert.Equal(0, await Run("mount", "-o", "remount,ro", folder));
        var start = new ProcessStartInfo("dotnet", [typeof(global::Consensus.ConsensusOptions).Assembly.Location])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            Environment = { ["Workshop__DataDirectory"] = folder, ["ASPNETCORE_URLS"] = "http://127.0.0.1:0" },
        };
        using var service = Process.Start(start)!;
        service.BeginOutputReadLine();
        var said = await service.StandardError.ReadToEndAsync(Ct);
        await service.WaitForExitAsync(Ct);

        Assert.Equal(3, service.ExitCode);
        Assert.StartsWith($"The ledger in {folder} cannot be written", said, StringComparison.Ordinal);
        Assert.Single(said.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>Until nothing fits any more.</summary>
    private static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
            {
                file.Write(new byte[256]);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    private static async Task<int> Run(string command, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(command, arguments) { UseShellExecute = false, RedirectStandardError = true }
        )!;
        await process.WaitForExitAsync(Ct);
        return process.ExitCode;
    }
}
