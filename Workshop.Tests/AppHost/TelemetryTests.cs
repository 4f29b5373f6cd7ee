using System.Text.Json;
using LaboratoryBench.Processes;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.AppHost;

/// <summary>What a person finds in the dashboard, asked for by its own telemetry API.</summary>
[Collection(WorkshopFixture.Name)]
public sealed class TelemetryTests(WorkshopFixture fixture)
{
    /// <summary>Exporters send every second or so; the machine is shared with a whole test run.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private WorkshopProcess Workshop => fixture.Workshop;

    [Fact]
    public async Task A_page_of_the_storefront_is_one_trace_over_shop_and_database()
    {
        var trace = await TraceOf(new Uri(Workshop.ShopWeb, "/products"));
        // Each service sends its spans in its own time.
        Predicate<Span>[] wanted =
        [
            span => span.Service is "shop-web",
            span => span.Service.StartsWith("shop-api-", StringComparison.Ordinal) && span.IsRequest,
            span => span.Name.Contains("products", StringComparison.Ordinal) && !span.IsRequest,
        ];
        var spans = await Spans(trace, spans => Array.TrueForAll(wanted, one => Array.Exists(spans, one)));

        Assert.All(wanted, one => Assert.Contains(spans, one));
    }

    [Fact]
    public async Task A_prediction_is_one_trace_over_the_consensus_and_its_members()
    {
        var trace = await TraceOf(
            new Uri(Workshop.Consensus, "/predict?sepalLength=5.1&sepalWidth=3.5&petalLength=1.4&petalWidth=0.2")
        );
        Predicate<Span[]> isWhole = spans =>
            Array.Exists(spans, span => span.Service is "consensus" && span.IsRequest)
            && spans.Count(span => span.Service.StartsWith("predictor-", StringComparison.Ordinal)) >= 3;
        var spans = await Spans(trace, isWhole);

        Assert.True(isWhole(spans), string.Join(", ", spans.AsEnumerable()));
    }

    [Fact]
    public async Task Heartbeats_probes_and_long_polls_leave_no_traces()
    {
        using var http = new HttpClient { BaseAddress = Workshop.Dashboard };
        await Task.Delay(TimeSpan.FromSeconds(5), Ct);
        var all = Read(await http.GetStringAsync(new Uri("/api/telemetry/traces?limit=1000", UriKind.Relative), Ct));

        var noise = all.Where(span => span.Parent.Length == 0 && (IsNoise(span.Name) || IsPoll(span)))
            .Select(span => $"{span.Service} {span.Name}")
            .Distinct(StringComparer.Ordinal);
        Assert.NotEmpty(all);
        Assert.Empty(noise);

        static bool IsNoise(string name) =>
            name.Contains("/alive", StringComparison.Ordinal)
            || name.Contains("/health", StringComparison.Ordinal)
            || name.StartsWith("PUT /services", StringComparison.Ordinal)
            || name.StartsWith("pg_", StringComparison.Ordinal);

        // Somebody who asks once who serves is no poll, and is traced.
        static bool IsPoll(Span span) =>
            span.Name.StartsWith("GET /services/{service}", StringComparison.Ordinal)
            && span.Query.Contains("wait=", StringComparison.Ordinal);
    }

    /// <summary>Asks with a trace id of the test's own, so that nobody else's trace is taken for it.</summary>
    private static async Task<string> TraceOf(Uri address)
    {
        var trace = Guid.NewGuid().ToString("N");
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
        using var answer = await http.SendAsync(request, Ct);
        answer.EnsureSuccessStatusCode();
        return trace;
    }

    private async Task<Span[]> Spans(string trace, Predicate<Span[]> enough)
    {
        using var http = new HttpClient { BaseAddress = Workshop.Dashboard };
        var began = TimeProvider.System.GetTimestamp();
        Span[] spans = [];
        while (TimeProvider.System.GetElapsedTime(began) < Patience)
        {
            using var answer = await http.GetAsync(new Uri($"/api/telemetry/traces/{trace}", UriKind.Relative), Ct);
            spans = answer.IsSuccessStatusCode ? Read(await answer.Content.ReadAsStringAsync(Ct)) : [];
            if (enough(spans))
            {
                break;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500), Ct);
        }

        return spans;
    }

    private static Span[] Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return
        [
            .. from resource in document.RootElement.GetProperty("data").GetProperty("resourceSpans").EnumerateArray()
            let service = resource
                .GetProperty("resource")
                .GetProperty("attributes")
                .EnumerateArray()
                .First(attribute => attribute.GetProperty("key").GetString() is "service.name")
                .GetProperty("value")
                .GetProperty("stringValue")
                .GetString()
            from scope in resource.GetProperty("scopeSpans").EnumerateArray()
            from span in scope.GetProperty("spans").EnumerateArray()
            select new Span(
                service,
                span.GetProperty("name").GetString()!,
                span.TryGetProperty("parentSpanId", out var parent) ? parent.GetString() ?? "" : "",
                QueryOf(span),
                span.GetProperty("kind").GetInt32() == 2
            ),
        ];
    }

    private static string QueryOf(JsonElement span) =>
        span.TryGetProperty("attributes", out var attributes)
            ? attributes
                .EnumerateArray()
                .Where(attribute => attribute.GetProperty("key").GetString() is "url.query")
                .Select(attribute => attribute.GetProperty("value").GetProperty("stringValue").GetString())
                .FirstOrDefault()
                ?? ""
            : "";

    /// <summary>A span of OTLP's JSON; kind 2 is a server's.</summary>
    private sealed record Span(string Service, string Name, string Parent, string Query, bool IsRequest);
}
