namespace Workshop.AppHost.Embedded.Running;

/// <summary>The order in which resources start, and in reverse stop. Pure.</summary>
internal static class StartOrder
{
    /// <summary>Groups <paramref name="items"/> so that each waits only for items of groups before its own.</summary>
    /// <param name="items">All items.</param>
    /// <param name="waitsFor">What an item waits for; all of it among the items.</param>
    /// <param name="name">An item's name.</param>
    /// <exception cref="InvalidOperationException">Some wait for each other; the message names the circle.</exception>
    internal static IReadOnlyList<IReadOnlyList<T>> Groups<T>(
        IReadOnlyCollection<T> items,
        Func<T, IEnumerable<T>> waitsFor,
        Func<T, string> name
    )
        where T : class
    {
        var groups = new List<IReadOnlyList<T>>();
        var placed = new HashSet<T>();
        var left = items.ToList();
        while (left.Count > 0)
        {
            var group = left.Where(item => waitsFor(item).All(placed.Contains)).ToList();
            if (group.Count == 0)
            {
                var circle = FindCircle(left, waitsFor, placed).Select(name);
                throw new InvalidOperationException(
                    $"These wait for each other, so none can start: {string.Join(" → ", circle)}."
                );
            }

            groups.Add(group);
            placed.UnionWith(group);
            left.RemoveAll(placed.Contains);
        }

        return groups;
    }

    /// <summary>
    /// Walks from one waiting item to the next until one comes again: all of <paramref name="left"/> wait for another
    /// of it.
    /// </summary>
    private static List<T> FindCircle<T>(List<T> left, Func<T, IEnumerable<T>> waitsFor, HashSet<T> placed)
        where T : class
    {
        var path = new List<T> { left[0] };
        while (true)
        {
            var next = waitsFor(path[^1]).First(item => !placed.Contains(item));
            var seen = path.IndexOf(next);
            path.Add(next);
            if (seen >= 0)
            {
                return path[seen..];
            }
        }
    }
}
