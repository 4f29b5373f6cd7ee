using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workshop.Tests.Shop.Api.Description;

/// <summary>
/// Requests for specmatic, each in a file as it reads them, with the status that must follow. Of the answer only its form is
/// checked, by specmatic, against the description.
/// </summary>
internal sealed class ContractExamples(string folder)
{
    private const string Unknown = "01941f2a-6660-7000-8000-ffffffffffff";

    /// <summary>How many were written.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// Makes what the requests are about, and writes them. Each has things of its own, so that their order does not matter.
    /// </summary>
    public async Task Write(ShopClient shop)
    {
        await WriteProducts(shop);
        await WriteOrders(shop);
        await WriteCarts(shop);
    }

    private async Task WriteProducts(ShopClient shop)
    {
        var product = await shop.NewProduct(5);
        var doomed = await shop.NewProduct(5);
        var one = $"/products/{product}";
        var lamp = new
        {
            name = "Lamp",
            price = 12.5,
            category = "Tests",
            description = "Warm.",
            stock = 3,
        };
        var page = new
        {
            category = "Tests",
            inStock = "true",
            minPrice = "1",
            maxPrice = "100",
            sort = "newest",
            limit = "5",
        };
        Add("GET", "/products", 200, query: page, answer: "[]");
        Add("GET", "/products", 400, query: new { limit = "0" });
        Add("POST", "/products", 201, body: lamp);
        Add(
            "POST",
            "/products",
            400,
            body: new
            {
                name = "Lamp",
                price = -1,
                category = "Tests",
            }
        );
        Add("GET", one, 200);
        Add("GET", one, 304, header: ("If-None-Match", "*"), answer: null);
        Add("GET", one, 412, header: ("If-Match", "\"1-999999\""));
        Add("GET", $"/products/{Unknown}", 404);
        Add("PUT", one, 200, body: new { price = 2.5 });
        Add("PUT", one, 412, body: new { price = 2.5 }, header: ("If-Match", "\"1-999999\""));
        Add("PUT", $"/products/{Unknown}", 404, body: new { price = 2.5 });
        Add("DELETE", $"/products/{doomed}", 200);
        Add("DELETE", $"/products/{Unknown}", 404);
    }

    private async Task WriteOrders(ShopClient shop)
    {
        var product = await shop.NewProduct(50);
        var soldOut = await shop.NewProduct(0);
        var user = ShopClient.NewUser();
        var orders = new List<string>();
        for (var number = 0; number < 2; number++)
        {
            orders.Add((await shop.Order(user, product, 1))["id"].GetString()!);
        }

        await shop.Post($"/orders/{user}/{orders[1]}/cancel", body: null);
        object Of(string id) => new { userId = user, items = new[] { new { productId = id, quantity = 2 } } };
        Add("POST", "/orders", 201, body: Of(product), header: ("Idempotency-Key", Guid.NewGuid().ToString()));
        Add("POST", "/orders", 400, body: new { items = Array.Empty<object>() });
        Add("POST", "/orders", 409, body: Of(soldOut));
        Add("POST", "/orders", 422, body: Of(Unknown));
        Add("GET", $"/orders/{user}", 200, query: new { limit = "1" }, answer: "[]");
        Add("GET", $"/orders/{user}/{orders[0]}", 200);
        Add("GET", $"/orders/{user}/{Unknown}", 404);
        Add("POST", $"/orders/{user}/{orders[0]}/cancel", 200);
        Add("POST", $"/orders/{user}/{orders[1]}/cancel", 200);
        Add("POST", $"/orders/{user}/{Unknown}/cancel", 404);
    }

    private async Task WriteCarts(ShopClient shop)
    {
        var product = await shop.NewProduct(50);
        var (filling, emptying, buying) = (ShopClient.NewUser(), ShopClient.NewUser(), ShopClient.NewUser());
        await shop.Post($"/cart/{buying}", new { productId = product, quantity = 1 });
        Add("POST", $"/cart/{filling}", 200, body: new { productId = product, quantity = 2 });
        Add("POST", $"/cart/{filling}", 404, body: new { productId = Unknown, quantity = 2 });
        Add("GET", $"/cart/{buying}", 200);
        Add("PUT", $"/cart/{filling}/item/{product}", 200, body: new { quantity = 3 });
        Add("PUT", $"/cart/{filling}/item/{Unknown}", 404, body: new { quantity = 3 });
        Add("DELETE", $"/cart/{emptying}/item/{product}", 200);
        Add("DELETE", $"/cart/{emptying}", 200);
        Add("POST", $"/cart/{buying}/checkout", 201, body: new { });
        Add("POST", $"/cart/{emptying}/checkout", 409, body: new { });
    }

    private void Add(
        string method,
        string path,
        int status,
        object? body = null,
        object? query = null,
        (string Name, string Value)? header = null,
        string? answer = "{}"
    )
    {
        var headers = new JsonObject();
        if (header is { } given)
        {
            headers[given.Name] = given.Value;
        }

        var request = new JsonObject { ["method"] = method, ["path"] = path };
        if (query is not null)
        {
            request["query"] = JsonSerializer.SerializeToNode(query);
        }

        if (body is not null)
        {
            headers["Content-Type"] = "application/json";
            request["body"] = JsonSerializer.SerializeToNode(body);
        }

        if (headers.Count > 0)
        {
            request["headers"] = headers;
        }

        var response = new JsonObject { ["status"] = status };
        if (answer is not null)
        {
            response["body"] = JsonNode.Parse(answer);
        }

        var example = new JsonObject
        {
            ["name"] = $"{method} {path} {status}",
            // Of the answer only the kind of its body is given; the description has the rest.
            ["partial"] = new JsonObject { ["http-request"] = request, ["http-response"] = response },
        };
        File.WriteAllText(Path.Combine(folder, $"{++Count:00}.json"), example.ToJsonString());
    }
}
