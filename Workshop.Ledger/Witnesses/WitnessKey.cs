using System.Security.Cryptography;

namespace Workshop.Ledger.Witnesses;

/// <summary>A witness's key: ECDSA over P-256 with SHA-256, signatures of 64 bytes (P1363).</summary>
public sealed class WitnessKey : IDisposable
{
    private const string P256 = "1.2.840.10045.3.1.7";

    private const int SignatureBytes = 64;

    private readonly ECDsa key;

    private WitnessKey(ECDsa key)
    {
        this.key = key;
        PublicKey = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
    }

    /// <summary>The public key: SubjectPublicKeyInfo, base64.</summary>
    public string PublicKey { get; }

    /// <summary>Makes a key.</summary>
    public static WitnessKey Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Reads a key.</summary>
    /// <param name="content">As <see cref="Export"/> gave it.</param>
    /// <exception cref="FormatException">It is no such key.</exception>
    public static WitnessKey Read(byte[] content)
    {
        var read = ECDsa.Create();
        try
        {
            read.ImportPkcs8PrivateKey(content, out var length);
            if (length == content.Length && IsP256(read))
            {
                return new(read);
            }
        }
        catch (CryptographicException bad)
        {
            read.Dispose();
            throw new FormatException("It is no private key.", bad);
        }

        read.Dispose();
        throw new FormatException("It is no private key of P-256.");
    }

    /// <summary>The private key (PKCS 8), for a file that its owner alone reads.</summary>
    public byte[] Export() => key.ExportPkcs8PrivateKey();

    /// <summary>Signs a checkpoint.</summary>
    public SignedCheckpoint Sign(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return new(checkpoint, Convert.ToBase64String(key.SignData(checkpoint.Text(), HashAlgorithmName.SHA256)));
    }

    /// <summary>Why a text is no public key of a witness; null where it is one.</summary>
    public static string? Violation(string publicKey)
    {
        using var read = ReadPublic(publicKey);
        return read is null ? "Must be an ECDSA P-256 public key: SubjectPublicKeyInfo in base64." : null;
    }

    /// <summary>
    /// Whether a signature is written in the one way in which <see cref="Sign"/> writes it: base64 has room for any number of
    /// blanks. A replay takes every spelling, since ledgers may hold them.
    /// </summary>
    /// <param name="signature">As it came.</param>
    public static bool IsCanonical(string signature)
    {
        Span<byte> bytes = stackalloc byte[SignatureBytes];
        return Convert.TryFromBase64String(signature, bytes, out var length)
            && string.Equals(Convert.ToBase64String(bytes[..length]), signature, StringComparison.Ordinal);
    }

    /// <summary>
    /// Whether a signature is that of a key over a checkpoint. The last of the four lines may lack its line end, as it does
    /// where lines are joined.
    /// </summary>
    /// <param name="publicKey">SubjectPublicKeyInfo, base64.</param>
    /// <param name="checkpoint">What should have been signed.</param>
    /// <param name="signature">Base64.</param>
    public static bool Verifies(string publicKey, Checkpoint checkpoint, string signature)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        var bytes = new byte[SignatureBytes];
        if (
            signature is null
            || !Convert.TryFromBase64String(signature, bytes, out var length)
            || length != SignatureBytes
        )
        {
            return false;
        }

        using var read = ReadPublic(publicKey);
        ReadOnlySpan<byte> text = checkpoint.Text();
        return read is not null
            && (
                read.VerifyData(text, bytes, HashAlgorithmName.SHA256)
                || read.VerifyData(text[..^1], bytes, HashAlgorithmName.SHA256)
            );
    }

    /// <inheritdoc/>
    public void Dispose() => key.Dispose();

    /// <summary>One spelling for one key: what could be written in another way is refused.</summary>
    private static ECDsa? ReadPublic(string text)
    {
        var read = ECDsa.Create();
        try
        {
            var content = Convert.FromBase64String(text);
            read.ImportSubjectPublicKeyInfo(content, out _);
            if (
                IsP256(read)
                && string.Equals(
                    Convert.ToBase64String(read.ExportSubjectPublicKeyInfo()),
                    text,
                    StringComparison.Ordinal
                )
            )
            {
                return read;
            }
        }
        catch (Exception bad) when (bad is FormatException or CryptographicException)
        {
            // No key.
        }

        read.Dispose();
        return null;
    }

    private static bool IsP256(ECDsa key)
    {
        var curve = key.ExportParameters(includePrivateParameters: false).Curve;
        return curve.IsNamed && string.Equals(curve.Oid.Value, P256, StringComparison.Ordinal);
    }
}
