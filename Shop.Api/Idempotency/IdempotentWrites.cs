using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using Shop.Api.Data;
using Shop.Api.Requests;
using Shop.Api.Storage;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Idempotency;
using static Shop.Api.Data.Statements;

namespace Shop.Api.Idempotency;

/// <summary>A request that may carry a key.</summary>
/// <param name="Key">The client's key, if it sent one.</param>
/// <param name="Scope">Route and user, within which the key is one.</param>
/// <param name="Hash">SHA-256 of what was asked for; empty without a key.</param>
/// <param name="Origin">For problem documents.</param>
internal sealed record KeyedRequest(IdempotencyKey? Key, string Scope, byte[] Hash, ProblemOrigin Origin);

/// <summary>
/// Writes that happen once however often they are asked for. The first success is stored under the client's key in the
/// transaction of the write; until that ends, a lock on the key, which PostgreSQL drops with its transaction whatever
/// happens, keeps others with the same key away from the work.
/// </summary>
/// <param name="replies">Makes answers.</param>
/// <param name="json">How bodies are written to be compared.</param>
internal sealed class IdempotentWrites(Replies replies, IOptions<JsonOptions> json)
{
    /// <summary>What <see cref="Known"/> reads, of <c>claim_key</c> or of a function that calls it.</summary>
    public const string ClaimColumns = "claimed, request_hash, status, content_type, location, body, entity_tag";

    private const string ClaimSql = $"SELECT {ClaimColumns} FROM claim_key($1, $2)";

    /// <summary>Dated by the database, whose clock also decides when a record is old.</summary>
    private const string StoreSql = """
        INSERT INTO idempotency_keys (
            scope, key, request_hash, status, content_type, location, entity_tag, body, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now())
        """;

    /// <summary>
    /// Describes a request by its route, however it was spelled, its user, and what it asks for, so that another request
    /// under its key is told apart.
    /// </summary>
    /// <param name="key">The client's key, if it sent one.</param>
    /// <param name="context">The request.</param>
    /// <param name="user">Whose key it is; null where nobody says.</param>
    /// <param name="body">The body as it was understood: white space and the order of members do not count.</param>
    /// <param name="subject">What the address names beside the user.</param>
    /// <exception cref="InvalidRequestException">The key could be somebody else's.</exception>
    public KeyedRequest Describe<T>(
        IdempotencyKey? key,
        HttpContext context,
        UserId? user,
        T body,
        Guid? subject = null
    )
        where T : notnull
    {
        var origin = ProblemOrigin.Of(context);
        if (key is null)
        {
            return new(null, "", [], origin);
        }

        if (user is null && key.Value.Length < IdempotencyKey.MinLengthWithoutUser)
        {
            throw new InvalidRequestException(IdempotencyKey.Header, IdempotencyKey.RuleWithoutUser);
        }

        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText?.Trim('/');
        return new(key, $"{context.Request.Method} {route} {user}", Hash(body, subject), origin);
    }

    /// <summary><paramref name="work"/> in a transaction, unless its outcome is known already.</summary>
    /// <param name="request">The request.</param>
    /// <param name="work">The work, on an open connection in a transaction; may run more than once.</param>
    /// <returns>A command with the first success, or why there is none yet.</returns>
    public WriteTransaction<Reply> Once(
        KeyedRequest request,
        Func<NpgsqlConnection, CancellationToken, Task<Reply>> work
    ) =>
        request.Key is not { } key
            ? new(work)
            : new(
                async (connection, token) =>
                {
                    if (await Claim(connection, key, request, token) is { } known)
                    {
                        return known;
                    }

                    var reply = await work(connection, token);
                    if (reply.IsSuccess)
                    {
                        await Store(connection, key, request, reply, token);
                    }

                    return reply;
                }
            )
            {
                Repeatable = true,
            };

    /// <summary>Reads what a claim of the key found, on a row of <see cref="ClaimColumns"/>.</summary>
    /// <param name="reader">On the row.</param>
    /// <param name="first">Place of the first of the columns.</param>
    /// <param name="request">Whose key it is.</param>
    /// <param name="ct">Ends the reading.</param>
    /// <returns>The answer that is known already; null when the key was free and unused, and is now claimed.</returns>
    public async Task<Reply?> Known(NpgsqlDataReader reader, int first, KeyedRequest request, CancellationToken ct)
    {
        if (!await reader.IsDBNullAsync(first + 2, ct))
        {
            return (await reader.GetFieldValueAsync<byte[]>(first + 1, ct)).AsSpan().SequenceEqual(request.Hash)
                ? await Read(reader, first + 2, ct)
                : replies.Refusal(
                    Problems.Details(
                        StatusCodes.Status422UnprocessableEntity,
                        $"This {IdempotencyKey.Header} was used before for another request."
                    ),
                    request.Origin
                );
        }

        return reader.GetBoolean(first)
            ? null
            : replies.Refusal(
                Problems.Details(
                    StatusCodes.Status409Conflict,
                    $"The first request with this {IdempotencyKey.Header} is still under way."
                ),
                request.Origin
            ) with
            {
                RetryAfterSeconds = 1,
            };
    }

    /// <summary>Takes the key for this transaction. Null when it was free and unused.</summary>
    private async Task<Reply?> Claim(
        NpgsqlConnection connection,
        IdempotencyKey key,
        KeyedRequest request,
        CancellationToken ct
    )
    {
        await using var command = connection.Command(ClaimSql, Value(request.Scope), Value(key.Value));
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return await Known(reader, first: 0, request, ct);
    }

    private static async Task<Reply> Read(NpgsqlDataReader reader, int first, CancellationToken ct) =>
        new(reader.GetInt32(first), reader.GetString(first + 1), await reader.GetFieldValueAsync<byte[]>(first + 3, ct))
        {
            Location = await reader.IsDBNullAsync(first + 2, ct) ? null : reader.GetString(first + 2),
            EntityTag = await reader.IsDBNullAsync(first + 4, ct) ? null : reader.GetString(first + 4),
            Replayed = true,
        };

    private static async Task Store(
        NpgsqlConnection connection,
        IdempotencyKey key,
        KeyedRequest request,
        Reply reply,
        CancellationToken ct
    )
    {
        await using var command = connection.Command(
            StoreSql,
            Value(request.Scope),
            Value(key.Value),
            Value(request.Hash),
            Value(reply.Status),
            Value(reply.ContentType),
            Optional(reply.Location, NpgsqlTypes.NpgsqlDbType.Text),
            Optional(reply.EntityTag, NpgsqlTypes.NpgsqlDbType.Text),
            Value(reply.Body)
        );
        await command.ExecuteNonQueryAsync(ct);
    }

    private byte[] Hash<T>(T body, Guid? subject)
        where T : notnull
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{subject}\n"));
        var type = json.Value.SerializerOptions.GetTypeInfo(typeof(T));
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(body, type));
        return hash.GetHashAndReset();
    }
}
