using System.Xml.Linq;
using LaboratoryBench.Processes;
using Microsoft.Extensions.Logging.Abstractions;
using Shop.Web.Site;
using Workshop.ServiceDefaults.Files;
using Xunit;

namespace Workshop.Tests.ShopWeb.Site;

/// <summary>Keys of forms can be made anew, so none of them stops a page.</summary>
public sealed class KeyFolderTests : IDisposable
{
    private readonly string folder = TestFolders.Create("keys");

    private KeyFolder Keys => new(Path.Combine(folder, "keys"), NullLogger.Instance);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("")]
    [InlineData("<key id=")]
    [InlineData("\0\0\0")]
    public void A_key_that_cannot_be_read_is_set_aside_and_the_others_serve(string content)
    {
        Keys.StoreElement(new("key"), "key-good");
        var bad = Path.Combine(folder, "keys", "key-bad.xml");
        File.WriteAllText(bad, content);
        Directory.CreateDirectory(Path.Combine(folder, "keys", "key-folder.xml"));

        Assert.Equal("key", Assert.Single(Keys.GetAllElements()).Name.LocalName);
        Assert.True(File.Exists(bad + StateFile.Aside));
    }

    [Fact]
    public void A_key_that_cannot_be_written_serves_until_the_server_ends()
    {
        var impossible = new KeyFolder(Path.Combine(folder, "file", "keys"), NullLogger.Instance);
        File.WriteAllText(Path.Combine(folder, "file"), "not a folder");

        impossible.StoreElement(new XElement("key"), "key-1");

        Assert.Single(impossible.GetAllElements());
    }
}
