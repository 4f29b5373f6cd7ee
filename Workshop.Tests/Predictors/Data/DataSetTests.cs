using System.Security.Cryptography;
using System.Text;
using Predictors.Data;
using Xunit;

namespace Workshop.Tests.Predictors.Data;

public sealed class DataSetTests
{
    public static TheoryData<string> AllNetworks => [.. Networks.All.Select(network => network.Name)];

    [Theory]
    [InlineData("iris", 150)]
    [InlineData("titanic", 1048)]
    [InlineData("housing", 2344)]
    public void Every_row_of_the_file_is_of_the_networks_domain(string network, int rows) =>
        Assert.Equal(rows, DataSet.Load(Networks.Find(network)!).Count);

    [Theory]
    [MemberData(nameof(AllNetworks))]
    public void Held_out_rows_are_those_whose_hash_begins_below_26_and_training_never_sees_them(string name)
    {
        var data = DataSet.Load(Networks.Find(name)!);
        var lines = DataSet.Lines(data.Network).Skip(1).ToArray();
        var expected = lines.Count(line => SHA256.HashData(Encoding.UTF8.GetBytes(line))[0] < 26);

        Assert.Equal(expected, data.IsHeldOut.Count(isHeldOut => isHeldOut));
        Assert.Equal(data.Count, expected + data.Training().Count);
        Assert.InRange(expected / (double)data.Count, 0.05, 0.15);
        Assert.DoesNotContain(true, data.Training().IsHeldOut);
    }

    [Theory]
    [MemberData(nameof(AllNetworks))]
    public void Folds_part_the_rows_evenly_and_by_class(string name)
    {
        var data = DataSet.Load(Networks.Find(name)!);
        var folds = Folds.Assign(data);

        Assert.Equal(folds, Folds.Assign(data));
        for (var fold = 0; fold < Folds.Count; fold++)
        {
            var (training, test) = Folds.Split(folds, fold);
            Assert.Equal(data.Count, training.Union(test).Count());
            Assert.InRange(test.Length, data.Count / Folds.Count, (data.Count / Folds.Count) + 1);
            foreach (var label in Enumerable.Range(0, data.Network.Labels.Length))
            {
                var share = data.Targets.Count(target => target == label) / (double)Folds.Count;
                Assert.InRange(test.Count(row => data.Targets[row] == label), share - 1, share + 1);
            }
        }
    }

    [Theory]
    [InlineData("sepalLength,sepalWidth,petalLength,petalWidth,species", "5.1,3.5,1.4,0.2,rose")]
    [InlineData("sepalLength,sepalWidth,petalLength,petalWidth,species", "5.1,3.5,1.4,setosa")]
    [InlineData("sepalLength,sepalWidth,petalLength,petalWidth,species", "5.1,3.5,,0.2,setosa")]
    [InlineData("a,b", "5.1,3.5,1.4,0.2,setosa")]
    public void A_bad_file_is_refused_with_the_place(string header, string row)
    {
        var error = Assert.Throws<InvalidDataException>(() => DataSet.Parse(Networks.Iris, [header, row]));

        Assert.NotEmpty(error.Message);
    }
}
