using System.Globalization;
using Workshop.Tests.Architecture;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Workshop.Tests.Deploy;

/// <summary>A service of a Compose file, as far as tests look at it.</summary>
/// <param name="Name">Its name, which is its host's name too.</param>
/// <param name="Image">With its variables, not filled in; empty where another file says it.</param>
/// <param name="Environment">Variables, with what stands for secrets not filled in.</param>
/// <param name="Ports">Ports inside the container that are published.</param>
/// <param name="Settings">Names of all other settings.</param>
internal sealed record ComposeService(
    string Name,
    string Image,
    IReadOnlyDictionary<string, string> Environment,
    IReadOnlyList<int> Ports,
    IReadOnlyList<string> Settings
);

/// <summary>Reads <c>deploy/compose.yaml</c>; its merge keys (<c>&lt;&lt;</c>) are followed.</summary>
internal static class ComposeFile
{
    internal const string Path = "deploy/compose.yaml";

    /// <summary>What stands in the place of the one database; it changes services of <see cref="Path"/>.</summary>
    internal const string PatroniPath = "deploy/compose.patroni.yaml";

    internal static IReadOnlyDictionary<string, ComposeService> Read(string path = Path)
    {
        using var text = File.OpenText(System.IO.Path.Combine(SourceTree.Root, path));
        var yaml = new YamlStream();
        yaml.Load(new MergingParser(new Parser(text)));
        var services = (YamlMappingNode)Member((YamlMappingNode)yaml.Documents[0].RootNode, "services")!;
        return services.ToDictionary(
            service => Text(service.Key),
            service => Service(Text(service.Key), (YamlMappingNode)service.Value),
            StringComparer.Ordinal
        );
    }

    private static ComposeService Service(string name, YamlMappingNode service) =>
        new(
            name,
            Member(service, "image") is { } image ? Text(image) : "",
            Member(service, "environment") is YamlMappingNode environment
                ? environment.ToDictionary(
                    variable => Text(variable.Key),
                    variable => Text(variable.Value),
                    StringComparer.Ordinal
                )
                : new Dictionary<string, string>(StringComparer.Ordinal),
            Member(service, "ports") is YamlSequenceNode ports
                ? [.. ports.Select(port => int.Parse(Text(port).Split(':')[^1], CultureInfo.InvariantCulture))]
                : [],
            [.. service.Children.Keys.Select(Text)]
        );

    private static YamlNode? Member(YamlMappingNode node, string name) =>
        node.Children.TryGetValue(new YamlScalarNode(name), out var value) ? value : null;

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value ?? "";
}
