using System.ComponentModel.DataAnnotations;
using Consensus;
using Workshop.Ledger.Mechanism;
using Xunit;

namespace Workshop.Tests.Consensus;

/// <summary>Options that would stop the service later are refused at its start.</summary>
public sealed class ConsensusOptionsTests
{
    [Fact]
    public void The_default_options_are_good() => Assert.Empty(Violations(new()));

    [Fact]
    public void A_deposit_below_ejection_is_refused() =>
        Assert.Contains(
            "EjectionCents",
            Assert
                .Single(Violations(new() { Mechanism = Parameters.Default with { MinimumDepositCents = 499_99 } }))
                .ErrorMessage,
            StringComparison.Ordinal
        );

    private static IEnumerable<ValidationResult> Violations(ConsensusOptions options) =>
        options.Validate(new ValidationContext(options));
}
