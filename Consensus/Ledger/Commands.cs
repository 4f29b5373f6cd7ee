using Consensus.Witnesses;

namespace Consensus.Ledger;

/// <summary>What the program does besides being a service: <c>verify</c> a file, <c>follow</c> another's ledger.</summary>
internal static class Commands
{
    /// <summary>Runs the command that the arguments begin with.</summary>
    /// <returns>Its exit code; null where they name none, and the service is wanted.</returns>
    internal static async Task<int?> Run(string[] args) =>
        args switch
        {
            [VerifyCommand.Name, .. var paths] => VerifyCommand.Run(paths, Console.Out, Console.Error),
            [FollowCommand.Name, .. var followed] => await FollowCommand.RunUntilStopped(followed),
            _ => null,
        };
}
