using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Predictors.Data;
using Predictors.Evaluation;
using Predictors.Models.Learners;

namespace Predictors.Models;

/// <summary>
/// Keeps what was computed from (data, parameters, code) in files, so that it is computed once. Several processes may
/// share the folder: a file is complete or absent, and its first line is the hash of the rest. A file that does not
/// verify is computed anew.
/// </summary>
/// <param name="folder">Where the files are; made when needed.</param>
/// <param name="logger">Hears of files that cannot be used or written.</param>
public sealed class ModelCache(string folder, ILogger logger)
{
    private const int KeyHexDigits = 32;

    /// <summary>Of other code, other data or other parameters.</summary>
    private const int MaxKeptOfAName = 8;

    /// <summary>The file of one thing: its name, then the key of all that it was computed from.</summary>
    /// <param name="name">For example <c>iris-linear</c>.</param>
    /// <param name="learner">Its parameters are part of the key.</param>
    /// <param name="network">Its data file and the domains of its columns are part of the key.</param>
    public string PathOf(string name, ILearner learner, Network network)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{name}\n{learner.Name}\n{learner.Parameters(network)}\n"));
        var domains = network.Columns.Select(column => column.Domain());
        hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\n', DataSet.Lines(network).Concat(domains))));
        // The compiler makes this identity from the code itself: other code, other models.
        hash.AppendData(typeof(ModelCache).Module.ModuleVersionId.ToByteArray());
        var key = Convert.ToHexStringLower(hash.GetHashAndReset())[..KeyHexDigits];
        return Path.Combine(folder, $"{name}-{key}.json");
    }

    /// <summary>Reads the file, or computes and writes it.</summary>
    /// <param name="path">From <see cref="PathOf"/>.</param>
    /// <param name="type">How to write and read it.</param>
    /// <param name="compute">Computes it when there is no good file.</param>
    public T GetOrCompute<T>(string path, JsonTypeInfo<T> type, Func<T> compute)
        where T : class
    {
        if (TryRead(path, type) is { } known)
        {
            return known;
        }

        var computed = compute();
        TryWrite(path, JsonSerializer.SerializeToUtf8Bytes(computed, type));
        return computed;
    }

    private T? TryRead<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            if (!File.Exists(path))
            {
                return null;
            }

            var bytes = File.ReadAllBytes(path).AsSpan();
            var newline = bytes.IndexOf((byte)'\n');
            if (newline < 0 || !bytes[..newline].SequenceEqual(HashLine(bytes[(newline + 1)..])))
            {
                throw new InvalidDataException("The file does not match its hash.");
            }

            return JsonSerializer.Deserialize(bytes[(newline + 1)..], type);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or InvalidDataException or JsonException)
        {
            LogMessages.CacheUnusable(logger, exception, path);
            return null;
        }
    }

    /// <summary>
    /// Writes a neighbour file, flushes it to disk, and renames it: readers see all of it or nothing.
    /// </summary>
    private void TryWrite(string path, byte[] json)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            Directory.CreateDirectory(folder);
            using (var file = new FileStream(temporary, FileMode.CreateNew))
            {
                file.Write(HashLine(json));
                file.WriteByte((byte)'\n');
                file.Write(json);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
            Prune(Path.GetFileName(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The model in memory is good; only the next start will be slower.
            LogMessages.CacheNotWritten(logger, exception, path);
            if (File.Exists(temporary))
            {
                File.Delete(temporary);
            }
        }
    }

    /// <summary>Every build of other code makes files of its own; the oldest of a name go.</summary>
    private void Prune(string written)
    {
        var name = written[..(written.LastIndexOf('-') + 1)];
        foreach (
            var old in new DirectoryInfo(folder)
                .GetFiles($"{name}*.json")
                .Where(file => file.Name.Length == written.Length)
                .OrderByDescending(file => file.LastWriteTimeUtc)
                .Skip(MaxKeptOfAName)
        )
        {
            old.Delete();
        }
    }

    private static byte[] HashLine(ReadOnlySpan<byte> json) =>
        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(json)));
}

/// <summary>How cached things are written; made at build time, so that no start pays for reflection.</summary>
[JsonSerializable(typeof(TrainedModel))]
[JsonSerializable(typeof(NetworkScore))]
public sealed partial class CacheJson : JsonSerializerContext;
