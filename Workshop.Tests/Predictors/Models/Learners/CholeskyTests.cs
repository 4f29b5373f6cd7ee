using CsCheck;
using Predictors.Models.Learners;
using Xunit;

namespace Workshop.Tests.Predictors.Models.Learners;

public sealed class CholeskyTests
{
    private const double Precision = 1e-9;

    [Fact]
    public void A_matrix_from_the_textbook_has_its_factor()
    {
        var factor = Cholesky.Factor([
            [4, 12, -16],
            [12, 37, -43],
            [-16, -43, 98],
        ]);

        Assert.Equal([2], factor[0][..1]);
        Assert.Equal([6, 1], factor[1][..2]);
        Assert.Equal([-8, 5, 3], factor[2][..3]);
        // (1777 + 136 + 4) / 36, from its inverse.
        Assert.Equal(53.25, Cholesky.TraceOfInverse(factor), Precision);
    }

    /// <summary>Sizes below, at and beyond a tile and a block.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(150)]
    public void A_factor_has_the_bits_of_its_definition(int size)
    {
        var matrix = PositiveDefinite(size);
        var factor = Cholesky.Factor(matrix);
        var definition = Definition(matrix);

        Assert.All(
            Enumerable.Range(0, size),
            line => Assert.Equal(definition[line][..(line + 1)], factor[line][..(line + 1)])
        );
    }

    [Fact]
    public void What_is_solved_multiplies_back() =>
        Gen.Int[1, 80]
            .Sample(
                size =>
                {
                    var matrix = PositiveDefinite(size);
                    double[] wanted = [.. Enumerable.Range(0, size).Select(index => Math.Sin(index + 1))];
                    double[] right =
                    [
                        .. Enumerable
                            .Range(0, size)
                            .Select(line =>
                                Enumerable.Range(0, size).Sum(column => Entry(matrix, line, column) * wanted[column])
                            ),
                    ];
                    return Cholesky
                        .Solve(Cholesky.Factor(matrix), right)
                        .Zip(wanted)
                        .All(pair => Math.Abs(pair.First - pair.Second) < Precision);
                },
                iter: 20
            );

    [Fact]
    public void The_trace_of_an_inverse_is_that_of_the_unit_vectors_solved()
    {
        var factor = Cholesky.Factor(PositiveDefinite(40));
        var trace = Enumerable
            .Range(0, 40)
            .Sum(index =>
            {
                var unit = new double[40];
                unit[index] = 1;
                return Cholesky.Solve(factor, unit)[index];
            });

        Assert.Equal(trace, Cholesky.TraceOfInverse(factor), Precision);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void A_matrix_without_a_factor_is_refused(double last) =>
        Assert.Throws<ArithmeticException>(() =>
            Cholesky.Factor([
                [1, 0],
                [0, last],
            ])
        );

    [Fact]
    public void Products_have_the_bits_of_their_definition()
    {
        var random = new Random(5);
        double[][] lines =
        [
            .. Enumerable.Range(0, 37).Select(_ => Enumerable.Range(0, 29).Select(_ => random.NextDouble()).ToArray()),
        ];
        var products = Products.Of(lines);
        for (var line = 0; line < lines.Length; line++)
        {
            for (var column = 0; column <= line; column++)
            {
                var sum = 0.0;
                for (var term = 0; term < lines[line].Length; term++)
                {
                    sum += lines[line][term] * lines[column][term];
                }

                Assert.Equal(sum, products[line][column]);
            }
        }
    }

    private static double Entry(double[][] matrix, int line, int column) =>
        matrix[Math.Max(line, column)][Math.Min(line, column)];

    private static double[][] PositiveDefinite(int size)
    {
        var random = new Random(size);
        var matrix = Products.Of([
            .. Enumerable
                .Range(0, size)
                .Select(_ => Enumerable.Range(0, size).Select(_ => random.NextDouble()).ToArray()),
        ]);
        for (var line = 0; line < size; line++)
        {
            matrix[line][line] += 1;
        }

        return matrix;
    }

    private static double[][] Definition(double[][] matrix)
    {
        var factor = matrix.Select(line => new double[line.Length]).ToArray();
        for (var line = 0; line < matrix.Length; line++)
        {
            for (var column = 0; column <= line; column++)
            {
                var sum = matrix[line][column];
                for (var index = 0; index < column; index++)
                {
                    sum -= factor[line][index] * factor[column][index];
                }

                factor[line][column] = line == column ? Math.Sqrt(sum) : sum / factor[column][column];
            }
        }

        return factor;
    }
}
