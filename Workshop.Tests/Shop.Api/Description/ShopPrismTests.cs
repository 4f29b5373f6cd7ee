using System.Text.Json;
using LaboratoryBench.Processes;
using Microsoft.AspNetCore.WebUtilities;
using Workshop.Tests.ServiceDefaults.Description;
using Xunit;

namespace Workshop.Tests.Shop.Api.Description;

/// <summary>The shop answers as its description says, to every request of the contract suite: another tool's opinion.</summary>
[Collection(nameof(ShopTests))]
public sealed class ShopPrismTests(ShopFixture shop)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_shop_answers_as_described_to_each_request_of_the_contract_suite()
    {
        var client = await shop.Client();
        var folder = TestFolders.Create("examples");
        var examples = new ContractExamples(folder);
        await examples.Write(client);
        await using var prism = await Prism.Start(client.Http, Ct);
        List<string> unexpected = [];

        foreach (var file in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
        {
            using var example = JsonDocument.Parse(await File.ReadAllTextAsync(file, Ct));
            var exchange = example.RootElement.GetProperty("partial");
            var wanted = exchange.GetProperty("http-response").GetProperty("status").GetInt32();
            using var request = Request(exchange.GetProperty("http-request"));
            using var answer = await prism.Send(request, Ct);
            if ((int)answer.StatusCode != wanted)
            {
                unexpected.Add($"{request.Method} {request.RequestUri}: {(int)answer.StatusCode}, wanted {wanted}");
            }
        }

        Assert.Empty(unexpected);
        Assert.Empty(prism.Violations);
        Assert.True(examples.Count > 30, $"{examples.Count} requests are too few to say anything.");
        Directory.Delete(folder, recursive: true);
    }

    private static HttpRequestMessage Request(JsonElement example)
    {
        var query = Members(example, "query")
            .Select(one => KeyValuePair.Create(one.Name, (string?)one.Value.ToString()));
        var request = new HttpRequestMessage(
            HttpMethod.Parse(example.GetProperty("method").GetString()),
            QueryHelpers.AddQueryString(example.GetProperty("path").GetString()!, query)
        );
        if (example.TryGetProperty("body", out var body))
        {
            request.Content = new StringContent(body.GetRawText(), mediaType: new("application/json"));
        }

        foreach (var header in Members(example, "headers"))
        {
            // Those of the content are set with it.
            request.Headers.TryAddWithoutValidation(header.Name, header.Value.ToString());
        }

        return request;
    }

    private static JsonElement.ObjectEnumerator Members(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var member) ? member.EnumerateObject() : default;
}
