using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Files;

namespace Consensus.Ledger;

/// <summary>
/// The consensus's secret: the seeds of gold rows and the members' own tokens follow from it. A file of the ledger's
/// folder that its owner alone may read.
/// </summary>
internal sealed class GoldKey
{
    private const string FileName = "gold.key";

    private const int KeyBytes = 32;

    private readonly string path;

    private volatile byte[]? key;

    private GoldKey(string path, byte[]? key)
    {
        this.path = path;
        this.key = key;
    }

    /// <summary>The key in hexadecimal; null where it is not known yet, which only a replica's is.</summary>
    internal string? Known => key is { } bytes ? Convert.ToHexStringLower(bytes) : null;

    /// <summary>Reads the key of a folder, or makes one where there is none that is whole.</summary>
    /// <param name="directory">The folder; made if it is not there.</param>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    internal static GoldKey Open(string directory)
    {
        var known = Find(directory);
        if (known.key is null)
        {
            known.Adopt(Make());
        }

        return known;
    }

    /// <summary>Reads the key of a folder, or waits for <see cref="Adopt"/>: replicas have one key together.</summary>
    /// <param name="directory">The folder; made if it is not there.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal static GoldKey Find(string directory)
    {
        Directory.CreateDirectory(directory);
        var file = Path.Combine(directory, FileName);
        return new(file, File.Exists(file) && File.ReadAllBytes(file) is { Length: KeyBytes } known ? known : null);
    }

    /// <summary>A new key, in hexadecimal.</summary>
    internal static string Make() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes));

    /// <summary>Keeps the key, and works by it from now on.</summary>
    /// <param name="made">In hexadecimal.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    internal void Adopt(string made)
    {
        var bytes = Convert.FromHexString(made);
        DurableFile.Replace(path, bytes, isSecret: true);
        key = bytes;
    }

    /// <summary>HMAC-SHA256 under the key of the text <c>gold</c>, network and batch number, line by line; hexadecimal.</summary>
    internal string SeedOf(string network, long number) =>
        Convert.ToHexStringLower(Mac($"gold\n{network}\n{number.ToString(CultureInfo.InvariantCulture)}"));

    /// <summary>What lets a member leave: nobody can guess it, and nothing has to be kept for it.</summary>
    internal string MemberTokenOf(string name) => Convert.ToHexStringLower(Mac($"member\n{name}"));

    private byte[] Mac(string text) =>
        HMACSHA256.HashData(
            key
                ?? throw new ServiceUnavailableException(
                    "This replica does not know the network's key yet; ask again."
                ),
            Encoding.UTF8.GetBytes(text)
        );
}
