using Shop.Api.Storage.Pair;
using Workshop.ServiceDefaults.Discovery;
using Xunit;

namespace Workshop.Tests.ShopApi.Storage.Pair;

public sealed class PairRolesTests
{
    [Fact]
    public void The_registrys_answer_names_primary_standby_and_term()
    {
        var roles = PairRoles.Read(Snapshot(("a", "primary", "3"), ("b", "standby", "3")));

        Assert.Equal(3, roles.Term);
        Assert.Equal("a", roles.Primary?.Name);
        Assert.Equal("b", roles.Standby?.Name);
    }

    [Fact]
    public void A_fenced_server_has_no_role()
    {
        var roles = PairRoles.Read(Snapshot(("a", "none", "3"), ("b", "primary", "4")));

        Assert.Equal(4, roles.Term);
        Assert.Equal("b", roles.Primary?.Name);
        Assert.Null(roles.Standby);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("3.5")]
    [InlineData("99999999999999999999")]
    public void A_term_that_is_none_reads_as_the_first(string? term) =>
        Assert.Equal(0, PairRoles.Read(Snapshot(("a", "primary", term))).Term);

    [Fact]
    public void A_new_term_or_primary_is_a_move_and_a_lost_standby_is_none()
    {
        var before = PairRoles.Read(Snapshot(("a", "primary", "3"), ("b", "standby", "3")));

        Assert.True(PairRoles.Read(Snapshot(("a", "none", "4"), ("b", "primary", "4"))).Moved(before));
        Assert.True(PairRoles.Read(Snapshot(("a", "primary", "4"), ("b", "standby", "4"))).Moved(before));
        Assert.False(PairRoles.Read(Snapshot(("a", "primary", "3"), ("b", "none", "3"))).Moved(before));
        Assert.True(before.Moved(PairRoles.Unknown));
    }

    private static ServiceSnapshot Snapshot(params (string Name, string Role, string? Term)[] servers) =>
        new(
            PairRoles.Service,
            1,
            [
                .. servers.Select(server => new ServiceInstance(
                    server.Name,
                    $"localhost:{server.Name}",
                    "live",
                    server.Term is null
                        ? new Dictionary<string, string>(StringComparer.Ordinal) { ["role"] = server.Role }
                        : new Dictionary<string, string>(StringComparer.Ordinal)
                        {
                            ["role"] = server.Role,
                            ["term"] = server.Term,
                        }
                )),
            ]
        );
}
