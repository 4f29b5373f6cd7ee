using System.Security.Cryptography;
using System.Text.Json;
using Workshop.Ledger.Mechanism;
using Workshop.ServiceDefaults.Files;

namespace Workshop.Ledger.Blocks;

/// <summary>
/// The state after a block, kept for a fast start. Never the truth: one that does not fit is passed over.
/// </summary>
/// <param name="Height">Of that block.</param>
/// <param name="Hash">Of that block.</param>
/// <param name="State">After it.</param>
internal sealed record Snapshot(long Height, string Hash, State State)
{
    private const string FileName = "state.json";

    /// <summary>Reads the snapshot of a folder.</summary>
    /// <returns>Null when there is none, or it is damaged.</returns>
    internal static Snapshot? Load(string directory)
    {
        var path = Path.Combine(directory, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            var sealedState = JsonSerializer.Deserialize<Sealed>(File.ReadAllBytes(path), LedgerJson.Options);
            return
                sealedState is { Snapshot: { } snapshot }
                && string.Equals(Sum(snapshot), sealedState.Checksum, StringComparison.Ordinal)
                ? snapshot with
                {
                    State = Order(snapshot.State),
                }
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes it: a crash leaves the old one or the new one.</summary>
    internal void Save(string directory) =>
        DurableFile.Replace(
            Path.Combine(directory, FileName),
            JsonSerializer.SerializeToUtf8Bytes(new Sealed(Sum(this), this), LedgerJson.Options)
        );

    private static string Sum(Snapshot snapshot) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(snapshot, LedgerJson.Options)));

    /// <summary>Gives the dictionaries the order that the mechanism relies on.</summary>
    private static State Order(State state) =>
        state with
        {
            Members = state
                .Members.WithComparers(StringComparer.Ordinal)
                .SetItems(
                    state.Members.Values.Select(member =>
                        KeyValuePair.Create(
                            member.Name,
                            member with
                            {
                                Memberships = member.Memberships.WithComparers(StringComparer.Ordinal),
                            }
                        )
                    )
                ),
            Networks = state.Networks.WithComparers(StringComparer.Ordinal),
        };

    /// <summary>A snapshot with a checksum: a flipped digit must not become a balance.</summary>
    private sealed record Sealed(string Checksum, Snapshot Snapshot);
}
