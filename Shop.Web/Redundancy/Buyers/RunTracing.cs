using System.Diagnostics;

namespace Shop.Web.Redundancy.Buyers;

/// <summary>Traces of what a run does by itself: nobody's request leads there, so that each begins a trace of its own.</summary>
internal static class RunTracing
{
    private static readonly ActivitySource Source = new("Workshop.Shop.Web");

    /// <summary>Begins a trace, where somebody collects them.</summary>
    /// <param name="name">Of its first span.</param>
    internal static Activity? Start(string name)
    {
        // The run was started by a request, whose trace has long ended.
        Activity.Current = null;
        return Source.StartActivity(name, ActivityKind.Internal);
    }
}
