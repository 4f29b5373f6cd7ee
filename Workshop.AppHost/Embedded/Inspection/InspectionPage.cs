using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Workshop.AppHost.Embedded.Running;

namespace Workshop.AppHost.Embedded.Inspection;

/// <summary>The inspection page: drawn by the server, so that table and commands work without a script.</summary>
internal static class InspectionPage
{
    /// <summary>Lines of the log that the page itself holds; the script fetches the rest.</summary>
    private const int LogLines = 200;

    private static readonly string[] Faults = ["kill", "pause", "stop"];

    internal static void MapInspectionPage(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", (Supervisor supervisor, TimeProvider time) => Html(Overview(supervisor, time)));
        routes.MapGet("/details/{name}", FindDetails);
        routes.MapGet("/inspection.css", () => TypedResults.Text(Asset("inspection.css"), "text/css; charset=utf-8"));
        routes.MapGet(
            "/inspection.js",
            () => TypedResults.Text(Asset("inspection.js"), "text/javascript; charset=utf-8")
        );
    }

    private static Results<ContentHttpResult, ProblemHttpResult> FindDetails(string name, Supervisor supervisor) =>
        supervisor.Find(name) is { } runner
            ? Html(Details(runner))
            : TypedResults.Problem($"There is no resource '{name}'.", statusCode: StatusCodes.Status404NotFound);

    /// <summary>Says why a command was not carried out, to somebody who pressed its button.</summary>
    /// <param name="command">The command with its resource.</param>
    /// <param name="problem">Why.</param>
    /// <returns>A page with the problem's status.</returns>
    internal static ContentHttpResult Refusal(string command, ProblemDetails problem) =>
        TypedResults.Text(
            Frame(
                $"Not done: {command}",
                $"""
                <h1>Not done: {Encode(command)}</h1>
                <p role="alert">{Encode(problem.Detail ?? problem.Title ?? "The command was refused.")}</p>
                <p><a href="/">Back to the resources</a></p>
                """
            ),
            "text/html; charset=utf-8",
            statusCode: problem.Status
        );

    private static ContentHttpResult Html(string page) => TypedResults.Text(page, "text/html; charset=utf-8");

    private static string Overview(Supervisor supervisor, TimeProvider time)
    {
        var rows = new StringBuilder();
        foreach (var runner in supervisor.Runners)
        {
            rows.Append(Row(ResourceView.Of(runner), time.GetUtcNow()));
        }

        return Frame(
            "Workshop: resources",
            $"""
            <h1>Workshop</h1>
            <p class="note">Everything that runs, and how to break it. The same by hand: <code>curl -X POST localhost:…/resources/NAME/kill</code></p>
            <table class="resources">
            <thead><tr><th>Name</th><th>Type</th><th>State</th><th>Health</th><th>Started</th><th>Endpoints</th><th>Source</th><th>Commands</th></tr></thead>
            <tbody>{rows}</tbody>
            </table>
            """
        );
    }

    private static string Row(ResourceView view, DateTimeOffset now) =>
        $"""
            <tr id="{Encode(view.Name)}">
            <td data-label="Name"><a href="/details/{Encode(view.Name)}">{Encode(view.Name)}</a></td>
            <td data-label="Type">{view.Type}</td>
            <td data-label="State" class="{Mood(view)}">{view.State}{ExitCode(view)}</td>
            <td data-label="Health" class="{Mood(view)}">{view.Health}</td>
            <td data-label="Started">{Age(view.StartedAt, now)}</td>
            <td data-label="Endpoints">{string.Join(' ', view.Endpoints.Select(Link))}</td>
            <td data-label="Source">{Encode(Path.GetFileName(view.Source))}</td>
            <td data-label="Commands">{Commands(view)}</td>
            </tr>

            """;

    private static string Details(Runner runner)
    {
        var view = ResourceView.Of(runner);
        var variables = ResourceView
            .EnvironmentOf(runner)
            .Select(pair => $"<tr><th scope=\"row\">{Encode(pair.Key)}</th><td>{Encode(pair.Value)}</td></tr>");
        var lines = runner.Log.Last(LogLines).Select(line => Encode(line.Text));
        return Frame(
            $"{view.Name}: Workshop",
            $"""
            <p><a href="/">All resources</a></p>
            <h1>{Encode(view.Name)}</h1>
            <p class="note"><span class="{Mood(view)}">{view.State}, {view.Health}</span>
            · process {view.ProcessId?.ToString(CultureInfo.InvariantCulture) ?? "none"}
            · {string.Join(' ', view.Endpoints.Select(Link))} · {Encode(view.Source)}</p>
            <p>{Commands(view)}</p>
            <h2>Console</h2>
            <pre data-resource="{Encode(view.Name)}" tabindex="0">{string.Join('\n', lines)}</pre>
            <h2>Environment</h2>
            <table><tbody>{string.Concat(variables)}</tbody></table>
            """
        );
    }

    private static string Frame(string title, string body) =>
        $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Encode(title)}</title>
            <link rel="icon" href="data:,">
            <link rel="stylesheet" href="/inspection.css">
            <script src="/inspection.js" defer></script>
            </head>
            <body>
            <main>
            {body}
            </main>
            </body>
            </html>
            """;

    private static string Commands(ResourceView view) =>
        string.Concat(
            view.Commands.Select(command =>
                $"""
                    <form method="post" action="/resources/{Encode(view.Name)}/{command}"><button{(
                    Faults.Contains(command, StringComparer.Ordinal) ? " class=\"fault\"" : ""
                )} aria-label="{command} {Encode(view.Name)}">{command}</button></form>
                    """
            )
        );

    private static string Link(string address) =>
        address.StartsWith("http", StringComparison.Ordinal)
            ? $"<a href=\"{Encode(address)}\">{Encode(address)}</a>"
            : Encode(address);

    private static string Mood(ResourceView view) =>
        (view.State, view.Health) switch
        {
            (ResourceState.Running, ResourceHealth.Healthy) => "good",
            (ResourceState.Failed or ResourceState.Exited, _) or (_, ResourceHealth.Unhealthy) => "bad",
            (ResourceState.NotStarted, _) => "",
            _ => "busy",
        };

    private static string ExitCode(ResourceView view) =>
        view.State is ResourceState.Exited && view.ExitCode is { } code
            ? string.Create(CultureInfo.InvariantCulture, $" ({code})")
            : "";

    private static string Age(DateTimeOffset? startedAt, DateTimeOffset now) =>
        startedAt is { } at
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"<time datetime=\"{at:O}\">{(now - at).TotalSeconds:0} s ago</time>"
            )
            : "";

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    private static string Asset(string name)
    {
        using var stream = typeof(InspectionPage).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
