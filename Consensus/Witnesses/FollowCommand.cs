using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using Workshop.Ledger.Witnesses;

namespace Consensus.Witnesses;

/// <summary>
/// <c>dotnet run --project Consensus -- follow URL [folder]</c>: a witness for anybody. It verifies and replays what a
/// consensus shows, from block 0 or from where its folder ends, until it is stopped.
/// </summary>
internal sealed class FollowCommand(TextWriter output, TextWriter errors, TimeProvider time)
{
    internal const string Name = "follow";

    private const int AllVerified = 0;

    private const int DoesNotVerify = 1;

    private const int NothingToFollow = 2;

    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(1);

    private WitnessStatus last = WitnessStatus.Begin;

    private string? said;

    private SplitView? told;

    private long? saidAt;

    /// <summary>Follows until Ctrl-C or SIGTERM.</summary>
    internal static async Task<int> RunUntilStopped(IReadOnlyList<string> arguments)
    {
        using var stop = new CancellationTokenSource();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        return await new FollowCommand(Console.Out, Console.Error, TimeProvider.System).Run(arguments, stop.Token);

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    /// <summary>Follows.</summary>
    /// <param name="arguments">An address, and where to keep a copy; without it the copy goes when the command ends.</param>
    /// <param name="ct">Ctrl-C.</param>
    /// <returns>0 where all that was seen verifies, 1 where something does not, 2 where there was nothing to see.</returns>
    internal async Task<int> Run(IReadOnlyList<string> arguments, CancellationToken ct)
    {
        if (
            arguments is not ([_] or [_, _])
            || !Uri.TryCreate(arguments[0], UriKind.Absolute, out var address)
            || address.Scheme is not ("http" or "https")
        )
        {
            await errors.WriteLineAsync(
                $"Name the consensus, and where to keep a copy: {Name} http://localhost:4000 [folder]"
            );
            return NothingToFollow;
        }

        var folder = arguments.Count > 1 ? arguments[1] : Directory.CreateTempSubdirectory("ledger-").FullName;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var http = LedgerSource.Client(address);
        var witness = new Witness(new(folder), http, time, NullLogger.Instance)
        {
            Changed = status => Show(status, stop),
        };
        try
        {
            await witness.Follow(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Ctrl-C, or a conflict.
        }
        finally
        {
            if (arguments.Count == 1)
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        return Result();
    }

    private int Result()
    {
        if (last.Conflict is { } conflict)
        {
            errors.WriteLine($"The ledger is {conflict.Kind}. {conflict.Reason}");
            Version("held", conflict.Held, conflict.HeldBlock);
            Version("shown", conflict.Shown, conflict.ShownBlock);
            return DoesNotVerify;
        }

        Line(last);
        return last.Verified > 0 ? AllVerified : NothingToFollow;
    }

    private void Version(string what, string? hash, string? block) =>
        errors.WriteLine($"{what}: {hash ?? "nothing"}{(block is null ? "" : $"\n  {block}")}");

    private void Show(WitnessStatus status, CancellationTokenSource stop)
    {
        last = status;
        if (status.Conflict is not null)
        {
            stop.Cancel();
            return;
        }

        if (status.Trouble is { } trouble && !string.Equals(trouble, said, StringComparison.Ordinal))
        {
            errors.WriteLine(trouble);
        }

        if (status.Split is { } split && split != told)
        {
            told = split;
            errors.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Two histories: {split.Name} signed block {split.Height} as {split.Theirs}, and here it is {split.Held}."
                )
            );
        }

        said = status.Trouble;
        if (
            status.Replayed == status.Verified
            && status.Verified > 0
            && (saidAt is not { } at || time.GetElapsedTime(at) >= BetweenLines)
        )
        {
            saidAt = time.GetTimestamp();
            Line(status);
        }
    }

    private void Line(WitnessStatus status) =>
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{status.Verified} blocks verified, {status.Replayed} replayed; the head is {status.Head}"
            )
        );
}
