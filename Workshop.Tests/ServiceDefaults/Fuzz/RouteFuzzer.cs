using System.Net;
using System.Text;
using System.Text.Json;
using CsCheck;
using Xunit;

namespace Workshop.Tests.ServiceDefaults.Fuzz;

/// <summary>
/// Sends what no client would to every route that a service describes: hostile values in paths, queries, headers and bodies,
/// made of the description's own names. Whatever comes back is no 500.
/// </summary>
internal sealed class RouteFuzzer(HttpClient http)
{
    /// <summary>Values that have broken somebody's service: ends of ranges, broken text, other types.</summary>
    private static readonly string[] Leaves =
    [
        "null",
        "true",
        "0",
        "-1",
        "1",
        "1e400",
        "-0.0",
        "2147483648",
        "9223372036854775808",
        "1e-400",
        "\"\"",
        "\" \"",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"\\u202e\"",
        "\"..\"",
        "\"01941f2a-6660-7000-8000-000000000001\"",
        "\"a\"",
        "\"\\uD83D\\uDE00\"",
        "\"e\\u0301\"",
        "\"x\\r\\ny\"",
        "NaN",
        "[]",
        "{}",
        "[null]",
        "[[null]]",
        "{\"a\":null}",
        "{\"a\":1,\"a\":2}",
        "{\"\\ud800\":1}",
        "1.5",
        "\"localhost:3001\"",
        "\"9999-12-31T23:59:59.9999999Z\"",
        "'a'",
        "",
    ];

    private static readonly string[] Segments =
    [
        "a",
        "A",
        ".",
        "..",
        "%2e%2e",
        "%00",
        "%ED%A0%80",
        "%FF",
        "%F0%9F%98%80",
        "%C2%85",
        "a%20b",
        "a%2Fb",
        "-1",
        "0",
        "9223372036854775807",
        "99999999999999999999",
        "01941f2a-6660-7000-8000-000000000001",
        "00000000-0000-0000-0000-000000000000",
        "{id}",
        "%25",
        "%7Ba%7D",
        "*",
        "~",
        new('x', 300),
    ];

    private static readonly string[] Types =
    [
        "application/json",
        "application/json",
        "application/json",
        "application/json; charset=\"utf-8\"",
        "application/json; charset=utf-16",
        "application/json; charset=foo",
        "application/json;charset=",
        "text/plain",
        "x",
        "",
    ];

    private static readonly (string Name, string Value)[] Headers =
    [
        ("Accept", "text/html"),
        ("Accept", "nonsense"),
        ("If-Match", "*"),
        ("If-Match", "\"1-1\""),
        ("If-Match", "x"),
        ("If-None-Match", "*"),
        ("If-None-Match", "W/\"\""),
        ("Idempotency-Key", "k"),
        ("Idempotency-Key", "0123456789abcdef"),
        ("Idempotency-Key", ""),
        ("Range", "bytes=5-1"),
        ("Range", "bytes=-1"),
        ("X-Read-Token", "3-0/16B3748"),
        ("X-Read-Token", "~"),
        ("Cookie", "a=%FF;;="),
        ("Prefer", "wait=99999999999999999999"),
        ("Authorization", "Bearer x"),
        ("traceparent", "00-zz-zz-01"),
        ("Content-Encoding", "gzip"),
        ("Expect", "100-continue"),
    ];

    /// <summary>A long poll may be asked to wait for half a minute.</summary>
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromMinutes(1);

    private static readonly string[] Queries =
    [
        "",
        "1",
        "-1",
        "x",
        "99999999999999999999",
        "%00",
        "%ED%A0%80",
        "NaN",
        "1e9",
        "300ms",
    ];

    /// <summary>Sends <paramref name="count"/> requests.</summary>
    /// <returns>Those that were answered with 500, with what was sent.</returns>
    public async Task<IReadOnlyList<string>> Run(int count, string seed, CancellationToken ct)
    {
        using var document = JsonDocument.Parse(await http.GetStringAsync("/openapi/v1.json", ct));
        var calls = Calls(document.RootElement).Array[count].Single(_ => true, seed: seed);
        var broken = new List<string>();
        var statuses = new SortedDictionary<int, int>();
        foreach (var call in calls)
        {
            using var request = call.ToRequest();
            if (request is null)
            {
                continue;
            }

            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(LongestAnswer);
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            statuses[(int)answer.StatusCode] = statuses.GetValueOrDefault((int)answer.StatusCode) + 1;
            if (answer.StatusCode is HttpStatusCode.InternalServerError)
            {
                broken.Add($"{call}: {await answer.Content.ReadAsStringAsync(limit.Token)}");
            }
        }

        // Hostile requests that are all refused at the door find nothing behind it.
        Assert.True(statuses.Keys.Any(status => status < 300), "No request was taken.");
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", statuses));
        return broken;
    }

    private static Gen<Call> Calls(JsonElement document)
    {
        var operations = document
            .GetProperty("paths")
            .EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(verb => (Path: path.Name, Facts: verb)))
            .Where(operation => operation.Facts.Value.ValueKind is JsonValueKind.Object)
            .Select(operation => new Operation(
                operation.Facts.Name.ToUpperInvariant(),
                operation.Path,
                QueryNames(operation.Facts.Value),
                operation.Facts.Value.TryGetProperty("requestBody", out _)
            ))
            .ToArray();
        var names = Members(document).Distinct(StringComparer.Ordinal).DefaultIfEmpty("a").ToArray();
        var body = Bodies(names);
        return from operation in Pick(operations)
            from segments in Pick(Segments).Array[6]
            from query in Pick(Queries).Array[operation.Query.Length]
            from asked in Gen.Bool.Array[operation.Query.Length]
            from content in body
            from type in Pick(Types)
            from header in Pick(Headers)
            from hasHeader in Gen.Bool
            select new Call(operation, segments, query, asked, content, type, hasHeader ? header : null);
    }

    private static Gen<T> Pick<T>(IReadOnlyList<T> values) => Gen.Int[0, values.Count - 1].Select(at => values[at]);

    private static Gen<string> Bodies(string[] names)
    {
        var leaf = Pick(Leaves);
        var name = Pick(names);
        var flat = from members in Gen.Select(name, leaf).Array[0, 5] select Join(members);
        var nested =
            from members in Gen.Select(name, Gen.OneOf(leaf, flat, flat.Select(item => $"[{item}]"))).Array[1, 5]
            select Join(members);
        return Gen.OneOf(leaf, flat, nested, nested, nested);
    }

    private static string Join((string Name, string Value)[] members) =>
        $"{{{string.Join(',', members.Select(member => $"\"{member.Name}\":{member.Value}"))}}}";

    private static string[] QueryNames(JsonElement operation) =>
        operation.TryGetProperty("parameters", out var parameters)
            ?
            [
                .. parameters
                    .EnumerateArray()
                    .Where(parameter => parameter.GetProperty("in").ValueEquals("query"))
                    .Select(parameter => parameter.GetProperty("name").GetString()!),
            ]
            : [];

    /// <summary>Names of all members of all records.</summary>
    private static IEnumerable<string> Members(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => element
                .EnumerateObject()
                .SelectMany(member =>
                    member is { Name: "properties", Value.ValueKind: JsonValueKind.Object }
                        ? member.Value.EnumerateObject().Select(one => one.Name).Concat(Members(member.Value))
                        : Members(member.Value)
                ),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(Members),
            _ => [],
        };

    private sealed record Operation(string Method, string Path, string[] Query, bool HasBody);

    private sealed record Call(
        Operation Operation,
        string[] Segments,
        string[] Query,
        bool[] Asked,
        string Body,
        string Type,
        (string Name, string Value)? Header
    )
    {
        private string Address
        {
            get
            {
                var next = 0;
                var path = string.Join(
                    '/',
                    Operation
                        .Path.Split('/')
                        .Select(part => part.StartsWith('{') ? Segments[next++ % Segments.Length] : part)
                );
                var query = Operation.Query.Where((_, at) => Asked[at]).Zip(Query, (name, value) => $"{name}={value}");
                return $"{path}?{string.Join('&', query)}";
            }
        }

        /// <summary>The request; null for an address that no client can write.</summary>
        public HttpRequestMessage? ToRequest()
        {
            if (!Uri.TryCreate(Address, UriKind.Relative, out var address))
            {
                return null;
            }

            var request = new HttpRequestMessage(new(Operation.Method), address);
            if (Operation.HasBody || Body.Length % 7 == 0)
            {
                request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body));
                request.Content.Headers.TryAddWithoutValidation("Content-Type", Type);
            }

            if (Header is { } header)
            {
                request.Headers.TryAddWithoutValidation(header.Name, header.Value);
            }

            return request;
        }

        public override string ToString() => $"{Operation.Method} {Address} {Type} {Header} {Body}";
    }
}
