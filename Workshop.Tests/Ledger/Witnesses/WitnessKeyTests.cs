using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Workshop.Ledger.Blocks;
using Workshop.Ledger.Witnesses;
using Xunit;

namespace Workshop.Tests.Ledger.Witnesses;

public sealed class WitnessKeyTests
{
    private static readonly Checkpoint Head = new(new('a', 64), 7, new('b', 64));

    [Fact]
    public void A_signature_verifies_over_its_own_checkpoint_and_no_other()
    {
        using var key = WitnessKey.Create();
        using var other = WitnessKey.Create();
        var signature = key.Sign(Head).Signature;

        Assert.True(WitnessKey.Verifies(key.PublicKey, Head, signature));
        Assert.False(WitnessKey.Verifies(other.PublicKey, Head, signature));
        Assert.False(WitnessKey.Verifies(key.PublicKey, Head with { Origin = Block.NoHash }, signature));
        Assert.False(WitnessKey.Verifies(key.PublicKey, Head with { Height = 8 }, signature));
        Assert.False(WitnessKey.Verifies(key.PublicKey, Head with { Hash = Block.NoHash }, signature));
        Assert.False(WitnessKey.Verifies(key.PublicKey, Head, "AAAA"));
        Assert.False(WitnessKey.Verifies(key.PublicKey, Head, "no base64"));
    }

    /// <summary>A replay takes them all: a ledger may hold them.</summary>
    [Fact]
    public void One_spelling_of_a_signature_is_canonical()
    {
        using var key = WitnessKey.Create();
        var signature = key.Sign(Head).Signature;
        var last = signature[^3];
        // 64 bytes leave four bits of the last letter unused.
        var respelled = $"{signature[..^3]}{(char)(last + 1)}==";

        Assert.True(WitnessKey.IsCanonical(signature));
        Assert.All(
            [$" {signature}", $"{signature}\n", respelled],
            other =>
            {
                Assert.True(WitnessKey.Verifies(key.PublicKey, Head, other));
                Assert.False(WitnessKey.IsCanonical(other));
            }
        );
        Assert.False(WitnessKey.IsCanonical("no base64"));
    }

    [Theory]
    [InlineData("workshop-ledger\n{0}\n{1}\n{2}\n")]
    [InlineData("workshop-ledger\n{0}\n{1}\n{2}")]
    public void Whoever_has_the_four_lines_and_a_library_can_sign(string lines)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var text = string.Format(CultureInfo.InvariantCulture, lines, Head.Origin, Head.Height, Head.Hash);
        var signature = key.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256);

        Assert.True(
            WitnessKey.Verifies(
                Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()),
                Head,
                Convert.ToBase64String(signature)
            )
        );
    }

    [Fact]
    public void A_key_that_was_kept_is_the_same_key()
    {
        using var key = WitnessKey.Create();
        using var read = WitnessKey.Read(key.Export());

        Assert.Equal(key.PublicKey, read.PublicKey);
        Assert.Throws<FormatException>(() => WitnessKey.Read([1, 2, 3]));
        Assert.Throws<FormatException>(() => WitnessKey.Read([.. key.Export(), 0]));
    }

    [Fact]
    public void Only_a_key_of_P_256_in_its_one_spelling_is_taken()
    {
        using var key = WitnessKey.Create();
        using var larger = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);

        Assert.Null(WitnessKey.Violation(key.PublicKey));
        Assert.NotNull(WitnessKey.Violation(""));
        Assert.NotNull(WitnessKey.Violation("AAAA"));
        Assert.NotNull(WitnessKey.Violation(" " + key.PublicKey));
        Assert.NotNull(WitnessKey.Violation(Convert.ToBase64String(larger.ExportSubjectPublicKeyInfo())));
        Assert.NotNull(WitnessKey.Violation(Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo())));
    }
}
