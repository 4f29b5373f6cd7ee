using Predictors.Membership;
using Xunit;

namespace Workshop.Tests.Predictors.Membership;

public sealed class JoinArgumentsTests
{
    [Fact]
    public void Without_join_the_command_line_is_the_configurations()
    {
        Assert.Null(JoinArguments.Read(["--Predictor:Model", "bayes"], "/clone", out var settings));
        Assert.Empty(settings);
    }

    [Fact]
    public void It_finds_its_own_address_and_a_port()
    {
        string[] words = ["--join", "http://localhost:4000", "--token", "secret", "--name", "mine"];

        Assert.Null(JoinArguments.Read(words, "/clone", out var settings));

        Assert.Equal("http://localhost:4000/", settings["services:consensus:http:0"]);
        Assert.Equal("secret", settings["Workshop:JoinToken"]);
        Assert.Equal("forest", settings["Predictor:Model"]);
        Assert.Equal(Path.Combine("/clone", ".workshop", "mine@localhost_4000"), settings["Workshop:DataDirectory"]);
        Assert.Matches(@"^http://localhost:4\d{3}$", settings["Workshop:Address"]);
        Assert.Equal(settings["Workshop:Address"], settings["URLS"]);
    }

    [Theory]
    [InlineData("http://localhost:4000")]
    [InlineData("http://localhost:5000")]
    [InlineData("http://127.0.0.1:4000")]
    public void Each_workshop_has_a_folder_of_its_own(string workshop)
    {
        JoinArguments.Read(["--join", workshop, "--token", "t", "--name", "mine"], "/clone", out var settings);
        JoinArguments.Read(
            ["--join", "http://localhost:6000", "--token", "t", "--name", "mine"],
            "/clone",
            out var other
        );

        var folder = settings["Workshop:DataDirectory"]!;
        Assert.NotEqual(folder, other["Workshop:DataDirectory"]!, StringComparer.Ordinal);
        Assert.Matches(@"^mine@[A-Za-z0-9._-]+$", Path.GetFileName(folder));
    }

    [Fact]
    public void Behind_a_tunnel_it_is_reached_at_the_tunnels_address_and_answers_to_that_name()
    {
        string[] words =
        [
            .. new[] { "--join", "http://localhost:4000", "--token", "secret", "--port", "5300" },
            "--address",
            "https://name.ngrok.app",
        ];

        Assert.Null(JoinArguments.Read(words, "/clone", out var settings));

        Assert.Equal("https://name.ngrok.app", settings["Workshop:Address"]);
        Assert.Equal("name.ngrok.app", settings["Workshop:Origins:Hosts:1"]);
        Assert.Equal("http://localhost:5300", settings["URLS"]);
    }

    [Theory]
    [InlineData("--join http://localhost:4000", "--token is missing")]
    [InlineData("--join localhost:4000 --token t", "it is an address such as")]
    [InlineData("--join http://localhost:4000 --tokn t", "--tokn is not known")]
    [InlineData("--join http://localhost:4000 --token", "--token wants one value")]
    [InlineData("--join http://localhost:4000 --token t --token u", "--token wants one value")]
    [InlineData("--join http://localhost:4000 --token t --port 70000", "it is a number from 1 to 65535")]
    [InlineData("--join http://localhost:4000 --token t --address nowhere", "--address nowhere")]
    [InlineData("--join http://no-such-host.invalid:4000 --token t", "there is no way to no-such-host.invalid")]
    public void What_is_wrong_is_said_with_what_can_be_chosen(string words, string reason)
    {
        var problem = JoinArguments.Read(words.Split(' '), "/clone", out _);

        Assert.Contains(reason, problem, StringComparison.Ordinal);
        Assert.Contains("Usage:", problem, StringComparison.Ordinal);
    }
}
