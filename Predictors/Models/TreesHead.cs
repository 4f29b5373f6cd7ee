namespace Predictors.Models;

/// <summary>What the sums of the trees mean.</summary>
public enum TreesLink
{
    /// <summary>The sum is the value.</summary>
    Value,

    /// <summary>The sum is the log-odds of its class (one class against the rest).</summary>
    LogOdds,

    /// <summary>The sum is the share of its class among the training rows of the leaf.</summary>
    Share,
}

/// <summary>One regression tree. Nodes are numbered from the root, 0; a child c below 0 is the leaf ~c.</summary>
/// <param name="Features">Per node the index into the vector.</param>
/// <param name="Thresholds">Per node: at most this goes left.</param>
/// <param name="Left">Per node.</param>
/// <param name="Right">Per node.</param>
/// <param name="Leaves">Per leaf its value, the tree's weight included.</param>
public sealed record Tree(int[] Features, float[] Thresholds, int[] Left, int[] Right, double[] Leaves)
{
    /// <summary>The value of the leaf that the row falls into.</summary>
    public double Predict(ReadOnlySpan<float> vector)
    {
        if (Features.Length == 0)
        {
            return Leaves[0];
        }

        var node = 0;
        do
        {
            node = vector[Features[node]] <= Thresholds[node] ? Left[node] : Right[node];
        } while (node >= 0);

        return Leaves[~node];
    }
}

/// <summary>A sum of trees.</summary>
/// <param name="Bias">Added to the sum.</param>
/// <param name="Trees">The trees.</param>
public sealed record Ensemble(double Bias, Tree[] Trees)
{
    /// <summary>The sum over all trees.</summary>
    public double Predict(ReadOnlySpan<float> vector)
    {
        var sum = Bias;
        foreach (var tree in Trees)
        {
            sum += tree.Predict(vector);
        }

        return sum;
    }
}

/// <summary>Ensembles of trees: one for a value or two classes (of the second), else one per class.</summary>
/// <param name="Link">What a sum means.</param>
/// <param name="Ensembles">The ensembles.</param>
public sealed record TreesHead(TreesLink Link, Ensemble[] Ensembles) : Head
{
    /// <inheritdoc/>
    public override void Predict(ReadOnlySpan<double> features, ReadOnlySpan<float> vector, Span<double> outputs)
    {
        if (Link is TreesLink.Value)
        {
            outputs[0] = Ensembles[0].Predict(vector);
            return;
        }

        for (var index = 0; index < Ensembles.Length; index++)
        {
            var sum = Ensembles[index].Predict(vector);
            outputs[index] = Link is TreesLink.LogOdds ? Models.Link.Sigmoid(sum) : Math.Clamp(sum, 0, 1);
        }

        if (Ensembles.Length == 1)
        {
            outputs[1] = outputs[0];
            outputs[0] = 1 - outputs[1];
        }

        Models.Link.Normalise(outputs);
    }
}
