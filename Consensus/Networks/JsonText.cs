using System.Text.Json;

namespace Consensus.Networks;

/// <summary>Text of a JSON document that somebody else wrote.</summary>
internal static class JsonText
{
    /// <summary>The text; null where it is none that can be written again, such as half of a surrogate pair.</summary>
    /// <param name="text">Of kind string.</param>
    internal static string? Of(JsonElement text)
    {
        try
        {
            return text.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
