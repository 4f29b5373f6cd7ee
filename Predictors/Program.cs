using Predictors;
using Predictors.Evaluation;
using Workshop.ServiceDefaults;
using Workshop.ServiceDefaults.Sockets;

if (args is [EvaluateCommand.Name, .. var learners])
{
    return EvaluateCommand.Run(learners, Console.Out, CancellationToken.None);
}

var builder = WebApplication.CreateBuilder(args);
if (builder.ReadOptions(args, out var options) is { } problem)
{
    await Console.Error.WriteLineAsync(problem);
    return 2;
}

builder.AddServiceDefaults();
builder.AddSocketThreads();
builder.AddPredictor(options);

var app = builder.Build();
app.MapServiceDefaults();
app.UseSocketThreads();
app.MapPredictor();
await app.RunAsync();
return 0;
