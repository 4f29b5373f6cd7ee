using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Workshop.Ledger.Mechanism;
using Workshop.ServiceDefaults.Json;

namespace Workshop.Ledger.Blocks;

/// <summary>How entries and states look as JSON. The mechanism itself knows nothing of it.</summary>
internal static class LedgerJson
{
    /// <summary>Deepest nesting: block, payload, answers, member, rows, answer, number.</summary>
    private const int MaxDepth = 16;

    internal static JsonSerializerOptions Options { get; } = Make();

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions();
        StrictJson.Apply(options);
        options.MaxDepth = MaxDepth;
        // In canonical form the discriminator stands in alphabetical order, not first.
        options.AllowOutOfOrderMetadataProperties = true;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.RespectRequiredConstructorParameters = false;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.Converters.Add(new LedgerNumbers());
        options.TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { NameKinds } };
        return options;
    }

    private static void NameKinds(JsonTypeInfo type)
    {
        if (type.Type == typeof(Entry))
        {
            type.PolymorphismOptions = new()
            {
                TypeDiscriminatorPropertyName = "kind",
                DerivedTypes =
                {
                    new(typeof(RulesEntry), "rules"),
                    new(typeof(TreasuryEntry), "treasury"),
                    new(typeof(RegistrationEntry), "registration"),
                    new(typeof(ClaimEntry), "claim"),
                    new(typeof(MoveEntry), "move"),
                    new(typeof(ExitEntry), "exit"),
                    new(typeof(BatchEntry), "batch"),
                    new(typeof(TruthEntry), "truth"),
                    new(typeof(SeedEntry), "seed"),
                    new(typeof(WitnessesEntry), "witnesses"),
                },
            };
        }
    }
}
