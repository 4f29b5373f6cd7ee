using System.Globalization;
using System.Security.Cryptography;
using System.Text;
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

    private readonly byte[] key;

    private GoldKey(byte[] key) => this.key = key;

    /// <summary>Reads the key of a folder, or makes one where there is none that is whole.</summary>
    /// <param name="directory">The folder; made if it is not there.</param>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    internal static GoldKey Open(string directory)
    {
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, FileName);
        if (File.Exists(path) && File.ReadAllBytes(path) is { Length: KeyBytes } known)
        {
            return new(known);
        }

        var made = RandomNumberGenerator.GetBytes(KeyBytes);
        DurableFile.Replace(path, made, isSecret: true);
        return new(made);
    }

    /// <summary>HMAC-SHA256 under the key of the text <c>gold</c>, network and batch number, line by line; hexadecimal.</summary>
    internal string SeedOf(string network, long number) =>
        Convert.ToHexStringLower(Mac($"gold\n{network}\n{number.ToString(CultureInfo.InvariantCulture)}"));

    /// <summary>What lets a member leave: nobody can guess it, and nothing has to be kept for it.</summary>
    internal string MemberTokenOf(string name) => Convert.ToHexStringLower(Mac($"member\n{name}"));

    private byte[] Mac(string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
