using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shop.Api.Storage;
using Xunit;

namespace Workshop.Tests.ShopApi.Storage;

public sealed class TransienceTests
{
    [Theory]
    [InlineData("25006", true)] // read-only: a standby, or a primary that was one a moment ago
    [InlineData("57P01", true)] // terminated by an administrator
    [InlineData("57P02", true)] // another backend crashed
    [InlineData("57P03", true)] // starting up
    [InlineData("40001", true)] // serialization
    [InlineData("40P01", true)] // deadlock
    [InlineData("53300", true)] // too many connections
    [InlineData("53100", true)] // disk full
    [InlineData("08006", true)] // connection failure
    [InlineData("3D000", true)] // the database is not made yet
    [InlineData("55P03", true)] // lock not available
    [InlineData("25P03", true)] // idle in transaction
    [InlineData("57014", true)] // cancelled
    [InlineData("58030", true)] // a file could not be read or written
    [InlineData("58P01", true)] // a file of the server's is gone
    [InlineData("XX001", true)] // a damaged page
    [InlineData("XX002", true)] // a damaged index
    [InlineData("57P05", true)] // idle for too long
    [InlineData("0A000", true)] // a prepared plan of a table that was changed
    [InlineData("42804", true)] // the same of a function's
    [InlineData("23505", false)] // unique violation
    [InlineData("23514", false)] // check violation
    [InlineData("42P01", false)] // no such table
    [InlineData("42601", false)] // syntax
    [InlineData("22003", false)] // out of range
    [InlineData("25P02", false)] // in a failed transaction
    [InlineData("28P01", false)] // wrong password
    [InlineData("XX000", false)] // a defect of the server's own
    public void A_servers_error_passes_by_itself_or_not(string sqlState, bool passes) =>
        Assert.Equal(passes, Transience.IsTransient(new PostgresException("", "ERROR", "ERROR", sqlState)));

    public static TheoryData<Exception, bool> Losses =>
        new()
        {
            { new NpgsqlException("No suitable host was found."), true },
            { new NpgsqlException("Failed to connect", new SocketException((int)SocketError.ConnectionRefused)), true },
            { new NpgsqlException("The connection pool has been exhausted", new TimeoutException()), false },
            { new CommitUnknownException(new NpgsqlException("broken", new IOException("reset"))), true },
            { new CommitUnknownException("canceling wait for synchronous replication"), false },
            { new StorageUnavailableException(new TimeoutException()), false },
            { new PostgresException("", "FATAL", "FATAL", "57P01"), true },
            { new PostgresException("", "ERROR", "ERROR", "25006"), true },
            { new PostgresException("", "ERROR", "ERROR", "40P01"), false },
            { new PostgresException("", "ERROR", "ERROR", "XX001"), false },
            { new PostgresException("", "FATAL", "FATAL", "57P05"), false },
            { new PostgresException("", "ERROR", "ERROR", "55P03"), false },
            { new InvalidOperationException("a defect"), false },
        };

    [Theory]
    [MemberData(nameof(Losses))]
    public void An_error_says_that_the_server_is_lost_or_not(Exception error, bool isLost) =>
        Assert.Equal(isLost, Transience.IsLostSession(error));

    public static TheoryData<Exception, bool> Others =>
        new()
        {
            { new NpgsqlException("No suitable host was found."), true },
            { new NpgsqlException("Failed to connect", new SocketException((int)SocketError.ConnectionRefused)), true },
            { new NpgsqlException("The connection pool has been exhausted", new TimeoutException()), true },
            { new IOException("broken pipe"), true },
            { new DbUpdateException("wrapped", new PostgresException("", "FATAL", "FATAL", "57P01")), true },
            { new InvalidOperationException("likely transient", new NpgsqlException("broken")), true },
            { new DbUpdateException("wrapped", new PostgresException("", "ERROR", "ERROR", "23505")), false },
            { new InvalidOperationException("a defect"), false },
            { new FormatException("a defect"), false },
        };

    [Theory]
    [MemberData(nameof(Others))]
    public void Another_error_passes_by_itself_or_not(Exception error, bool passes) =>
        Assert.Equal(passes, Transience.IsTransient(error));
}
