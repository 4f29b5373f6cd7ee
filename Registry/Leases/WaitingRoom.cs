namespace Registry.Leases;

/// <summary>
/// Places for long polls. Whoever finds it full takes the place of whoever waits longest, whose poll is answered early: a
/// crowd of polls is a crowd of answers, and never a reason to refuse one.
/// </summary>
/// <param name="places">How many wait at once; at least 1.</param>
internal sealed class WaitingRoom(int places)
{
    private readonly Lock gate = new();

    /// <summary>Who waits, oldest first.</summary>
    private readonly LinkedList<TaskCompletionSource> waiting = [];

    /// <summary>Takes a place.</summary>
    /// <returns>The place; <see cref="Leave"/> it when the wait is over.</returns>
    internal Place Enter()
    {
        TaskCompletionSource? oldest = null;
        var own = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        LinkedListNode<TaskCompletionSource> node;
        lock (gate)
        {
            if (waiting.Count >= places)
            {
                oldest = waiting.First!.Value;
                waiting.RemoveFirst();
            }

            node = waiting.AddLast(own);
        }

        oldest?.SetResult();
        return new(node);
    }

    /// <summary>Gives a place back.</summary>
    internal void Leave(Place place)
    {
        lock (gate)
        {
            if (place.Node.List is not null)
            {
                waiting.Remove(place.Node);
            }
        }
    }

    /// <summary>A place of one poll.</summary>
    /// <param name="Node">Where it stands in the queue.</param>
    internal sealed record Place(LinkedListNode<TaskCompletionSource> Node)
    {
        /// <summary>Ends when somebody else needs the place.</summary>
        internal Task Wanted => Node.Value.Task;
    }
}
