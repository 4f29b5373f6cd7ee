using LaboratoryBench.Processes;
using Workshop.AppHost.Postgres;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.AppHost.Postgres;

/// <summary>Damaged data folders are known before a server is started on them.</summary>
public sealed class DamageTests(PostgresFixture postgres) : IDisposable
{
    private readonly string scratch = TestFolders.Create("damage");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(scratch, recursive: true);

    [Fact]
    public async Task What_servers_leave_is_whole_and_each_kind_of_damage_is_named()
    {
        await using var pair = await postgres.CreatePair(Ct);
        Assert.Null(DataFolder.Damage(pair.First.Folder));
        await pair.Second.Kill(Ct);
        await pair.First.Stop(TimeSpan.FromSeconds(20), Ct);
        Assert.Null(DataFolder.Damage(pair.First.Folder));
        Assert.Null(DataFolder.Damage(pair.Second.Folder));

        var control = Path.Combine(pair.First.Folder, "global", "pg_control");
        var whole = await File.ReadAllBytesAsync(control, Ct);
        foreach (var broken in Broken(whole))
        {
            await File.WriteAllBytesAsync(control, broken, Ct);
            Assert.Contains("pg_control", DataFolder.Damage(pair.First.Folder), StringComparison.Ordinal);
        }

        File.Delete(control);
        Assert.Contains("pg_control", DataFolder.Damage(pair.First.Folder), StringComparison.Ordinal);
        await File.WriteAllBytesAsync(control, whole, Ct);
        foreach (var name in new[] { "PG_VERSION", "global/pg_filenode.map" })
        {
            var path = Path.Combine(pair.First.Folder, name);
            var kept = await File.ReadAllBytesAsync(path, Ct);
            await File.WriteAllBytesAsync(path, [], Ct);
            Assert.Contains(name, DataFolder.Damage(pair.First.Folder), StringComparison.Ordinal);
            File.Delete(path);
            Assert.Contains(name, DataFolder.Damage(pair.First.Folder), StringComparison.Ordinal);
            Assert.True(DataFolder.Exists(pair.First.Folder));
            await File.WriteAllBytesAsync(path, kept, Ct);
        }

        Directory.Move(Path.Combine(pair.First.Folder, "pg_wal"), Path.Combine(scratch, "pg_wal"));
        Assert.Contains("pg_wal", DataFolder.Damage(pair.First.Folder), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_whose_rewind_was_cut_short_leads_nobody_until_another_takes_its_place()
    {
        var folder = Directory.CreateDirectory(Path.Combine(scratch, "postgres-1")).FullName;
        Assert.False(DataFolder.IsStandby(folder));

        DataFolder.BeginRewind(folder);

        Assert.True(DataFolder.IsStandby(folder));
        Assert.Equal("pg_rewind was cut short", DataFolder.Damage(folder));

        DataFolder.Replace(folder, Directory.CreateDirectory(folder + ".new").FullName);
        Assert.False(DataFolder.IsStandby(folder));
        Assert.DoesNotContain("pg_rewind", DataFolder.Damage(folder), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "new")]
    [InlineData(false, "old")]
    public void A_replacement_that_was_cut_short_is_finished(bool hasDraft, string kept)
    {
        var folder = Path.Combine(scratch, "postgres-1");
        Make(folder + ".old", "old");
        if (hasDraft)
        {
            Make(folder + ".new", "new");
        }

        // The old one may be one whose rewind was cut short, and stays so; the new one is not.
        DataFolder.BeginRewind(folder);
        DataFolder.FinishReplace(folder);

        Assert.Equal(!hasDraft, DataFolder.IsStandby(folder));
        Assert.Equal(kept, File.ReadAllText(Path.Combine(folder, "PG_VERSION")));
        Assert.False(Directory.Exists(folder + ".old"));

        // Where the folder is there, what is beside it is left over.
        Make(folder + ".old", "old");
        DataFolder.FinishReplace(folder);
        Assert.Equal(kept, File.ReadAllText(Path.Combine(folder, "PG_VERSION")));
        Assert.False(Directory.Exists(folder + ".old"));

        static void Make(string path, string word) =>
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(path).FullName, "PG_VERSION"), word);
    }

    [Fact]
    public async Task A_whole_standby_without_its_primary_goes_on_on_a_timeline_of_its_own()
    {
        await using var pair = await postgres.CreatePair(Ct);
        await pair.First.Ask("CREATE TABLE orders (id int); INSERT INTO orders VALUES (1)", Ct);
        await pair.Second.WaitUntilStreaming(Ct);
        await pair.First.Stop(TimeSpan.FromSeconds(20), Ct);
        await pair.Second.Stop(TimeSpan.FromSeconds(20), Ct);

        DataFolder.StandAlone(pair.Second.Folder);
        DataFolder.RecoverToEnd(pair.Second.Folder, "latest");
        await pair.Second.Start(Ct);

        // It answers before the end of its log, and takes writes after it.
        await Eventually.Holds(() => pair.Second.TakesWrites(Ct), Ct);
        await pair.Second.Ask("INSERT INTO orders VALUES (2)", Ct);
        Assert.Equal(2, DataFolder.Timeline(pair.Second.Folder));
    }

    [Fact]
    public async Task A_standby_that_followed_a_promotion_with_its_own_data_loses_nothing_of_what_it_received()
    {
        await using var pair = await postgres.CreatePair(Ct);
        await pair.First.Ask("CREATE TABLE orders (id int); INSERT INTO orders VALUES (1)", Ct);
        await pair.Second.WaitUntilStreaming(Ct);
        await pair.First.Stop(TimeSpan.FromSeconds(20), Ct);
        await pair.Second.Ask("SELECT pg_promote()", Ct);
        await pair.Second.Ask($"SELECT pg_create_physical_replication_slot('{pair.First.Slot}')", Ct);
        pair.First.Follow(pair.Second);
        await pair.First.Start(Ct);
        await pair.First.WaitUntilStreaming(Ct);
        await pair.Second.Ask("INSERT INTO orders SELECT generate_series(2, 51)", Ct);
        await Eventually.Holds(async () => await pair.First.Ask("SELECT count(*) FROM orders", Ct) is 51L, Ct);
        await pair.Second.Kill(Ct);
        await pair.First.Kill(Ct);

        // Its control file still has the timeline of before: no checkpoint has come since.
        DataFolder.StandAlone(pair.First.Folder);
        DataFolder.RecoverToEnd(pair.First.Folder, "latest");
        await pair.First.Start(Ct);

        await Eventually.Holds(() => pair.First.TakesWrites(Ct), Ct);
        Assert.Equal(51L, await pair.First.Ask("SELECT count(*) FROM orders", Ct));
    }

    [Fact]
    public void Only_the_conductor_knows_whether_a_standby_may_lead()
    {
        var memory = new ConductorMemory(scratch);
        Assert.False(memory.MayLead("postgres-2"));
        foreach (
            var (content, mayLead) in new[]
            {
                ("""{"Term":1,"Primary":"postgres-1","Promotable":"postgres-2"}""", true),
                ("""{"Term":2,"Primary":"postgres-1","Pending":"postgres-2"}""", true),
                ("""{"Term":1,"Primary":"postgres-1"}""", false),
                ("", false),
                ("null", false),
                ("[]", false),
            }
        )
        {
            File.WriteAllText(Path.Combine(scratch, "conductor.json"), content);
            Assert.Equal(mayLead, memory.MayLead("postgres-2"));
            Assert.False(memory.MayLead("postgres-1"));
        }
    }

    [Theory]
    // A replica that was away when the standby was found behind.
    [InlineData(
        """{"Term":2,"Primary":"postgres-1","Promotable":"postgres-2","Mode":"Synchronous","Change":4}""",
        """{"Term":2,"Primary":"postgres-1","Mode":"Synchronous","Change":5}""",
        false,
        false,
        true
    )]
    [InlineData(
        """{"Term":2,"Primary":"postgres-1","Promotable":"postgres-2","Mode":"Synchronous","Change":6}""",
        """{"Term":2,"Primary":"postgres-1","Mode":"Synchronous","Change":5}""",
        true,
        false,
        true
    )]
    [InlineData(
        """{"Term":2,"Primary":"postgres-1","Promotable":"postgres-2","Mode":"Synchronous","Change":9}""",
        """{"Term":3,"Primary":"postgres-1","Mode":"Basic","Change":5}""",
        false,
        true,
        false
    )]
    // Of before changes were counted: nobody knows which is the later.
    [InlineData(
        """{"Term":2,"Primary":"postgres-1","Promotable":"postgres-2","Mode":"Synchronous"}""",
        """{"Term":2,"Primary":"postgres-1","Mode":"Basic"}""",
        false,
        false,
        true
    )]
    public void Of_several_registries_the_latest_change_counts_whichever_is_the_first(
        string one,
        string other,
        bool mayLead,
        bool leadsAlone,
        bool isPaired
    )
    {
        var folders = new[] { Path.Combine(scratch, "registry"), Path.Combine(scratch, "registry-2") };
        foreach (var (folder, content) in folders.Zip([one, other]))
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "conductor.json"), content);
        }

        foreach (var memory in new[] { new ConductorMemory(folders), new ConductorMemory([.. folders.Reverse()]) })
        {
            Assert.Equal(
                (mayLead, leadsAlone, isPaired),
                (memory.MayLead("postgres-2"), memory.LeadsAlone("postgres-1"), memory.IsPaired(usual: true))
            );
        }
    }

    [Fact]
    public async Task A_server_that_basic_mode_has_given_up_is_not_taken_back_whatever_timeline_it_knows()
    {
        await using var pair = await postgres.CreatePair(Ct);
        await pair.First.Stop(TimeSpan.FromSeconds(20), Ct);
        await pair.Second.Ask("SELECT pg_promote(); CHECKPOINT", Ct);
        await Eventually.Holds(() => pair.Second.TakesWrites(Ct), Ct);
        await pair.Second.Stop(TimeSpan.FromSeconds(20), Ct);
        var memory = new ConductorMemory(scratch);
        await File.WriteAllTextAsync(
            Path.Combine(scratch, "conductor.json"),
            """{"Term":3,"Primary":"postgres-1","Mode":"Basic"}""",
            Ct
        );

        AbandonedPartner.TakeOver(pair.First.Folder, memory);

        Assert.Equal(1, DataFolder.Timeline(pair.First.Folder));
        Assert.False(Directory.Exists(pair.Second.Folder));
    }

    [Theory]
    [InlineData("{}", null, true)]
    [InlineData("""{"Term":1,"Primary":"postgres-1"}""", null, true)]
    [InlineData("""{"Term":1,"Primary":"postgres-1","Mode":"Basic"}""", "basic", false)]
    [InlineData("""{"Term":1,"Primary":"postgres-1","Mode":"Basic","Wanted":"Basic"}""", "basic", false)]
    [InlineData("""{"Term":1,"Primary":"postgres-1","Mode":"Basic","Wanted":"Synchronous"}""", "basic", true)]
    [InlineData("""{"Term":1,"Primary":"postgres-1","Mode":"Synchronous","Wanted":"Basic"}""", "synchronous", true)]
    public void The_conductor_knows_the_mode_and_whether_two_servers_are_in_use(
        string content,
        string? mode,
        bool isPaired
    )
    {
        var memory = new ConductorMemory(scratch);
        File.WriteAllText(Path.Combine(scratch, "conductor.json"), content);

        Assert.Equal((mode, isPaired), (memory.Mode, memory.IsPaired(usual: true)));
    }

    private static IEnumerable<byte[]> Broken(byte[] whole)
    {
        yield return [];
        yield return whole[..(whole.Length / 2)];
        yield return new byte[whole.Length];
        foreach (var place in new[] { 0, 8, 100, 200, 250 })
        {
            var flipped = whole.ToArray();
            flipped[place] ^= 1;
            yield return flipped;
        }
    }
}
