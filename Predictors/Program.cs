using Predictors;
using Predictors.Evaluation;
using Predictors.Membership;
using Workshop.ServiceDefaults;
using Workshop.ServiceDefaults.Description;
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
builder.AddDescription("Predictor", "One learner: predictions, the Open Inference Protocol, and how right it is.");
var app = builder.Build();
app.MapServiceDefaults();
app.UseSocketThreads();
app.MapPredictor();
app.MapDescription("a predictor");
await app.RunAsync();
return 0;
