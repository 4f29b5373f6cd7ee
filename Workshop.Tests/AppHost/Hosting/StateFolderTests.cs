using LaboratoryBench.Processes;
using Workshop.AppHost;
using Workshop.AppHost.Hosting;
using Xunit;

namespace Workshop.Tests.AppHost.Hosting;

/// <summary>State folders and ports that cannot be used are refused in words, before anything is started.</summary>
public sealed class StateFolderTests : IDisposable
{
    private readonly string folder = TestFolders.Create("state-folder");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_file_in_the_place_of_the_state_folder_is_said_so()
    {
        File.WriteAllText(Path.Combine(folder, ".workshop"), "");

        AssertRefused();
    }

    [Fact]
    public void A_folder_of_something_else_is_left_as_it_is()
    {
        var letter = Path.Combine(folder, "letter.txt");
        File.WriteAllText(letter, "Dear Ann");

        AssertRefused(WorkshopOptions.Read(["--reset"]) with { StateFolder = folder });

        Assert.Equal("Dear Ann", File.ReadAllText(letter));
    }

    [Fact]
    public void A_predictor_that_joined_elsewhere_may_have_been_in_the_usual_folder_before()
    {
        Directory.CreateDirectory(Path.Combine(folder, ".workshop", "mine@localhost_4000"));

        StateFolder.Open(WorkshopOptions.Read([]), folder, "http://localhost:18888").Dispose();
    }

    [Theory]
    [InlineData("postgres")]
    [InlineData("lock.owner/x")]
    public void What_is_no_folder_or_no_file_inside_of_it_is_said_so(string name)
    {
        var root = Directory.CreateDirectory(Path.Combine(folder, ".workshop")).FullName;
        var path = Path.GetFullPath(Path.Combine(root, name));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "");

        AssertRefused();
    }

    [Theory]
    [InlineData("13877", true)]
    [InlineData("13878", false)]
    [InlineData("40000", false)]
    [InlineData("-1", false)]
    public void An_offset_leaves_the_ports_of_outgoing_connections_alone(string offset, bool isTaken)
    {
        if (isTaken)
        {
            Assert.Equal(13_877, WorkshopOptions.Read(["--port-offset", offset]).PortOffset);
        }
        else
        {
            var refusal = Assert.Throws<HostException>(() => WorkshopOptions.Read(["--port-offset", offset]));
            Assert.Equal(HostException.Misuse, refusal.ExitCode);
        }
    }

    [Theory]
    [InlineData("reset")]
    [InlineData("storage basic")]
    [InlineData("--ephemeral reset")]
    [InlineData("--foo:bar")]
    [InlineData("--nothing")]
    public void What_is_no_option_is_refused_in_one_sentence(string line)
    {
        var refusal = Assert.Throws<HostException>(() => WorkshopOptions.Read(line.Split(' ')));

        Assert.Equal(HostException.Misuse, refusal.ExitCode);
        Assert.EndsWith(" is not known; --help lists the options.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_whose_databases_are_in_volumes_of_its_place_is_not_opened_at_another()
    {
        var options = WorkshopOptions.Read(["--databases", "containers"]);
        Work(options);
        Work(options);
        var elsewhere = Directory.CreateDirectory(Path.Combine(folder, "elsewhere")).FullName;
        Directory.Move(Path.Combine(folder, ".workshop"), Path.Combine(elsewhere, ".workshop"));

        var refusal = Assert.Throws<HostException>(() =>
            StateFolder.Open(options, elsewhere, "http://localhost:18888")
        );

        Assert.Contains(Path.Combine(folder, ".workshop"), refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_Aspire_reads_is_passed_on()
    {
        string[] words = ["--Dashboard:Otlp:Endpoint", "x", "--operation=publish"];

        Assert.Equal(words, WorkshopOptions.Read(words).ForAspire, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("3", true)]
    [InlineData("5", true)]
    [InlineData("0", false)]
    [InlineData("2", false)]
    [InlineData("4", false)]
    [InlineData("7", false)]
    [InlineData("-3", false)]
    [InlineData("three", false)]
    public void Replicas_are_an_odd_number_up_to_five(string count, bool isTaken)
    {
        foreach (var option in new[] { "--consensus-replicas", "--registry-replicas" })
        {
            if (isTaken)
            {
                var taken = WorkshopOptions.Read([option, count]);
                Assert.Contains(
                    count,
                    new[] { $"{taken.ConsensusReplicas}", $"{taken.RegistryReplicas}" },
                    StringComparer.Ordinal
                );
            }
            else
            {
                var refusal = Assert.Throws<HostException>(() => WorkshopOptions.Read([option, count]));
                Assert.Equal(HostException.Misuse, refusal.ExitCode);
                Assert.Contains(option, refusal.Message, StringComparison.Ordinal);
                Assert.Contains("1, 3 or 5", refusal.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("--consensus-replicas")]
    [InlineData("--registry-replicas")]
    public void What_three_replicas_keep_is_not_opened_by_one_and_what_one_keeps_is_by_three(string option)
    {
        Work(Options("1"));
        Work(Options("3"));
        Work(Options("5"));
        Work(Options("3", "--reset"));

        var refusal = Assert.Throws<HostException>(() => Open(Options("1")));
        Assert.Contains($"{option} 3", refusal.Message, StringComparison.Ordinal);
        // Nothing was started, so the next start waits for nothing.
        using var next = Open(Options("3"));
        Assert.False(next.WasAbandoned);

        WorkshopOptions Options(string count, params string[] more) => WorkshopOptions.Read([option, count, .. more]);
    }

    [Fact]
    public void A_start_that_is_refused_forgets_nothing_and_one_that_goes_on_forgets_all()
    {
        Work(WorkshopOptions.Read([]));
        string[] kept = ["secrets.json", "data/consensus/ledger.jsonl", "postgres/postgres-1/PG_VERSION"];
        foreach (var name in kept)
        {
            Write(name, "kept");
        }

        using (Open(WorkshopOptions.Read(["--reset"])))
        {
            Assert.All(kept, name => Assert.False(File.Exists(PathOf(name))));
            Write("secrets.json", "of the start that is refused");
            Write("data/registry/x", "too");
        }

        Assert.All(kept, name => Assert.Equal("kept", File.ReadAllText(PathOf(name))));
        Assert.False(File.Exists(PathOf("data/registry/x")));

        Work(WorkshopOptions.Read(["--reset"]));
        Assert.All(kept, name => Assert.False(File.Exists(PathOf(name))));
        Assert.False(Directory.Exists(PathOf("forgotten")));
    }

    [Theory]
    [InlineData("--databases", "containers")]
    [InlineData("--consensus-replicas", "3")]
    public void A_start_that_is_refused_binds_the_folder_to_nothing(string option, string value)
    {
        Open(WorkshopOptions.Read([option, value])).Dispose();

        Work(WorkshopOptions.Read([]));
    }

    private string PathOf(string name) => Path.Combine(folder, ".workshop", name);

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), text);
    }

    private StateFolder Open(WorkshopOptions options) => StateFolder.Open(options, folder, "http://localhost:18888");

    private void Work(WorkshopOptions options)
    {
        using var state = Open(options);
        state.Settle();
    }

    private void AssertRefused(WorkshopOptions? options = null)
    {
        var refusal = Assert.Throws<HostException>(() =>
            StateFolder.Open(options ?? WorkshopOptions.Read([]), folder, "http://localhost:18888")
        );

        Assert.Contains("cannot be used", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1, refusal.ExitCode);
    }
}
