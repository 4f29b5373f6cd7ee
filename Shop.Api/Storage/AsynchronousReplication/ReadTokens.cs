using Shop.Api.Storage.Pair;

namespace Shop.Api.Storage.AsynchronousReplication;

/// <summary>
/// The token of the request that is being served. It travels with the client alone, so any instance can serve any
/// request; it says what the client has seen, and grows with what it writes and reads.
/// </summary>
internal sealed class ReadTokens(IHttpContextAccessor accessor, StorageOptions options, CurrentMode mode)
{
    /// <summary>How long a browser keeps the cookie: any lag that is allowed is shorter.</summary>
    private static readonly TimeSpan CookieAge = TimeSpan.FromHours(1);

    private readonly string cookie = ReadToken.CookieOf(options.ConnectionString);

    /// <summary>What the client of this request has seen; null when it did not say, or there is no request.</summary>
    public CommitPosition? Seen => accessor.HttpContext?.Features.Get<Carried>()?.Seen;

    /// <summary>The client of this request gets to see, or wrote, what is at <paramref name="position"/>.</summary>
    public void Add(CommitPosition position)
    {
        if (accessor.HttpContext?.Features.Get<Carried>() is { } carried)
        {
            lock (carried)
            {
                carried.Seen = ReadToken.Later(position, carried.Seen);
            }
        }
    }

    /// <summary>
    /// Middleware: takes the token in, and sends it back with the response. In asynchronous mode a client without one gets one.
    /// </summary>
    public Task Carry(HttpContext http, RequestDelegate next)
    {
        var text = http.Request.Headers[ReadToken.Header].FirstOrDefault() ?? http.Request.Cookies[cookie];
        if (text is null && mode.InForce is not StorageMode.Asynchronous)
        {
            return next(http);
        }

        var carried = new Carried { Seen = ReadToken.Read(text) };
        http.Features.Set(carried);
        http.Response.OnStarting(() =>
        {
            if (carried.Seen is { } seen)
            {
                var token = ReadToken.Write(seen);
                http.Response.Headers[ReadToken.Header] = token;
                http.Response.Cookies.Append(
                    cookie,
                    token,
                    new()
                    {
                        HttpOnly = true,
                        SameSite = SameSiteMode.Strict,
                        MaxAge = CookieAge,
                        Path = "/",
                    }
                );
            }

            return Task.CompletedTask;
        });
        return next(http);
    }

    private sealed class Carried
    {
        public CommitPosition? Seen { get; set; }
    }
}
