using System.Globalization;
using System.Text;

namespace Workshop.Ledger.Witnesses;

/// <summary>How far a ledger has come: what a witness signs.</summary>
/// <param name="Origin">Hash of block 0, which says whose ledger it is.</param>
/// <param name="Height">Of the block.</param>
/// <param name="Hash">Of that block; with it all blocks before are fixed.</param>
public sealed record Checkpoint(string Origin, long Height, string Hash)
{
    private const string FirstLine = "workshop-ledger";

    /// <summary>The four lines that are signed, each with its line end.</summary>
    internal byte[] Text() =>
        Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{FirstLine}\n{Origin}\n{Height}\n{Hash}\n")
        );
}

/// <summary>A checkpoint with its signature.</summary>
/// <param name="Checkpoint">What was signed.</param>
/// <param name="Signature">64 bytes (P1363), base64.</param>
public sealed record SignedCheckpoint(Checkpoint Checkpoint, string Signature);
