using System.Globalization;
using Workshop.ServiceDefaults.Connections;

namespace Shop.Web.Tour;

/// <summary>Where this workshop's services listen, so that a command on a page fits the workshop that shows it.</summary>
/// <param name="configuration">Holds the consensus's address.</param>
public sealed class WorkshopAddresses(IConfiguration configuration)
{
    /// <summary>Port of the consensus without <c>--port-offset</c>.</summary>
    private const int ConsensusPort = 4000;

    private const int DashboardPort = 18888;

    private readonly bool isWired = configuration["services:consensus:http:0"] is { Length: > 0 };

    /// <summary>Added to every port of the workshop; 0 where the consensus's address is not wired.</summary>
    public int PortOffset { get; } =
        Uri.TryCreate(configuration["services:consensus:http:0"], UriKind.Absolute, out var consensus)
            ? consensus.Port - ConsensusPort
            : 0;

    /// <summary>Host and port of a service.</summary>
    /// <param name="port">Its port without an offset.</param>
    /// <returns>For example <c>localhost:4000</c>.</returns>
    public string At(int port) => string.Create(CultureInfo.InvariantCulture, $"localhost:{port + PortOffset}");

    /// <summary>A trace's page in the dashboard, which listens on loopback alone.</summary>
    /// <param name="traceId">As 32 hexadecimal digits.</param>
    /// <param name="reader">Who is to open it.</param>
    /// <returns>Null where no host started this service, or for a reader on another machine.</returns>
    public string? Trace(string traceId, HttpContext reader) =>
        isWired && reader.IsLocal()
            ? $"http://{At(DashboardPort)}/traces/detail/{Uri.EscapeDataString(traceId)}"
            : null;

    /// <summary>A command with each <c>{port}</c> in it replaced by the host and port of that service.</summary>
    /// <param name="template">For example <c>curl {4000}/ledger/verify</c>.</param>
    /// <returns>For example <c>curl localhost:4000/ledger/verify</c>.</returns>
    public string Fill(string template) =>
        Ports.Aggregate(
            template,
            (text, port) =>
                text.Replace(
                    string.Create(CultureInfo.InvariantCulture, $"{{{port}}}"),
                    At(port),
                    StringComparison.Ordinal
                )
        );

    /// <summary>Ports that commands name.</summary>
    private static readonly int[] Ports = [3000, 3001, 3002, 4000, 4001, 4002, 8080, 18880, 18888];
}
