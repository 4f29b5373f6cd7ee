using System.Buffers.Binary;
using System.Numerics;

namespace Workshop.AppHost.Postgres;

/// <summary>
/// <c>global/pg_control</c>, on which all else of a data folder depends. Its last word is the CRC-32C of what stands before
/// it, and the rest of the file is zeros; where that word stands depends on PostgreSQL's version.
/// </summary>
internal static class ControlFile
{
    private const int FileBytes = 8192;

    /// <summary>The checksum stands within these bounds in versions 17 and 18, and in those to come for a while.</summary>
    private const int FirstPlace = 128;

    private const int LastPlace = 512;

    private const int WordBytes = sizeof(uint);

    /// <summary>Reads again where it is not whole: a running server may just write it.</summary>
    private const int Looks = 3;

    /// <summary>Whether the control file of <paramref name="folder"/> is there, and is what its server wrote.</summary>
    internal static bool IsWhole(string folder)
    {
        var path = Path.Combine(folder, "global", "pg_control");
        return File.Exists(path)
            && Enumerable.Range(0, Looks).Select(_ => File.ReadAllBytes(path)).Any(content => IsWhole(content));
    }

    /// <summary>Whether the content of a control file is what its server wrote.</summary>
    internal static bool IsWhole(ReadOnlySpan<byte> content)
    {
        if (content.Length != FileBytes)
        {
            return false;
        }

        var sum = uint.MaxValue;
        for (var place = 0; place < LastPlace; place++)
        {
            if (
                place >= FirstPlace
                && place % WordBytes == 0
                && BinaryPrimitives.ReadUInt32LittleEndian(content[place..]) == ~sum
                && !content[(place + WordBytes)..].ContainsAnyExcept((byte)0)
            )
            {
                return true;
            }

            sum = BitOperations.Crc32C(sum, content[place]);
        }

        return false;
    }
}
