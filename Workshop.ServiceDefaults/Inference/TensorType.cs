using System.Collections.Frozen;

namespace Workshop.ServiceDefaults.Inference;

/// <summary>The datatypes of the Open Inference Protocol v2 that rows come in.</summary>
public static class TensorType
{
    /// <summary>Words.</summary>
    public const string Bytes = "BYTES";

    /// <summary>Yes or no.</summary>
    public const string Bool = "BOOL";

    /// <summary>Numbers; every other type of numbers is taken too.</summary>
    public const string Fp64 = "FP64";

    private static readonly FrozenSet<string> Numbers = FrozenSet.Create(
        StringComparer.Ordinal,
        Fp64,
        "FP32",
        "INT64",
        "INT32",
        "INT16",
        "INT8",
        "UINT64",
        "UINT32",
        "UINT16",
        "UINT8"
    );

    /// <summary>Whether it is a type of numbers.</summary>
    public static bool IsNumber(string datatype) => Numbers.Contains(datatype);
}
