using LaboratoryBench.Processes;
using Microsoft.Extensions.Configuration;
using Workshop.AppHost.Hosting;
using Xunit;

namespace Workshop.Tests.AppHost.Hosting;

/// <summary>The host's secrets on disk: kept, and whatever else stands there is a sentence and no stack trace.</summary>
public sealed class SecretsTests : IDisposable
{
    private readonly string folder = TestFolders.Create("secrets");

    private string Secret => Path.Combine(folder, "secrets.json");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Secrets_are_the_same_in_the_next_run()
    {
        using var first = Add();
        using var second = Add();

        Assert.NotEmpty(first["Parameters:operator-token"]!);
        Assert.Equal(first["Parameters:operator-token"], second["Parameters:operator-token"]);
        Assert.Equal(first["Parameters:postgres-password"], second["Parameters:postgres-password"]);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"operator-token\":")]
    [InlineData("{\"operator-token\":null}")]
    [InlineData("{\"operator-token\":\"\"}")]
    [InlineData("{\"operator-token\":5}")]
    public void A_file_that_holds_no_secrets_is_said_so_and_left_alone(string content)
    {
        File.WriteAllText(Secret, content);

        var refusal = Assert.Throws<HostException>(Add);

        Assert.Contains("--reset", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1, refusal.ExitCode);
        Assert.Equal(content, File.ReadAllText(Secret));
    }

    [Theory]
    [InlineData("secrets.json")]
    [InlineData("secrets.json.new")]
    public void A_folder_in_the_way_is_said_so(string name)
    {
        Directory.CreateDirectory(Path.Combine(folder, name));

        Assert.Contains(Secret, Assert.Throws<HostException>(Add).Message, StringComparison.Ordinal);
    }

    private ConfigurationManager Add()
    {
        var configuration = new ConfigurationManager();
        Secrets.AddTo(configuration, folder);
        return configuration;
    }
}
