using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Workshop.AppHost.Embedded.Inspection;
using Workshop.AppHost.Embedded.Running;
using Wire = Workshop.AppHost.Embedded.Dashboard.Protocol;

namespace Workshop.AppHost.Embedded.Dashboard;

/// <summary>
/// Aspire's resource protocol: a standalone Aspire dashboard attaches here and shows this host's resources, logs and
/// commands as it would those of Aspire's own host.
/// </summary>
internal sealed class DashboardEndpoint(Supervisor supervisor, IHostApplicationLifetime lifetime, TimeProvider time)
    : Wire.DashboardService.DashboardServiceBase
{
    /// <summary>How often resources are compared with what the dashboard was told last.</summary>
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>Lines in one message, at most.</summary>
    private const int LinesAtOnce = 200;

    private readonly DateTimeOffset createdAt = time.GetUtcNow();

    /// <inheritdoc/>
    public override Task<Wire.ApplicationInformationResponse> GetApplicationInformation(
        Wire.ApplicationInformationRequest request,
        ServerCallContext context
    ) => Task.FromResult(new Wire.ApplicationInformationResponse { ApplicationName = "Workshop" });

    /// <summary>All resources, then each one again when something of it has changed.</summary>
    public override Task WatchResources(
        Wire.WatchResourcesRequest request,
        IServerStreamWriter<Wire.WatchResourcesUpdate> responseStream,
        ServerCallContext context
    ) =>
        UntilEither(
            context,
            async ct =>
            {
                var told = supervisor.Runners.Select(Message).ToArray();
                await responseStream.WriteAsync(new() { InitialData = new() { Resources = { told } } }, ct);
                using var timer = new PeriodicTimer(WatchInterval, time);
                while (await timer.WaitForNextTickAsync(ct))
                {
                    var now = supervisor.Runners.Select(Message).ToArray();
                    var changed = now.Where((resource, index) => !resource.Equals(told[index])).ToArray();
                    told = now;
                    if (changed.Length > 0)
                    {
                        await responseStream.WriteAsync(new() { Changes = Changes(changed) }, ct);
                    }
                }
            }
        );

    /// <summary>The lines that are kept, then each new one, unless only the former are wanted.</summary>
    public override Task WatchResourceConsoleLogs(
        Wire.WatchResourceConsoleLogsRequest request,
        IServerStreamWriter<Wire.WatchResourceConsoleLogsUpdate> responseStream,
        ServerCallContext context
    ) =>
        UntilEither(
            context,
            async ct =>
            {
                var log = Find(request.ResourceName).Log;
                long last = 0;
                foreach (var lines in log.Last(ConsoleLog.Capacity).Chunk(LinesAtOnce))
                {
                    await responseStream.WriteAsync(new() { LogLines = { lines.Select(Line) } }, ct);
                    last = lines[^1].Number;
                }

                if (request.SuppressFollow)
                {
                    return;
                }

                await foreach (var line in log.Follow(last, ct))
                {
                    await responseStream.WriteAsync(new() { LogLines = { Line(line) } }, ct);
                }
            }
        );

    /// <summary>Gives a command and answers when it is done; what is wrong with it is told, not thrown.</summary>
    public override async Task<Wire.ResourceCommandResponse> ExecuteResourceCommand(
        Wire.ResourceCommandRequest request,
        ServerCallContext context
    )
    {
        var failure = await ResourceCommands.Execute(
            Find(request.ResourceName),
            request.CommandName,
            new(),
            supervisor
        );
        return failure is null
            ? new() { Kind = Wire.ResourceCommandResponseKind.Succeeded }
            : new() { Kind = Wire.ResourceCommandResponseKind.Failed, ErrorMessage = failure.Message };
    }

    /// <summary>This host never asks the dashboard's user anything; the dashboard wants the call to stay open.</summary>
    public override Task WatchInteractions(
        IAsyncStreamReader<Wire.WatchInteractionsRequestUpdate> requestStream,
        IServerStreamWriter<Wire.WatchInteractionsResponseUpdate> responseStream,
        ServerCallContext context
    ) => UntilEither(context, ct => Task.Delay(Timeout.InfiniteTimeSpan, time, ct));

    /// <summary>Runs until it ends, the dashboard goes away, or the host stops; the last two are no errors.</summary>
    private async Task UntilEither(ServerCallContext context, Func<CancellationToken, Task> work)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            context.CancellationToken,
            lifetime.ApplicationStopping
        );
        try
        {
            await work(either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // Nobody listens any more.
        }
    }

    /// <summary>The resource of that name.</summary>
    /// <exception cref="RpcException">There is no resource of that name.</exception>
    private Runner Find(string name) =>
        supervisor.Find(name) ?? throw new RpcException(new(StatusCode.NotFound, $"There is no resource '{name}'."));

    private Wire.Resource Message(Runner runner) => ResourceMessages.Of(runner, createdAt);

    private static Wire.WatchResourcesChanges Changes(Wire.Resource[] changed)
    {
        var changes = new Wire.WatchResourcesChanges();
        changes.Value.AddRange(changed.Select(resource => new Wire.WatchResourcesChange { Upsert = resource }));
        return changes;
    }

    private static Wire.ConsoleLogLine Line(ConsoleLine line) =>
        new() { Text = line.Text, LineNumber = (int)line.Number };
}
