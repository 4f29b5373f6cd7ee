using System.Buffers;
using System.Globalization;
using System.Text;
using Predictors.Data;

namespace Predictors.Faults;

/// <summary>Ways for an answer not to be one.</summary>
public enum Malformation
{
    /// <summary>One number more than the shape and the question allow.</summary>
    WrongShape,

    /// <summary>NaN among the numbers, which JSON does not have.</summary>
    NotANumber,

    /// <summary>Probabilities that add to more than 1; a price below 0.</summary>
    NotAddingUp,

    /// <summary>Megabytes of white space before the answer.</summary>
    Oversized,
}

/// <summary>Writes answers that a consensus must count as a miss.</summary>
public static class MalformedAnswer
{
    /// <summary>Size of an oversized answer, in bytes: many times the largest honest one.</summary>
    public const int OversizedBytes = 4 * 1024 * 1024;

    private static readonly Malformation[] InTurn = Enum.GetValues<Malformation>();

    /// <summary>The malformations by turns.</summary>
    /// <param name="answeredBefore">Answers given before this one.</param>
    public static Malformation Turn(long answeredBefore) => InTurn[answeredBefore % InTurn.Length];

    /// <summary>Writes an answer for <paramref name="rows"/> rows.</summary>
    public static void Write(IBufferWriter<byte> buffer, Network network, int rows, Malformation malformation)
    {
        var size = network.OutputCount;
        var (count, number) = malformation switch
        {
            Malformation.WrongShape => ((rows * size) + 1, "0.5"),
            Malformation.NotANumber => (rows * size, "NaN"),
            _ => (rows * size, network.IsClassification ? "0.9" : "-1"),
        };
        var labels = string.Join(',', network.Labels.Select(label => $"\"{label}\""));
        var shape = network.IsClassification ? $"{rows},{size}" : rows.ToString(CultureInfo.InvariantCulture);
        var padding = malformation is Malformation.Oversized ? new string(' ', OversizedBytes) : "";
        var json = $$"""
            {"model_name":"{{network.Name}}","model_version":"1",{{padding}}"outputs":[
            {"name":"{{(network.IsClassification ? "probabilities" : "value")}}","shape":[{{shape}}],"datatype":"FP64",
            "data":[{{string.Join(',', Enumerable.Repeat(number, count))}}],"parameters":{"labels":[{{labels}}] } } ] }
            """;
        Encoding.UTF8.GetBytes(json, buffer);
    }
}
