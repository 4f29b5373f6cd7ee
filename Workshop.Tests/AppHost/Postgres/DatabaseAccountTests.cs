using System.Globalization;
using LaboratoryBench.Processes;
using Npgsql;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.AppHost.Postgres;

/// <summary>What a service's account may do in the databases of a whole workshop, and what it may not.</summary>
[Collection(WorkshopFixture.Name)]
public sealed class DatabaseAccountTests(WorkshopFixture fixture)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("SELECT count(*) FROM products")]
    [InlineData("SELECT count(*) FROM pg_stat_replication")]
    public async Task The_shop_reads_its_rows(string sql) => Assert.NotNull(await Run("shop", "shop", sql));

    [Theory]
    [InlineData("shop", "shop", "CREATE TABLE mine (id int)")]
    [InlineData("shop", "shop", "DROP TABLE products")]
    [InlineData("shop", "shop", "TRUNCATE products")]
    [InlineData("shop", "shop", "COPY (SELECT 1) TO PROGRAM 'true'")]
    [InlineData("shop", "shop", "COPY (SELECT 1) TO '/tmp/mine'")]
    [InlineData("shop", "shop", "SELECT pg_read_file('postgresql.auto.conf')")]
    [InlineData("shop", "shop", "ALTER SYSTEM SET fsync = off")]
    [InlineData("shop", "shop", "SELECT rolpassword FROM pg_authid")]
    [InlineData("shop", "shop", "SELECT pg_promote()")]
    [InlineData("conductor", "shop", "SELECT count(*) FROM orders")]
    [InlineData("conductor", "postgres", "CREATE TABLE mine (id int)")]
    [InlineData("conductor", "postgres", "ALTER SYSTEM SET fsync = off")]
    [InlineData("conductor", "postgres", "COPY (SELECT 1) TO PROGRAM 'true'")]
    public async Task And_nobody_does_what_is_not_its_duty(string account, string database, string sql)
    {
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => Run(account, database, sql));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
    }

    private async Task<object?> Run(string account, string database, string sql)
    {
        var port = 5433 + fixture.Workshop.PortOffset;
        var connection = new NpgsqlConnectionStringBuilder
        {
            // Whichever of the two leads: other tests move the roles.
            Host = string.Create(CultureInfo.InvariantCulture, $"localhost:{port},localhost:{port + 1}"),
            TargetSessionAttributes = "primary",
            Username = account,
            Password = WorkshopProcess.DatabasePassword,
            Database = database,
        };
        await using var source = NpgsqlDataSource.Create(connection);
        await using var session = await source.OpenConnectionAsync(Ct);
        await using var batch = new NpgsqlBatch(session) { BatchCommands = { new(sql) } };
        return await batch.ExecuteScalarAsync(Ct);
    }
}
