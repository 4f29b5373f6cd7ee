using Predictors.Models.Learners;
using Xunit;

namespace Workshop.Tests.Predictors.Models;

public sealed class NativeLibrariesTests
{
    [Fact]
    public void A_library_that_is_missing_is_named_in_one_line_with_its_package()
    {
        var lack = NativeLibraries.Lack("libnowhere.so.7", "libnowhere7", "lightgbm");

        Assert.Equal(
            "The learner lightgbm needs libnowhere.so.7, which this machine does not have. "
                + "On Debian: apt-get install libnowhere7",
            lack
        );
    }

    [Fact]
    public void Where_the_tests_run_no_learner_lacks_anything() =>
        Assert.All(LearnerCatalogue.All, learner => Assert.Null(learner.Lack));
}
