namespace Shop.Web.Api;

/// <summary>Answers that a page can do without.</summary>
internal static class Answers
{
    /// <summary>The value of an answer.</summary>
    /// <typeparam name="T">The wire record.</typeparam>
    /// <param name="asked">A request whose patience the caller bounds.</param>
    /// <returns>Null where there is none, or none came in time.</returns>
    internal static async Task<T?> ValueInTime<T>(Task<Answer<T>> asked)
        where T : class
    {
        try
        {
            return (await asked).Value;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
