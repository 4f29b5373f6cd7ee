namespace Registry.Conductor.StateMachine;

/// <summary>
/// What is to be done outside, one after the other in their order: one that fails ends those after it, and every one may be
/// repeated. What is written down stands before what rests on it.
/// </summary>
internal abstract record Effect
{
    private Effect() { }

    /// <summary>Done when it outlives a power cut.</summary>
    internal sealed record Persist(PersistedState State) : Effect;

    /// <summary>What changes a server: nobody else may do it meanwhile.</summary>
    internal abstract record Act : Effect;

    /// <summary>Done when the server's processes are proved gone.</summary>
    internal sealed record Fence(string Server) : Act;

    /// <summary>Makes the server's writes wait for the standby of that name, or, with null, for nobody.</summary>
    internal sealed record WaitForStandby(string Server, string? Standby) : Act;

    /// <summary>Done when the server takes writes.</summary>
    internal sealed record Promote(string Server) : Act;

    /// <summary>The host begins to start the server with the data that it has.</summary>
    internal sealed record Start(string Server) : Act;

    /// <summary>The host begins to make the server a fresh copy of the primary.</summary>
    internal sealed record Rejoin(string Server, string Primary) : Act;

    /// <summary>The host begins to stop the server.</summary>
    internal sealed record Stop(string Server) : Act;

    /// <summary>The host begins to stop the primary cleanly, so that the standby has everything.</summary>
    internal sealed record SwitchOver(string Primary) : Act;

    /// <summary>Tells the clients who is who.</summary>
    internal sealed record Publish(Facts Facts) : Effect;

    /// <summary>Shows what is known, and answers who waited for that.</summary>
    internal sealed record Show(Facts Facts, Rule Rule) : Effect;

    /// <summary>Shows why nothing is decided.</summary>
    internal sealed record ShowStop(PersistedState State, string Why) : Effect;

    /// <summary>Notes that another rule applies than before.</summary>
    internal sealed record NoteRule(Rule Rule, long Term) : Effect;

    /// <summary>Notes something that no rule told.</summary>
    internal sealed record Note(string Name, string Detail) : Effect;

    /// <summary>Notes a failover, and begins what follows it on the new primary.</summary>
    internal sealed record Tell(Failover Failover, DateTimeOffset PromotedAt) : Effect;

    /// <summary>Refuses what a person wanted.</summary>
    internal sealed record Refuse(string Why) : Effect;

    /// <summary>Ends the injected lag: nothing that was injected in one mode holds another one up.</summary>
    internal sealed record EndLag : Effect;
}
