using System.Text;
using Workshop.ServiceDefaults.Files;

namespace Predictors.Membership;

/// <summary>The member token, kept for later starts in a file that the owner alone reads.</summary>
/// <param name="folder">Outlives the process.</param>
/// <param name="logger">Hears of files that cannot be read or written.</param>
internal sealed class KeptToken(string folder, ILogger logger)
{
    private readonly string path = Path.Combine(folder, "member-token");

    /// <summary>The token; null where none is kept, or it cannot be read.</summary>
    internal string? Read() =>
        StateFile.Read(
            path,
            content => Encoding.UTF8.GetString(content).Trim() is { Length: > 0 } token ? token : null,
            logger
        );

    /// <summary>Keeps a token; a consensus that gave none leaves what is there.</summary>
    internal void Write(string? token)
    {
        if (!string.IsNullOrEmpty(token))
        {
            StateFile.TryWrite(path, Encoding.UTF8.GetBytes(token), logger, isSecret: true);
        }
    }
}
