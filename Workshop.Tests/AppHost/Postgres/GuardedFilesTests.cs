using LaboratoryBench.Processes;
using Workshop.AppHost.Postgres;
using Xunit;

namespace Workshop.Tests.AppHost.Postgres;

/// <summary>A folder in which another user may have put links.</summary>
public sealed class GuardedFilesTests : IDisposable
{
    private const string Secret = "of somebody else";

    private readonly string folder = TestFolders.Create("guarded");
    private readonly string elsewhere = TestFolders.Create("elsewhere");

    public GuardedFilesTests() => File.WriteAllText(Target, Secret);

    private string Target => Path.Combine(elsewhere, "target");

    public void Dispose()
    {
        Directory.Delete(folder, recursive: true);
        Directory.Delete(elsewhere, recursive: true);
    }

    [Fact]
    public void What_is_written_takes_the_place_of_a_link_and_not_of_what_it_leads_to()
    {
        File.CreateSymbolicLink(Path.Combine(folder, "standby.signal"), Target);

        GuardedFiles.Write(folder, "standby.signal", ["ours"]);

        Assert.Equal("ours\n", File.ReadAllText(Path.Combine(folder, "standby.signal")));
        Assert.Equal(Secret, File.ReadAllText(Target));
    }

    [Fact]
    public void A_link_is_not_read()
    {
        File.CreateSymbolicLink(Path.Combine(folder, "postgresql.auto.conf"), Target);

        Assert.Throws<InvalidOperationException>(() => GuardedFiles.ReadLines(folder, "postgresql.auto.conf"));
    }

    [Fact]
    public void Nor_is_what_lies_behind_a_link_to_a_folder()
    {
        Directory.CreateSymbolicLink(Path.Combine(folder, "base"), elsewhere);

        Assert.Throws<InvalidOperationException>(() =>
            GuardedFiles.Open(folder, Path.Combine(folder, "base", "target")).Dispose()
        );
        Assert.Throws<InvalidOperationException>(() =>
            DataFolder.Copy(folder, Path.Combine(elsewhere, "copy"), withLog: true)
        );
        Assert.False(File.Exists(Path.Combine(elsewhere, "copy", "base", "target")));
    }

    [Fact]
    public void A_file_of_the_folder_is_read()
    {
        GuardedFiles.Write(folder, "postgresql.conf", ["port = '1'", "cluster_name = 'x'"]);

        Assert.Equal(["port = '1'", "cluster_name = 'x'"], GuardedFiles.ReadLines(folder, "postgresql.conf"));
    }
}
