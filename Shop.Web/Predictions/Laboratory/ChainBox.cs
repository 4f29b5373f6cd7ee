using System.Globalization;
using System.Text.Json;
using Shop.Web.Site;
using Shop.Web.Storefront;

namespace Shop.Web.Predictions.Laboratory;

/// <summary>A block of the ledger as a box shows it.</summary>
/// <param name="Height">From 0.</param>
/// <param name="Kind">What kind of thing happened.</param>
/// <param name="What">What happened, in short lines.</param>
/// <param name="Hash">Its beginning.</param>
/// <param name="Previous">The beginning of the hash before.</param>
public sealed record ChainBox(long Height, string Kind, IReadOnlyList<string> What, string Hash, string Previous)
{
    /// <summary>Digits of a hash that are shown.</summary>
    private const int ShownDigits = 10;

    /// <summary>Losses of one block that are shown.</summary>
    private const int ShownLosses = 3;

    /// <summary>Reads a block; what it does not know it leaves out.</summary>
    /// <param name="block">As it stands in the file.</param>
    public static ChainBox Of(JsonElement block)
    {
        var payload = Member(block, "payload");
        var kind = Text(payload, "kind");
        return new(
            Member(block, "height") is { ValueKind: JsonValueKind.Number } height ? height.GetInt64() : 0,
            kind,
            [.. Lines(kind, payload).Select(line => Theirs.Cut(line, 60))],
            Start(Text(block, "hash")),
            Start(Text(block, "previous"))
        );
    }

    private static IEnumerable<string> Lines(string kind, JsonElement payload)
    {
        switch (kind)
        {
            case "registration":
                yield return $"{Strangers.Words(Text(payload, "name"))} joins";
                yield return $"puts down {Euros(payload, "depositCents")} for each network";
                break;
            case "batch":
                yield return $"{Text(payload, "network")}, batch {Text(payload, "number")}";
                foreach (var line in Losses(Member(payload, "settlement")))
                {
                    yield return line;
                }

                break;
            case "exit" or "claim" or "move":
                yield return Strangers.Words(Text(payload, "name"));
                break;
            case "witnesses":
                yield return Member(payload, "witnesses") is { ValueKind: JsonValueKind.Array } signed
                    ? Counted.Of(signed.GetArrayLength(), "signature")
                    : "";
                break;
            case "truth" or "seed":
                yield return Text(payload, "network");
                break;
        }
    }

    private static IEnumerable<string> Losses(JsonElement settlement)
    {
        var members = Member(settlement, "members") is { ValueKind: JsonValueKind.Array } all
            ? [.. all.EnumerateArray()]
            : (JsonElement[])[];
        var paid = members.Sum(member => Cents(member, "paidCents"));
        if (paid > 0)
        {
            yield return $"paid {Money.Euros(paid / 100m)}";
        }

        foreach (var member in members.Where(member => Cents(member, "slashedCents") > 0).Take(ShownLosses))
        {
            yield return $"{Strangers.Words(Text(member, "member"))} slashed {Euros(member, "slashedCents")}";
        }
    }

    private static string Start(string hash) => hash.Length > ShownDigits ? $"{hash[..ShownDigits]}…" : hash;

    private static string Euros(JsonElement parent, string name) => Money.Euros(Cents(parent, name) / 100m);

    private static long Cents(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var cents)
            ? cents
            : 0;

    private static string Text(JsonElement parent, string name) =>
        Member(parent, name) switch
        {
            { ValueKind: JsonValueKind.String } text => text.GetString()!,
            { ValueKind: JsonValueKind.Number } number => number.GetDouble().ToString(CultureInfo.InvariantCulture),
            _ => "",
        };

    private static JsonElement Member(JsonElement parent, string name) =>
        parent.ValueKind is JsonValueKind.Object && parent.TryGetProperty(name, out var member) ? member : default;
}
