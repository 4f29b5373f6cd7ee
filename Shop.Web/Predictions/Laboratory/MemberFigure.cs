namespace Shop.Web.Predictions.Laboratory;

/// <summary>A figure of a member that moves with each batch.</summary>
/// <param name="Id">In addresses.</param>
/// <param name="Name">For a person.</param>
/// <param name="Words">A point's value, as a person reads it.</param>
public sealed record MemberFigure(string Id, string Name, Func<SeriesPoint, string> Words)
{
    /// <summary>All of them, in the order of the columns of lines.</summary>
    public static IReadOnlyList<MemberFigure> All { get; } =
    [
        new("estimate", "Estimate", point => Say.Weight(point.Estimate)),
        new("weight", "Weight", point => Say.Weight(point.Weight)),
        new("quality", "Quality", point => Say.Weight(point.Quality)),
        new("originality", "Originality", point => Say.Weight(point.Originality)),
        new("gain", "Earned less slashed", point => Say.Gain(point.Gain)),
    ];
}
