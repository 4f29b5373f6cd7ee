using System.Runtime.InteropServices;

namespace Predictors.Models.Learners;

/// <summary>
/// Libraries of the system that a learner's native code is linked with. The loader's own message for a missing one names
/// every path that it tried, and not the package to install.
/// </summary>
public static class NativeLibraries
{
    /// <summary>Tries to load a library.</summary>
    /// <param name="library">File name, for example <c>libgomp.so.1</c>.</param>
    /// <param name="package">The Debian package that holds it.</param>
    /// <param name="learner">Who needs it.</param>
    /// <returns>One line that names library and package; null when it is there.</returns>
    public static string? Lack(string library, string package, string learner)
    {
        if (!NativeLibrary.TryLoad(library, out var handle))
        {
            return $"The learner {learner} needs {library}, which this machine does not have. "
                + $"On Debian: apt-get install {package}";
        }

        NativeLibrary.Free(handle);
        return null;
    }
}
