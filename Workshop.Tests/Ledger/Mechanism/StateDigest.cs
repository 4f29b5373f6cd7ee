using System.Security.Cryptography;
using System.Text.Json;
using Workshop.Ledger.Blocks;
using Workshop.Ledger.Mechanism;

namespace Workshop.Tests.Ledger.Mechanism;

/// <summary>A state as one short text: two are equal when all their numbers are, to the last bit.</summary>
internal static class StateDigest
{
    internal static string Of(State state) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(state, LedgerJson.Options)));
}
