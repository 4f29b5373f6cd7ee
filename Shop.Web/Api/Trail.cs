namespace Shop.Web.Api;

/// <summary>
/// Who answered while one page was made, and whether somebody had to step in. One per request; the footer and the
/// banner are drawn from it.
/// </summary>
public sealed class Trail
{
    /// <summary>A wait shorter than this is not worth a word to the reader.</summary>
    public static readonly TimeSpan WorthMentioning = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly List<string> _servers = [];

    /// <summary>Raised after each answer, so that what was drawn before can be drawn again.</summary>
    public event EventHandler? Changed;

    /// <summary>The instances that answered, in the order of their first answer.</summary>
    public IReadOnlyList<string> Servers
    {
        get
        {
            lock (_gate)
            {
                return [.. _servers];
            }
        }
    }

    /// <summary>Longest time that this page waited for one call that met a failure on its way.</summary>
    public TimeSpan Rerouted { get; private set; }

    /// <summary>Notes one finished call.</summary>
    /// <param name="server">The instance that answered, if one did.</param>
    /// <param name="took">From the first attempt to the answer.</param>
    /// <param name="failedAttempts">Attempts that were refused, broken or answered with 503 before.</param>
    public void Note(string? server, TimeSpan took, int failedAttempts)
    {
        lock (_gate)
        {
            if (server is not null && !_servers.Contains(server, StringComparer.Ordinal))
            {
                _servers.Add(server);
            }

            if (failedAttempts > 0 && took > Rerouted)
            {
                Rerouted = took;
            }
        }

        Changed?.Invoke(this, EventArgs.Empty);
    }
}
