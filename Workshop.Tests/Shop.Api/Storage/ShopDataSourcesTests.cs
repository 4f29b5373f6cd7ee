using System.Collections.Concurrent;
using LaboratoryBench.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Shop.Api.Storage;
using Xunit;

namespace Workshop.Tests.ShopApi.Storage;

public sealed class ShopDataSourcesTests
{
    [Fact]
    public async Task A_server_that_is_away_is_the_callers_to_tell_and_no_error_in_the_log()
    {
        using var log = new ErrorLog();
        await using var services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(log))
            .BuildServiceProvider();
        var nobody = ShopDataSources.Settings(
            $"Host=127.0.0.1;Port={FreePorts.Next()};Database=shop",
            maxConnections: 1
        );
        var builder = new NpgsqlDataSourceBuilder(nobody.ConnectionString);
        builder.UseLoggerFactory(services.GetRequiredService<ILoggerFactory>());
        await using var source = builder.Build();

        var refused = await Record.ExceptionAsync(async () =>
            await source.OpenConnectionAsync(TestContext.Current.CancellationToken)
        );

        Assert.True(refused is not null && Transience.IsTransient(refused));
        Assert.Empty(log.Messages);
    }

    /// <summary>Keeps what is told as a warning or worse.</summary>
    private sealed class ErrorLog : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Messages { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (IsEnabled(logLevel))
            {
                Messages.Enqueue(formatter(state, exception));
            }
        }

        public void Dispose() { }
    }
}
