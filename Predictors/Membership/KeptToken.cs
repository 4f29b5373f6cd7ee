namespace Predictors.Membership;

/// <summary>The member token, kept for later starts in a file that the owner alone reads.</summary>
/// <param name="folder">Outlives the process.</param>
/// <param name="logger">Hears of files that cannot be read or written.</param>
internal sealed class KeptToken(string folder, ILogger logger)
{
    private const string FileName = "member-token";

    private string File => Path.Combine(folder, FileName);

    /// <summary>The token; null where none is kept, or it cannot be read.</summary>
    internal string? Read()
    {
        try
        {
            return System.IO.File.Exists(File) ? System.IO.File.ReadAllText(File).Trim() : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogMessages.TokenNotKept(logger, failure, File);
            return null;
        }
    }

    /// <summary>Keeps a token; a consensus that gave none leaves what is there.</summary>
    internal void Write(string? token)
    {
        if (string.IsNullOrEmpty(token))
        {
            return;
        }

        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            Directory.CreateDirectory(folder);
            using var file = new StreamWriter(File, options);
            file.Write(token);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogMessages.TokenNotKept(logger, failure, File);
        }
    }
}
