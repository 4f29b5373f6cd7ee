using System.Runtime;

namespace Shop.Api.WarmUp;

/// <summary>
/// Whether the just-in-time compiler has come to rest. It compiles a method when it is first called and again, for speed, in
/// the background, when it was called some 30 times and nothing new came for 100 ms; while it does, requests are slow.
/// </summary>
internal sealed class JitActivity
{
    /// <summary>Fewer methods than this between two looks are rest: timers and probes call something new now and then.</summary>
    private const int MethodsAtRest = 40;

    private long counted = JitInfo.GetCompiledMethodCount(currentThread: false);

    /// <summary>Looks.</summary>
    /// <returns>True when hardly anything was compiled since the last look.</returns>
    public bool HasCalmed()
    {
        var now = JitInfo.GetCompiledMethodCount(currentThread: false);
        var compiled = now - counted;
        counted = now;
        return compiled < MethodsAtRest;
    }
}
