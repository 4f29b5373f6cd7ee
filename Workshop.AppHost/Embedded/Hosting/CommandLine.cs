namespace Workshop.AppHost.Embedded.Hosting;

/// <summary>
/// The embedded host's command line. A word that is not known is an error: a misspelt choice must not be ignored.
/// </summary>
internal sealed record CommandLine(IReadOnlyDictionary<string, string?> Values)
{
    private const int ExitCodeOfMisuse = 2;

    private static readonly string[] WithValue = ["storage", "policy", "port-offset"];

    private static readonly string[] Flags = ["reset", "ephemeral", "help"];

    private const string Usage = """
        Usage: dotnet run --project Workshop.AppHost [-- options]

          --storage basic|synchronous|asynchronous   how orders are stored (synchronous)
          --policy available|strict                  synchronous mirroring without its mirror: go on, or refuse (available)
          --port-offset N                            added to every port (0)
          --reset                                    forget all data and secrets first
          --ephemeral                                keep nothing; runs beside another workshop, with --port-offset
        """;

    /// <summary>Reads <paramref name="args"/>, or prints what is wrong and ends the process.</summary>
    internal static CommandLine ReadOrExit(IReadOnlyList<string> args)
    {
        try
        {
            var commandLine = Read(args);
            if (commandLine.Values.ContainsKey("help"))
            {
                Console.WriteLine(Usage);
                Environment.Exit(0);
            }

            return commandLine;
        }
        catch (FormatException e)
        {
            Console.Error.WriteLine($"error: {e.Message}\n\n{Usage}");
            Environment.Exit(ExitCodeOfMisuse);
            throw;
        }
    }

    /// <summary>Reads <c>--name value</c>, <c>--name=value</c> and flags.</summary>
    /// <exception cref="FormatException">A word is not known, comes twice, or lacks its value.</exception>
    internal static CommandLine Read(IReadOnlyList<string> args)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < args.Count; i++)
        {
            var (name, value) = Split(args[i]);
            if (WithValue.Contains(name, StringComparer.Ordinal))
            {
                value ??=
                    i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal) ? args[++i] : null;
                value = value is { Length: > 0 } ? value : throw new FormatException($"--{name} wants a value.");
            }
            else if (Flags.Contains(name, StringComparer.Ordinal) && value is null)
            {
                value = "true";
            }
            else
            {
                throw new FormatException($"{args[i]} is not known.");
            }

            if (!values.TryAdd(name, value))
            {
                throw new FormatException($"--{name} comes twice.");
            }
        }

        return new(values);
    }

    private static (string Name, string? Value) Split(string word)
    {
        if (!word.StartsWith("--", StringComparison.Ordinal))
        {
            return (word, null);
        }

        var at = word.IndexOf('=', StringComparison.Ordinal);
        return at < 0 ? (word[2..], null) : (word[2..at], word[(at + 1)..]);
    }
}
