using System.Globalization;
using System.Net;
using LaboratoryBench.Processes;
using Workshop.ServiceDefaults.Tokens;
using Workshop.Tests.Consensus;

namespace Workshop.Tests.Shop.Web.Predictions;

/// <summary>A real consensus and a real storefront before it, within this process; members are the test's own.</summary>
internal sealed class LabServers : IAsyncDisposable
{
    private readonly ConsensusFixture consensus;

    private LabServers(ConsensusFixture consensus, int port, StorefrontServer storefront)
    {
        this.consensus = consensus;
        ConsensusPort = port;
        Storefront = storefront;
        Browser = storefront.Browser();
    }

    internal ConsensusFixture Consensus => consensus;

    internal int ConsensusPort { get; }

    internal StorefrontServer Storefront { get; }

    /// <summary>A reader with cookies of its own.</summary>
    internal HttpClient Browser { get; }

    /// <summary>Both, wired as the host wires them: the storefront holds the operator token.</summary>
    internal static LabServers Start()
    {
        var port = FreePorts.Next();
        var service = new ConsensusFixture();
        service.UseKestrel(options => options.ListenLocalhost(port));
        service.StartServer();
        var address = string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}");
        return new(
            service,
            port,
            new(("services:consensus:http:0", address), (AccessTokens.OperatorKey, ConsensusFixture.Token))
        );
    }

    /// <summary>A page, with its entities decoded.</summary>
    internal async Task<string> Page(string path, CancellationToken ct) => WebUtility.HtmlDecode(await Raw(path, ct));

    /// <summary>A page as it was sent.</summary>
    internal Task<string> Raw(string path, CancellationToken ct) =>
        Browser.GetStringAsync(new Uri(path, UriKind.Relative), ct);

    /// <summary>Fills in the join page and sends it.</summary>
    /// <returns>The page that comes back, decoded.</returns>
    internal async Task<string> Join(
        string name,
        string url,
        CancellationToken ct,
        string network = "iris",
        string accuracy = "0.9",
        string token = ConsensusFixture.JoinToken
    )
    {
        var form = StorefrontServer.Form(await Raw("/predictions/join", ct), "join");
        (form["Form.Name"], form["Form.Url"], form["Form.Network"]) = (name, url, network);
        (form["Form.Accuracy"], form["Form.Deposit"]) = (accuracy, "1000");
        (form["Form.Protocol"], form["Form.Token"]) = ("predict", token);
        return (await StorefrontServer.Post(Browser, "/predictions/join", form, ct)).Page;
    }

    public async ValueTask DisposeAsync()
    {
        Browser.Dispose();
        await Storefront.DisposeAsync();
        await consensus.DisposeAsync();
    }
}
