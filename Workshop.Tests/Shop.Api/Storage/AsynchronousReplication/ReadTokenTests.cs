using CsCheck;
using NpgsqlTypes;
using Shop.Api.Storage;
using Shop.Api.Storage.AsynchronousReplication;
using Xunit;

namespace Workshop.Tests.ShopApi.Storage.AsynchronousReplication;

public sealed class ReadTokenTests
{
    private static readonly Gen<CommitPosition> Positions = Gen.Select(
        Gen.UInt,
        Gen.ULong,
        (timeline, position) => new CommitPosition(timeline, new NpgsqlLogSequenceNumber(position))
    );

    [Fact]
    public void A_token_reads_as_what_was_written() =>
        Positions.Sample(position => ReadToken.Read(ReadToken.Write(position)) == position);

    [Fact]
    public void Any_text_is_a_token_or_none_and_never_an_error() =>
        Gen.String[0, 40]
            .Sample(text => ReadToken.Read(text) is not { } token || ReadToken.Read(ReadToken.Write(token)) == token);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("1")]
    [InlineData("1-")]
    [InlineData("-0/16B3748")]
    [InlineData("x-0/16B3748")]
    [InlineData("1-0/xyz")]
    [InlineData("1-0")]
    [InlineData("100000000-0/16B3748")]
    [InlineData("1-0/16B3748000000000000000000000000")]
    public void What_is_no_token_is_as_good_as_none(string? text) => Assert.Null(ReadToken.Read(text));

    [Theory]
    [InlineData("1-0/100", "1-0/100", true)]
    [InlineData("1-0/100", "1-0/101", true)]
    [InlineData("1-0/101", "1-0/100", false)]
    [InlineData("1-1/0", "1-0/FFFFFFFF", false)]
    // A replica on another timeline may be past the position and still lack what was written there.
    [InlineData("1-0/100", "2-0/200", false)]
    [InlineData("2-0/100", "1-0/200", false)]
    public void A_replica_covers_a_token_of_its_own_timeline_that_it_has_replayed(
        string seen,
        string at,
        bool covers
    ) => Assert.Equal(covers, ReadToken.IsCovered(ReadToken.Read(seen)!, ReadToken.Read(at)!));

    [Theory]
    [InlineData("1-0/100", null, "1-0/100")]
    [InlineData("1-0/100", "1-0/200", "1-0/200")]
    [InlineData("1-0/200", "1-0/100", "1-0/200")]
    [InlineData("2-0/100", "1-0/200", "2-0/100")]
    [InlineData("1-0/200", "2-0/100", "2-0/100")]
    public void The_later_of_two_is_kept(string one, string? other, string later) =>
        Assert.Equal(ReadToken.Read(later), ReadToken.Later(ReadToken.Read(one)!, ReadToken.Read(other)));
}
