using LaboratoryBench;

// dotnet run -c Release --project bench/laboratory -- command [...]: what takes longer than a test may.
return args is [var name, .. var rest] && Commands.Find(name) is { } command
    ? await command(rest)
    : await Commands.Explain(Console.Error);
