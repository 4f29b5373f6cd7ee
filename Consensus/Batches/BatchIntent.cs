using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Workshop.Ledger.Mechanism;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Idempotency;
using Workshop.ServiceDefaults.Tokens;

namespace Consensus.Batches;

/// <summary>
/// What a batch under a key is called in the ledger. The key stands in the batch's own block: both are on disk, or neither,
/// and after a restart the key is known as long as the batch is.
/// </summary>
internal static class BatchIntent
{
    private const string Operator = "operator";

    private const string Anybody = "";

    /// <summary>The intent of a request; null without a key.</summary>
    /// <param name="key">The caller's key.</param>
    /// <param name="http">The request: the operator's keys are not anybody's.</param>
    /// <param name="size">As it was asked for; null where it was left open.</param>
    /// <param name="lines">The rows as they were understood.</param>
    /// <exception cref="InvalidRequestException">The key could be somebody else's.</exception>
    internal static Intent? Of(IdempotencyKey? key, HttpContext http, int? size, IReadOnlyList<string> lines)
    {
        if (key is null)
        {
            return null;
        }

        var caller = http.User.IsOperator() ? Operator : Anybody;
        if (caller is Anybody && key.Value.Length < IdempotencyKey.MinLengthWithoutUser)
        {
            throw new InvalidRequestException(IdempotencyKey.Header, IdempotencyKey.RuleWithoutUser);
        }

        return new(
            Digest($"{caller} {key.Value}"),
            Digest($"{size?.ToString(CultureInfo.InvariantCulture)}\n{string.Join('\n', lines)}")
        );
    }

    private static string Digest(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
