using System.Diagnostics;

namespace Shop.Web.Api;

/// <summary>
/// Who answered while one page was made, and whether somebody had to step in. One per request; the footer and the
/// banner are drawn from it.
/// </summary>
public sealed class Trail
{
    /// <summary>A wait shorter than this is not worth a word to the reader.</summary>
    public static readonly TimeSpan WorthMentioning = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private readonly List<string> servers = [];

    /// <summary>Raised after each answer, so that what was drawn before can be drawn again.</summary>
    public event EventHandler? Changed;

    /// <summary>The instances that answered, in the order of their first answer.</summary>
    public IReadOnlyList<string> Servers
    {
        get
        {
            lock (gate)
            {
                return [.. servers];
            }
        }
    }

    /// <summary>The trace that is under way, as the dashboard knows it; null where it is not recorded.</summary>
    public static string? TraceId =>
        Activity.Current is { Recorded: true } activity ? activity.TraceId.ToHexString() : null;

    /// <summary>The instance that answered last; null while none did.</summary>
    public string? LastServer { get; private set; }

    /// <summary>Whether a service was asked that did not answer.</summary>
    public bool MetSilence { get; private set; }

    /// <summary>Longest time that this page waited for one call that met a failure on its way.</summary>
    public TimeSpan Rerouted { get; private set; }

    /// <summary>Notes one finished call.</summary>
    /// <param name="server">The instance that answered, if it says so.</param>
    /// <param name="took">From the first attempt to the answer.</param>
    /// <param name="failedAttempts">Attempts that failed before; 0 where nobody stepped in.</param>
    public void Note(string? server, TimeSpan took, int failedAttempts)
    {
        lock (gate)
        {
            if (server is not null && !servers.Contains(server, StringComparer.Ordinal))
            {
                servers.Add(server);
            }

            LastServer = server ?? LastServer;
            if (failedAttempts > 0 && took > Rerouted)
            {
                Rerouted = took;
            }
        }

        Changed?.Invoke(this, EventArgs.Empty);
    }

    /// <summary>Notes a call that nobody answered.</summary>
    public void NoteSilence()
    {
        MetSilence = true;
        Changed?.Invoke(this, EventArgs.Empty);
    }
}
