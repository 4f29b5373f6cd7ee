using System.Text.Json;
using System.Xml;
using Microsoft.Extensions.Logging;

namespace Workshop.ServiceDefaults.Files;

/// <summary>
/// The one way to read and write a file that can be made again: what cannot be read is set aside with a log line, and what
/// cannot be written is a log line. Never for the truth itself, such as a ledger.
/// </summary>
public static class StateFile
{
    /// <summary>Added to the name of what was set aside.</summary>
    public const string Aside = ".unreadable";

    /// <summary>Most files of one name that are kept aside.</summary>
    private const int MaxAside = 10;

    /// <summary>Reads a file that may be missing, empty, cut short, a folder, or not ours to read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="parse">
    /// Makes a value of the content; throws <see cref="JsonException"/>, <see cref="XmlException"/> or
    /// <see cref="FormatException"/> for what is none.
    /// </param>
    /// <param name="logger">Hears of what is set aside.</param>
    /// <returns>The value; null when there is none, and the file, if there was one, is out of the way.</returns>
    public static T? Read<T>(string path, Func<byte[], T?> parse, ILogger logger)
        where T : class
    {
        try
        {
            if (Directory.Exists(path))
            {
                throw new FormatException("It is a folder.");
            }

            return File.Exists(path)
                ? parse(File.ReadAllBytes(path)) ?? throw new FormatException("It is empty.")
                : null;
        }
        catch (Exception error)
            when (error
                    is JsonException
                        or XmlException
                        or FormatException
                        or IOException
                        or UnauthorizedAccessException
            )
        {
            SetAside(path, error.Message, logger);
            return null;
        }
    }

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="path">The file; its folder is made.</param>
    /// <param name="content">The whole content.</param>
    /// <param name="logger">Hears of what could not be written.</param>
    /// <param name="isSecret">Whether its owner alone may read it.</param>
    /// <returns>False when it could not be written; the old content stands.</returns>
    public static bool TryWrite(string path, ReadOnlySpan<byte> content, ILogger logger, bool isSecret = false)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            DurableFile.Replace(path, content, isSecret);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogMessages.StateNotWritten(logger, path, error.Message);
            return false;
        }
    }

    /// <summary>Renames a file or folder, so that another can take its place and a person can look at it.</summary>
    /// <param name="path">What is in the way.</param>
    /// <param name="reason">Why, for the log.</param>
    /// <param name="logger">Hears of it.</param>
    public static void SetAside(string path, string reason, ILogger logger)
    {
        try
        {
            var target = path + Aside;
            for (var number = 2; Path.Exists(target) && number <= MaxAside; number++)
            {
                target = $"{path}{Aside}-{number}";
            }

            if (Directory.Exists(path))
            {
                Directory.Move(path, target);
            }
            else
            {
                File.Move(path, target, overwrite: true);
            }

            LogMessages.StateSetAside(logger, path, target, reason);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogMessages.StateSetAside(logger, path, $"nowhere: {error.Message}", reason);
        }
    }
}
