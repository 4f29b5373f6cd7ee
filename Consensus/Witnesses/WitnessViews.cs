namespace Consensus.Witnesses;

/// <summary>The body of <c>POST /ledger/witnesses</c>.</summary>
/// <param name="Name">A member that registered with a key.</param>
/// <param name="Height">Of the block that was signed.</param>
/// <param name="Hash">Of that block.</param>
/// <param name="Signature">
/// ECDSA P-256 with SHA-256, 64 bytes (P1363), base64, over four lines: workshop-ledger, hash of block 0, height, hash.
/// </param>
/// <param name="Block">
/// Where the ledger shows something else now: the witness's own line of the first block that differs.
/// </param>
internal sealed record WitnessRequest(string Name, long Height, string Hash, string Signature, string? Block = null);

/// <summary>A witness, as far as it has signed.</summary>
/// <param name="Name">Of the member.</param>
/// <param name="Height">Of the last block that it signed; null before the first.</param>
/// <param name="Hash">Of that block.</param>
/// <param name="Time">When the signature came.</param>
/// <param name="Signature">Over that block.</param>
/// <param name="Key">SubjectPublicKeyInfo, base64.</param>
/// <param name="Fork">What it signed that is not of this ledger; null where there is nothing.</param>
internal sealed record WitnessView(
    string Name,
    long? Height,
    string? Hash,
    string? Time,
    string? Signature,
    string Key,
    WitnessFork? Fork
);

/// <summary>Two versions of a ledger, the first of them signed by a witness.</summary>
/// <param name="Signed">What the witness signed, and its own line where the two part, if it sent one.</param>
/// <param name="Shown">What this ledger has in its place.</param>
/// <param name="Time">When the witness said so.</param>
internal sealed record WitnessFork(ForkVersion Signed, ForkVersion Shown, string Time);

/// <summary>One version.</summary>
/// <param name="Height">Of the signed block; where this ledger ends before it, of its last one.</param>
/// <param name="Hash">Of that block.</param>
/// <param name="Signature">Null for what this ledger shows.</param>
/// <param name="Block">A line of this version where the two part; null where it is not known, or too long.</param>
internal sealed record ForkVersion(long Height, string Hash, string? Signature, string? Block);
