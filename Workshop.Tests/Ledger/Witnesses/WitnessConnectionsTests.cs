using System.Net;
using LaboratoryBench.Processes;
using Workshop.Ledger.Witnesses;
using Workshop.ServiceDefaults.Connections;
using Xunit;

namespace Workshop.Tests.Ledger.Witnesses;

/// <summary>Whom a witness asks is the ledger's word; where it connects is not.</summary>
public sealed class WitnessConnectionsTests
{
    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("localhost", true)]
    [InlineData("[::ffff:127.0.0.1]", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("localhost", false)]
    [InlineData("[::ffff:127.0.0.1]", false)]
    public async Task This_machine_is_asked_only_for_a_ledger_of_this_machine(string host, bool isOfThisMachine)
    {
        await using var stub = await StubMember.Start(StubMember.Well);
        using var handler = WitnessConnections.Create(isOfThisMachine);
        using var http = new HttpClient(handler);
        var address = new UriBuilder(stub.Url) { Host = host, Path = "/ledger/witness" }.Uri;

        if (isOfThisMachine)
        {
            using var answer = await http.GetAsync(address, TestContext.Current.CancellationToken);
        }
        else
        {
            await Assert.ThrowsAsync<HttpRequestException>(() =>
                http.GetAsync(address, TestContext.Current.CancellationToken)
            );
        }

        Assert.Equal(isOfThisMachine ? 1 : 0, stub.Asked);
    }

    [Theory]
    [InlineData("169.254.169.254", true)]
    [InlineData("::ffff:169.254.169.254", true)]
    [InlineData("fe80::1", true)]
    [InlineData("100.100.100.200", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("192.168.1.20", false)]
    [InlineData("2001:db8::1", false)]
    public void Links_and_metadata_are_internal_and_a_classroom_is_not(string address, bool isInternal) =>
        Assert.Equal(isInternal, InternalAddresses.Contains(IPAddress.Parse(address)));
}
