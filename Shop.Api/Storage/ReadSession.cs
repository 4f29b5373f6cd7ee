using Npgsql;

namespace Shop.Api.Storage;

/// <summary>A connection for one read, and what the mode wants done around it.</summary>
/// <param name="connection">Open, and owned by the session.</param>
public sealed class ReadSession(NpgsqlConnection connection)
{
    /// <summary>Longest time for the read where there is another place to read from; null for none.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>
    /// Told that the server is not fit to be read from: the read did not end in <see cref="Limit"/>, or what it reads is not
    /// there yet. Null where there is no other place.
    /// </summary>
    public Action? Unfit { get; init; }

    /// <summary>Awaited once the read has its snapshot; null when there is nothing to do.</summary>
    public Func<Task>? Seen { get; init; }

    /// <summary>Runs the read and closes the connection, whether somebody still waits or not.</summary>
    /// <param name="read">Reads only.</param>
    /// <returns>What was read.</returns>
    public async Task<T> Run<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> read)
    {
        await using (connection)
        {
            var result = await read(connection, CancellationToken.None);
            if (Seen is not null)
            {
                await Seen();
            }

            return result;
        }
    }
}
