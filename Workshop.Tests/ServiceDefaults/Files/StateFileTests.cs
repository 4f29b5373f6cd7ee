using System.Text;
using System.Text.Json;
using LaboratoryBench.Processes;
using Microsoft.Extensions.Logging.Abstractions;
using Workshop.ServiceDefaults.Files;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.ServiceDefaults.Files;

/// <summary>A file that can be made again stops nothing, whatever has become of it.</summary>
public sealed class StateFileTests : IDisposable
{
    private readonly string folder = TestFolders.Create("state");

    private string File => Path.Combine(folder, "state.json");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("")]
    [InlineData("""{"name":""")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\0\0\0\0")]
    public void What_cannot_be_read_is_set_aside(string content)
    {
        System.IO.File.WriteAllText(File, content);

        Assert.Null(Read());
        Assert.False(System.IO.File.Exists(File));
        Assert.Equal(content, System.IO.File.ReadAllText(File + StateFile.Aside));
    }

    [Fact]
    public void A_folder_in_its_place_is_set_aside_too_and_a_second_one_beside_it()
    {
        for (var time = 0; time < 2; time++)
        {
            Directory.CreateDirectory(File);
            Assert.Null(Read());
        }

        Assert.True(StateFile.TryWrite(File, "{\"Name\":\"new\"}"u8, NullLogger.Instance));
        Assert.Equal("new", Read()?.Name);
        Assert.Equal(2, Directory.GetDirectories(folder, "*" + StateFile.Aside + "*").Length);
    }

    [Fact]
    public void A_missing_file_is_nothing_to_speak_of()
    {
        Assert.Null(Read());
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public void What_cannot_be_written_is_said_and_leaves_the_old_content()
    {
        var log = new HeardLog<StateFileTests>();
        System.IO.File.WriteAllText(File, "{\"Name\":\"old\"}");
        // In the place of the draft.
        Directory.CreateDirectory(File + ".new");

        Assert.False(StateFile.TryWrite(File, "{}"u8, log));

        Assert.Equal("old", Read()?.Name);
        Assert.Single(log.Lines);
    }

    private Named? Read() =>
        StateFile.Read(
            File,
            bytes => JsonSerializer.Deserialize<Named>(Encoding.UTF8.GetString(bytes)),
            NullLogger.Instance
        );

    private sealed record Named(string Name);
}
