using System.Globalization;
using System.Net;

namespace Workshop.AppHost.Hosting;

/// <summary>What a person tells others in the room, once everything is healthy.</summary>
/// <param name="Address">At which other machines reach this one.</param>
/// <param name="SecretsFile">Where the tokens stand.</param>
internal sealed record LanInvitation(IPAddress Address, string SecretsFile)
{
    /// <summary>The lines for the console.</summary>
    internal string Text(int storefront, int consensus) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            Other machines of this network reach:
              storefront  {OwnAddress.At(Address, storefront)}
              consensus   {OwnAddress.At(Address, consensus)}
            A classmate's predictor joins, from a clone of this repository, with:
              dotnet run --project Predictors -- --join {OwnAddress.At(
                Address,
                consensus
            )} --token JOIN_TOKEN --model forest
            The join token, for the class, and the operator token, for you alone, stand in {SecretsFile}.
            Who is on this network and what they can do: docs/network.md.
            """
        );
}
