using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LaboratoryBench.Processes;
using Workshop.Tests.ServiceDefaults.Files;
using Xunit;

namespace Workshop.Tests.Consensus.Ledger;

/// <summary>The ledger on a disk that is full, or cannot be written.</summary>
public sealed class FullDiskTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_disk_refuses_writes_with_503_while_reads_go_on_and_room_lets_writing_go_on()
    {
        await using var disk = await SmallDisk.Mount("full-ledger");
        await using var ann = await StubMember.Start(StubMember.Well);
        await using var fixture = new ConsensusFixture().With("Workshop:DataDirectory", disk.Folder);
        await fixture.Register("ann", ann.Url);
        using var client = fixture.Insider();
        disk.Fill();
        using var full = await client.PostAsJsonAsync("/iris/batches", new { size = 32 }, Ct);
        using var again = await client.PostAsJsonAsync("/iris/batches", new { size = 32 }, Ct);
        var predicted = await fixture.Get("/predict?" + ConsensusFixture.Setosa);
        var ledger = await fixture.Get("/ledger");
        disk.Free();
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
        await using var disk = await SmallDisk.Mount("full-ledger");
        await disk.MakeReadOnly();
        var start = new ProcessStartInfo("dotnet", [typeof(global::Consensus.ConsensusOptions).Assembly.Location])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            Environment = { ["Workshop__DataDirectory"] = disk.Folder, ["ASPNETCORE_URLS"] = "http://127.0.0.1:0" },
        };
        using var service = Process.Start(start)!;
        service.BeginOutputReadLine();
        var said = await service.StandardError.ReadToEndAsync(Ct);
        await service.WaitForExitAsync(Ct);

        Assert.Equal(3, service.ExitCode);
        Assert.StartsWith($"The ledger in {disk.Folder} cannot be written", said, StringComparison.Ordinal);
        Assert.Single(said.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
