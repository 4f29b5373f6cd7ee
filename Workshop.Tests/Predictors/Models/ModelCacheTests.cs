using LaboratoryBench.Processes;
using Microsoft.Extensions.Logging.Abstractions;
using Predictors.Data;
using Predictors.Models;
using Predictors.Models.Learners;
using Xunit;

namespace Workshop.Tests.Predictors.Models;

public sealed class ModelCacheTests : IDisposable
{
    private static readonly string[] Purposes = ["a", "b"];

    private readonly string folder = TestFolders.Create("model-cache");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void What_was_computed_once_is_read_from_then_on()
    {
        var path = Path.Combine(folder, "score.json");
        var computed = Cache().GetOrCompute(path, CacheJson.Default.NetworkScore, () => new(7, new(0.5, 0.1)));
        var read = Cache()
            .GetOrCompute(path, CacheJson.Default.NetworkScore, () => throw new InvalidOperationException("computed"));

        Assert.Equal(computed, read);
        Assert.Single(Directory.GetFiles(folder));
    }

    [Fact]
    public void Every_flipped_byte_and_every_cut_is_found_and_computed_anew()
    {
        var path = Path.Combine(folder, "score.json");
        Cache().GetOrCompute(path, CacheJson.Default.NetworkScore, () => new(7, new(0.5, 0.1)));
        var good = File.ReadAllBytes(path);
        for (var place = 0; place < good.Length; place++)
        {
            var bad = (byte[])good.Clone();
            bad[place] ^= 1;
            File.WriteAllBytes(path, place % 2 == 0 ? bad : good[..place]);

            Assert.Equal(8, Cache().GetOrCompute(path, CacheJson.Default.NetworkScore, () => new(8)).Rows);
        }
    }

    [Fact]
    public async Task Many_at_once_share_the_folder_and_leave_one_whole_file()
    {
        var path = Path.Combine(folder, "score.json");
        var all = await Task.WhenAll(
            Enumerable
                .Range(0, 16)
                .Select(number =>
                    Task.Run(() => Cache().GetOrCompute(path, CacheJson.Default.NetworkScore, () => new(100 + number)))
                )
        );

        Assert.All(all, score => Assert.InRange(score.Rows, 100, 115));
        Assert.Single(Directory.GetFiles(folder));
        var last = Cache().GetOrCompute(path, CacheJson.Default.NetworkScore, () => new(0));
        Assert.InRange(last.Rows, 100, 115);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_costs_only_the_next_start()
    {
        var file = Path.Combine(folder, "not-a-folder");
        File.WriteAllText(file, "");
        var cache = new ModelCache(file, NullLogger.Instance);

        var score = cache.GetOrCompute(Path.Combine(file, "x"), CacheJson.Default.NetworkScore, () => new(3));
        Assert.Equal(3, score.Rows);
    }

    [Fact]
    public void Of_one_name_the_newest_eight_are_kept_and_those_of_other_names()
    {
        var other = Path.Combine(folder, $"iris-linear-score-{0:x32}.json");
        File.WriteAllText(other, "");
        var paths = Enumerable.Range(0, 10).Select(n => Path.Combine(folder, $"iris-linear-{n:x32}.json")).ToArray();
        foreach (var path in paths)
        {
            Cache().GetOrCompute(path, CacheJson.Default.NetworkScore, () => new(3));
            File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddDays(Array.IndexOf(paths, path)));
        }

        Cache()
            .GetOrCompute(
                Path.Combine(folder, $"iris-linear-{10:x32}.json"),
                CacheJson.Default.NetworkScore,
                () => new(3)
            );
        Assert.Equal(9, Directory.GetFiles(folder).Length);
        Assert.True(File.Exists(other));
        Assert.DoesNotContain(paths[..3], File.Exists);
    }

    [Fact]
    public void Learner_network_and_purpose_have_files_of_their_own()
    {
        var paths = SharedModels
            .All()
            .SelectMany(pair => Purposes.Select(name => Cache().PathOf(name, pair.Learner, pair.Network)))
            .ToArray();

        Assert.Equal(
            LearnerCatalogue.All.Length * Networks.All.Length * 2,
            paths.Distinct(StringComparer.Ordinal).Count()
        );
    }

    private ModelCache Cache() => new(folder, NullLogger.Instance);
}
