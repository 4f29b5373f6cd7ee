using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Workshop.ServiceDefaults.Files;

namespace Shop.Web.Site;

/// <summary>
/// The keys that seal forms and notices, one file each. A key can be made anew, so one that cannot be read is set aside, and
/// one that cannot be written serves until this server ends.
/// </summary>
/// <param name="folder">Where the files are.</param>
/// <param name="logger">Hears of what is set aside.</param>
internal sealed class KeyFolder(string folder, ILogger logger) : IXmlRepository
{
    private readonly Lock gate = new();
    private readonly List<XElement> unwritten = [];

    /// <inheritdoc/>
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        if (File.Exists(folder))
        {
            StateFile.SetAside(folder, "It is no folder.", logger);
        }

        var paths = Directory.Exists(folder) ? Directory.GetFileSystemEntries(folder, "*.xml") : [];
        lock (gate)
        {
            return [.. paths.Select(Read).OfType<XElement>(), .. unwritten];
        }
    }

    /// <inheritdoc/>
    public void StoreElement(XElement element, string friendlyName)
    {
        using var content = new MemoryStream();
        element.Save(content);
        if (!StateFile.TryWrite(Path.Combine(folder, $"{friendlyName}.xml"), content.ToArray(), logger))
        {
            lock (gate)
            {
                unwritten.Add(element);
            }
        }
    }

    private XElement? Read(string path) =>
        StateFile.Read(
            path,
            bytes =>
            {
                using var content = new MemoryStream(bytes);
                return XElement.Load(content);
            },
            logger
        );
}
