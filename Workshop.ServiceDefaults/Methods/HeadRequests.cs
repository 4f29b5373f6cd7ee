using Microsoft.AspNetCore.Http;

namespace Workshop.ServiceDefaults.Methods;

/// <summary>For answers that have no end: who asks for the head alone does not wait for it.</summary>
public static class HeadRequests
{
    internal static object Mark { get; } = new();

    /// <summary>Whether a request, which is answered as a <c>GET</c>, came as a <c>HEAD</c>.</summary>
    /// <param name="context">Of the request.</param>
    /// <returns>True where no body is sent.</returns>
    public static bool IsHead(this HttpContext context) =>
        (context ?? throw new ArgumentNullException(nameof(context))).Items.ContainsKey(Mark);
}
