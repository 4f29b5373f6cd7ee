using System.Security.Cryptography;
using System.Text;
using Shop.Web.Predictions;
using Xunit;

namespace Workshop.Tests.Shop.Web;

/// <summary>The storefront's own look at a copy of the ledger.</summary>
public sealed class LedgerCheckTests
{
    [Fact]
    public void A_true_copy_has_no_fault() => Assert.Null(FirstFault(Chain(5)));

    [Fact]
    public void A_changed_amount_is_found_at_its_height()
    {
        var lines = Chain(5);
        lines[2] = LedgerCheck.ChangeNumber(lines[2])!;

        Assert.Equal(2, FirstFault(lines)!.Height);
    }

    [Fact]
    public void A_changed_amount_with_a_fitting_hash_is_found_at_the_next_height()
    {
        var lines = Chain(5);
        lines[2] = LedgerCheck.Rehash(LedgerCheck.ChangeNumber(lines[2])!);

        Assert.Equal(3, FirstFault(lines)!.Height);
    }

    [Fact]
    public void A_removed_block_is_found()
    {
        var lines = Chain(5);
        lines.RemoveAt(1);

        Assert.Equal(1, FirstFault(lines)!.Height);
    }

    private static LedgerFault? FirstFault(IEnumerable<string> lines)
    {
        var check = new LedgerCheck();
        return lines.Select(check.Take).FirstOrDefault(fault => fault is not null);
    }

    private static List<string> Chain(int length)
    {
        var before = new string('0', 64);
        List<string> lines = [];
        for (var height = 0; height < length; height++)
        {
            var rest = $$"""
                "height":{{height}},"payload":{"depositCents":{{1000 + height}}},"previous":"{{before}}","time":"t"}
                """;
            before = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("{" + rest)));
            lines.Add($$"""{"hash":"{{before}}",{{rest}}""");
        }

        return lines;
    }
}
