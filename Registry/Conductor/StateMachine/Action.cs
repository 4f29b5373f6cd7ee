namespace Registry.Conductor.StateMachine;

/// <summary>What a rule tells the conductor to do.</summary>
internal enum Action
{
    /// <summary>Nothing, until the facts change.</summary>
    Wait,

    /// <summary>Nothing that a program may do: a person is needed.</summary>
    AskPerson,

    /// <summary>Take the server that takes writes for the primary, in the first persisted state or the next.</summary>
    Adopt,

    /// <summary>End the primary and see it dead.</summary>
    FencePrimary,

    /// <summary>End the other server and see it dead.</summary>
    FenceOther,

    /// <summary>Write down term + 1 and that the other server is to be primary.</summary>
    BeginPromotion,

    /// <summary>Promote it.</summary>
    Promote,

    /// <summary>It is primary: tell the clients, write it down, checkpoint.</summary>
    CompletePromotion,

    /// <summary>Start the primary's process.</summary>
    StartPrimary,

    /// <summary>Start the other server's process.</summary>
    StartOther,

    /// <summary>Make the other server a fresh copy of the primary.</summary>
    RebuildOther,

    /// <summary>Write down that the other server is not promotable; then let waiting writes go.</summary>
    GoOnAlone,

    /// <summary>Name the standby in <c>synchronous_standby_names</c>.</summary>
    NameStandby,

    /// <summary>Write down that the other server is promotable.</summary>
    MarkPromotable,

    /// <summary>Write down that it is not.</summary>
    MarkNotPromotable,

    /// <summary>Write down that the wanted storage mode is in force.</summary>
    TakeMode,

    /// <summary>Stop the primary cleanly, so that the other server takes its place.</summary>
    SwitchOver,

    /// <summary>Stop the other server, which the mode does not have.</summary>
    StopOther,

    /// <summary>Write down that the way to the wanted mode is at its end.</summary>
    CompleteChange,
}
