using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using LaboratoryBench.Processes;
using Workshop.Tests.Architecture;
using Xunit;

namespace Workshop.Tests.AppHost;

/// <summary>
/// What another machine may do: a network namespace is one. docs/security.md says who may use which route, and is compared
/// with the routes elsewhere; here each of them is tried.
/// </summary>
public sealed partial class LanTests
{
    private const string Visitor = "guest-1";

    private const int Refused = 7;

    private static readonly string[] OnLoopback = ["3001", "3002", "5433", "5434", "18880", "18888", "18889", "18890"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_visitor_of_another_machine_may_look_buy_and_join_and_nothing_else()
    {
        Assert.SkipWhen(NetworkNamespace.Lack is not null, NetworkNamespace.Lack ?? "");
        using var laptop = NetworkNamespace.Make();
        var (operatorToken, joinToken) = (Token(), Token());
        await using var workshop = WorkshopProcess.Launch(
            ["--lan", $"{laptop.Here}", "--ephemeral"],
            environment: new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Parameters__operator-token"] = operatorToken,
                ["Parameters__join-token"] = joinToken,
            }
        );
        await workshop.WaitUntilHealthy(Ct);
        var elsewhere = new Elsewhere(laptop, workshop.PortOffset);
        var invitation = $"--join {elsewhere.At(4000)} --token";
        await Eventually.Holds(
            () => Task.FromResult(workshop.Output.Contains(invitation, StringComparison.Ordinal)),
            Ct
        );

        await LooksAround(elsewhere);
        await WritesNothingThatIsTheOperators(elsewhere);
        await ReachesNothingElse(elsewhere);
        await SignsIn(elsewhere, operatorToken);
        await Joins(elsewhere, joinToken);
    }

    private static async Task LooksAround(Elsewhere visitor)
    {
        foreach (var page in new[] { "/", "/products", "/redundancy", "/predictions", "/tour", "/sign-in" })
        {
            Assert.Equal((page, 200), (page, await visitor.Status(8080, page)));
        }

        Assert.Equal(200, await visitor.Status(3000, "/services"));
        Assert.Equal(200, await visitor.Status(4000, "/ledger/verify"));
        Assert.Equal(200, await visitor.Status(4001, "/health"));
        // Somebody's name that points here, and a tunnel that ends here.
        Assert.Equal(421, await visitor.Status(8080, "/", "--header", "Host: shop.example"));
    }

    private static async Task WritesNothingThatIsTheOperators(Elsewhere visitor)
    {
        var tried = 0;
        foreach (var line in await File.ReadAllLinesAsync(Path.Combine(SourceTree.Root, "docs", "security.md"), Ct))
        {
            if (Row().Match(line) is not { Success: true } row || Port(row.Groups["service"].Value) is not { } port)
            {
                continue;
            }

            var (method, path, who) = (row.Groups["method"].Value, row.Groups["path"].Value, row.Groups["who"].Value);
            var isForm = port is 8080;
            var status = await visitor.Status(
                port,
                Hole()
                    .Replace(
                        path,
                        hole =>
                            hole.Value.Contains("uid", StringComparison.Ordinal) ? $"{Guid.Empty}"
                            : hole.Value.Contains(':', StringComparison.Ordinal) ? "1"
                            : "iris"
                    ),
                "--request",
                method,
                "--header",
                isForm ? "Content-Type: application/x-www-form-urlencoded" : "Content-Type: application/json",
                "--data",
                isForm ? "a=b" : "{}"
            );
            tried++;
            Assert.True(IsRight(status, who, isForm), $"{method} {path}, for {who}: {status}");
        }

        Assert.True(tried > 40, $"Only {tried} routes were tried.");
    }

    /// <summary>A body that makes no sense may be refused before its sender is.</summary>
    private static bool IsRight(int status, string who, bool isForm) =>
        // Beside a route that reads: its path writes nothing, and asks for a token before it says so.
        who.EndsWith("the answer is 404", StringComparison.Ordinal)
            ? status is 401 or 404
        : !who.Contains("the operator", StringComparison.Ordinal) ? status is not (401 or 403 or >= 500)
        : isForm ? status is 403
        : who.StartsWith("the operator", StringComparison.Ordinal) ? status is 401
        : status is 400 or 401;

    private static async Task ReachesNothingElse(Elsewhere visitor)
    {
        foreach (var port in OnLoopback)
        {
            var (exitCode, _) = await visitor.Curl(int.Parse(port, CultureInfo.InvariantCulture), "/");
            Assert.Equal((port, Refused), (port, exitCode));
        }
    }

    private static async Task SignsIn(Elsewhere visitor, string token)
    {
        var jar = Path.GetTempFileName();
        try
        {
            string[] cookies = ["--cookie", jar, "--cookie-jar", jar];
            Assert.Contains("not the operator token", await Send("wrong"), StringComparison.Ordinal);
            Assert.Equal(403, await visitor.Status(8080, "/redundancy/lag", [.. cookies, "--data", "a=b"]));

            await Send(token);

            // The form's own token is missing, and nothing else.
            Assert.Equal(400, await visitor.Status(8080, "/redundancy/lag", [.. cookies, "--data", "a=b"]));

            async Task<string> Send(string operatorToken)
            {
                var (_, page) = await visitor.Curl(8080, "/sign-in", cookies);
                var form = FormToken().Match(page).Groups["token"].Value;
                var (_, answer) = await visitor.Curl(
                    8080,
                    "/sign-in",
                    [
                        .. cookies,
                        "--data-urlencode",
                        $"__RequestVerificationToken={form}",
                        "--data",
                        "_handler=sign-in",
                        "--data",
                        $"token={operatorToken}",
                    ]
                );
                return answer;
            }
        }
        finally
        {
            File.Delete(jar);
        }
    }

    private static async Task Joins(Elsewhere visitor, string joinToken)
    {
        var folder = Directory.CreateTempSubdirectory("lan-").FullName;
        using var predictor = visitor.Laptop.Start(
            "dotnet",
            folder,
            WorkshopProcess.Built("Predictors"),
            "--join",
            visitor.At(4000),
            "--token",
            joinToken,
            "--model",
            "linear",
            "--name",
            Visitor
        );
        var said = predictor.StandardOutput.ReadToEndAsync(Ct);
        try
        {
            await Eventually.Holds(async () => await Member(visitor) is not null, Ct);
            var member = (await Member(visitor))!.Value;
            Assert.Equal($"http://{visitor.Laptop.There}:4001", member.GetProperty("url").GetString());

            // The wire is cut, and mended: absent, and then there again.
            visitor.Laptop.Connect(isConnected: false);
            await Eventually.Holds(() => Asked(visitor, member => IsMissed(member)), Ct);
            visitor.Laptop.Connect(isConnected: true);
            var before = Batches((await Member(visitor))!.Value);
            await Eventually.Holds(() => Asked(visitor, member => Batches(member) > before), Ct);
        }
        finally
        {
            predictor.Kill(entireProcessTree: true);
            await predictor.WaitForExitAsync(Ct);
            Directory.Delete(folder, recursive: true);
        }

        Assert.Contains($"{Visitor} is registered", await said, StringComparison.Ordinal);
    }

    private static async Task<bool> Asked(Elsewhere visitor, Func<JsonElement, bool> isSo)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(
            new Uri(
                $"{visitor.Local(4000)}/iris/predict?sepalLength=6.0&sepalWidth=2.9&petalLength=4.5&petalWidth=1.5"
            ),
            Ct
        );
        Assert.Equal(200, (int)answer.StatusCode);
        return await Member(visitor) is { } member && isSo(member);
    }

    private static bool IsMissed(JsonElement member) =>
        member.GetProperty("lastMiss").ValueKind is not JsonValueKind.Null;

    private static long Batches(JsonElement member) =>
        member
            .GetProperty("memberships")
            .EnumerateArray()
            .Single(one => one.GetProperty("network").ValueEquals("iris"))
            .GetProperty("batches")
            .GetInt64();

    private static async Task<JsonElement?> Member(Elsewhere visitor)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri($"{visitor.Local(4000)}/predictors/{Visitor}"), Ct);
        if (!answer.IsSuccessStatusCode)
        {
            return null;
        }

        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Ct));
        return document.RootElement.Clone();
    }

    private static int? Port(string service) =>
        service switch
        {
            "Shop.Web" => 8080,
            "Registry" => 3000,
            "Consensus" => 4000,
            _ => null,
        };

    private static string Token() => Convert.ToHexString(RandomNumberGenerator.GetBytes(16));

    [GeneratedRegex(
        @"^\| `(?<service>[\w.]+)` \| `(?<method>\w+) (?<path>[^`]+)` \| (?<who>.+) \|$",
        RegexOptions.None,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Row();

    [GeneratedRegex(@"\{[^}]+\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hole();

    [GeneratedRegex(
        "name=\"__RequestVerificationToken\"[^>]*value=\"(?<token>[^\"]+)\"",
        RegexOptions.None,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex FormToken();

    /// <summary>Calls of the workshop from the laptop.</summary>
    private sealed record Elsewhere(NetworkNamespace Laptop, int PortOffset)
    {
        internal string At(int port) =>
            string.Create(CultureInfo.InvariantCulture, $"http://{Laptop.Here}:{port + PortOffset}");

        internal string Local(int port) =>
            string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port + PortOffset}");

        internal Task<(int ExitCode, string Output)> Curl(int port, string path, params string[] arguments) =>
            Laptop.Curl(Ct, [.. arguments, $"{At(port)}{path}"]);

        internal async Task<int> Status(int port, string path, params string[] arguments)
        {
            var (exitCode, output) = await Curl(
                port,
                path,
                ["--output", "/dev/null", "--write-out", "%{http_code}", .. arguments]
            );
            Assert.Equal(0, exitCode);
            return int.Parse(output, CultureInfo.InvariantCulture);
        }
    }
}
