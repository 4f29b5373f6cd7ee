namespace ShopBench;

/// <summary>Where this repository is on disk.</summary>
internal static class Repository
{
    /// <summary>The folder that holds <c>Workshop.sln</c>.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "Workshop.sln"))
            ? folder
            : Find(
                Path.GetDirectoryName(folder)
                    ?? throw new InvalidOperationException("The benchmark runs outside the repository.")
            );
}
