using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Consensus;
using LaboratoryBench.Processes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Workshop.ServiceDefaults.Tokens;

namespace Workshop.Tests.Consensus;

/// <summary>The whole service over a folder of its own; members are real, on loopback.</summary>
internal sealed class ConsensusFixture : WebApplicationFactory<ConsensusOptions>
{
    /// <summary>The operator token.</summary>
    internal const string Token = "a token for tests";

    internal const string JoinToken = "a join token for tests";

    internal const string Setosa = StubMember.Setosa;

    private static readonly string[] IrisOnly = ["iris"];

    private readonly Dictionary<string, string> settings = new(StringComparer.Ordinal);

    private TimeProvider? clock;

    internal string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("workshop-consensus-").FullName;

    /// <summary>Changes an option; before the first request.</summary>
    internal ConsensusFixture With(string name, string value)
    {
        settings[name] = value;
        return this;
    }

    /// <summary>Runs by another clock; before the first request.</summary>
    internal ConsensusFixture By(TimeProvider time)
    {
        clock = time;
        return this;
    }

    /// <summary>A client with the operator token.</summary>
    internal HttpClient Insider() => Holder(Token);

    /// <summary>A client that shows the join token alone.</summary>
    internal HttpClient Joiner() => Holder(JoinToken);

    /// <summary>A client that shows a token.</summary>
    internal HttpClient Holder(string token)
    {
        var client = CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>Registers a member for the irises.</summary>
    internal async Task Register(string name, string url, string protocol = "predict")
    {
        using var client = Insider();
        using var response = await client.PostAsJsonAsync(
            "/predictors",
            new
            {
                name,
                url,
                networks = IrisOnly,
                protocol,
                declaredAccuracy = 0.9,
            }
        );
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Gets a document.</summary>
    internal async Task<JsonElement> Get(string path)
    {
        using var client = CreateClient();
        return await client.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative));
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("Workshop:DataDirectory", Directory);
        builder.UseSetting(AccessTokens.OperatorKey, Token);
        builder.UseSetting(AccessTokens.JoinKey, JoinToken);
        // Half a second is little beside other tests on two cores.
        builder.UseSetting("Consensus:MemberDeadline", "00:00:02");
        foreach (var (name, value) in settings)
        {
            builder.UseSetting(name, value);
        }

        if (clock is not null)
        {
            builder.ConfigureTestServices(services => services.AddSingleton(clock));
        }
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && System.IO.Directory.Exists(Directory))
        {
            System.IO.Directory.Delete(Directory, recursive: true);
        }
    }
}
