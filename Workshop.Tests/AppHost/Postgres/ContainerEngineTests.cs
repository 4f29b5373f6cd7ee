using System.Runtime.Versioning;
using LaboratoryBench.Processes;
using Workshop.AppHost.Postgres.Containers;
using Xunit;

namespace Workshop.Tests.AppHost.Postgres;

/// <summary>What an engine says is proof of a death only where it speaks of the container.</summary>
[SupportedOSPlatform("linux")]
public sealed class ContainerEngineTests : IDisposable
{
    private readonly string scratch = TestFolders.Create("engine");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(scratch, recursive: true);

    [Theory]
    [InlineData(0, "exited", true)]
    [InlineData(0, "stopped", true)]
    [InlineData(0, "paused", false)]
    [InlineData(0, "created", false)]
    [InlineData(125, "Error: no such container: abc", true)]
    [InlineData(1, "Error: No such object: abc", true)]
    public async Task The_engine_knows_whether_a_container_lives(int exitCode, string said, bool isDead) =>
        Assert.Equal(isDead, await Engine(exitCode, said).IsDead("abc", Ct));

    [Theory]
    [InlineData("failed to connect to the docker API at unix:///run/docker.sock: connect: no such file or directory")]
    [InlineData("cannot connect to the Docker daemon")]
    public async Task An_engine_that_is_away_proves_nothing(string said) =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => Engine(1, said).IsDead("abc", Ct));

    [Fact]
    public async Task A_container_that_the_engine_does_not_freeze_is_not_shown_as_frozen() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => Engine(0, "running").Pause("abc", Ct));

    /// <summary>One that says the same of everything.</summary>
    private ContainerEngine Engine(int exitCode, string said)
    {
        var path = Path.Combine(scratch, "engine.sh");
        using (
            var script = new StreamWriter(
                path,
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserExecute,
                }
            )
        )
        {
            script.Write($"#!/bin/sh\necho '{said}'\nexit {exitCode}\n");
        }

        return new(path);
    }
}
