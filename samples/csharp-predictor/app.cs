// An outsider that joins the workshop's housing network with nothing more than GET /housing/predict: one file, run as it is.
//
// The model is one that people use: the price of a square foot in the neighbourhood, times the living area. It learns at start
// from the file given with --data, and leaves out the rows that members are judged on.
#:sdk Microsoft.NET.Sdk.Web
#:property PublishAot=false

using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);

// Listens for this machine alone, unless --host names another address of it.
builder.WebHost.UseUrls(
    $"http://{builder.Configuration["host"] ?? "127.0.0.1"}:{builder.Configuration["port"] ?? "5302"}"
);
var prices = Prices.Learn(builder.Configuration["data"] ?? Prices.File());
var app = builder.Build();
app.MapGet("/predict", Predict);
app.MapGet("/housing/predict", Predict);
app.Run();

IResult Predict(HttpRequest request)
{
    var query = request.Query;
    var errors = query
        .Keys.Except(prices.Columns)
        .ToDictionary(name => name, _ => new[] { "There is no such argument." });
    var area = query["livingArea"] is [{ } text] && Prices.TryNumber(text, out var number) ? number : double.NaN;
    if (area is not (>= 1 and <= 50_000))
    {
        errors["livingArea"] = ["Must be given once, as a number from 1 to 50000."];
    }

    if (query["neighborhood"] is not [{ Length: > 0 } neighborhood])
    {
        errors["neighborhood"] = ["Must be given once."];
        neighborhood = "";
    }

    if (errors.Count > 0)
    {
        return Results.ValidationProblem(errors);
    }

    var value = Math.Round(prices.Of(neighborhood) * area);
    return Results.Json(
        new
        {
            model_name = "housing",
            model_version = "1",
            id = Guid.NewGuid(),
            parameters = new { predictor = "csharp-predictor", prediction = value },
            outputs = new[]
            {
                new
                {
                    name = "value",
                    shape = new[] { 1 },
                    datatype = "FP64",
                    data = new[] { value },
                },
            },
        }
    );
}

/// <summary>The price of a square foot, in dollars, by neighbourhood.</summary>
internal sealed record Prices(IReadOnlyDictionary<string, double> Medians, double All, IReadOnlyList<string> Columns)
{
    /// <summary>One number without separators: "1,252" is none.</summary>
    internal static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);

    /// <summary>A neighbourhood without sales has the price of all.</summary>
    internal double Of(string neighborhood) => Medians.GetValueOrDefault(neighborhood, All);

    /// <summary>The median of each neighbourhood's sales.</summary>
    internal static Prices Learn(string path)
    {
        var lines = System.IO.File.ReadAllLines(path);
        var names = lines[0].Split(',');
        var (place, area, price) = (
            Array.IndexOf(names, "neighborhood"),
            Array.IndexOf(names, "livingArea"),
            Array.IndexOf(names, "salePrice")
        );
        var sales = lines
            .Skip(1)
            .Where(line => !IsHeldOut(line))
            .Select(line => line.Split(','))
            .Select(cells => (Place: cells[place], Price: Number(cells[price]) / Number(cells[area])))
            .ToList();
        return new(
            sales
                .GroupBy(sale => sale.Place)
                .ToDictionary(group => group.Key, group => Median(group.Select(sale => sale.Price))),
            Median(sales.Select(sale => sale.Price)),
            [.. names.Where(name => name is not "salePrice")]
        );
    }

    /// <summary>The workshop's file, from where this source stands.</summary>
    internal static string File([CallerFilePath] string source = "") =>
        Path.Combine(Path.GetDirectoryName(source)!, "..", "..", "Predictors", "Data", "housing.csv");

    /// <summary>The workshop's rule: about one row in ten is kept to judge members by.</summary>
    private static bool IsHeldOut(string line) => SHA256.HashData(Encoding.UTF8.GetBytes(line))[0] < 26;

    private static double Number(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);

    private static double Median(IEnumerable<double> values)
    {
        var ordered = values.Order().ToList();
        return ordered[ordered.Count / 2];
    }
}
