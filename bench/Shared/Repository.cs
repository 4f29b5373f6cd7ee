namespace Workshop.Figures;

/// <summary>Where this repository is on disk.</summary>
internal static class Repository
{
    /// <summary>The folder that holds <c>Workshop.sln</c>.</summary>
    internal static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "Workshop.sln"))
            ? folder
            : Find(
                Path.GetDirectoryName(folder)
                    ?? throw new InvalidOperationException("This program runs outside the repository.")
            );
}
