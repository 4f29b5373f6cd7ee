namespace Shop.Web.Components;

/// <summary>Why a page has nothing to show.</summary>
public enum StateKind
{
    /// <summary>There is nothing yet.</summary>
    Empty,

    /// <summary>There is no such thing.</summary>
    NotFound,

    /// <summary>The service that knows did not answer.</summary>
    Failed,
}
