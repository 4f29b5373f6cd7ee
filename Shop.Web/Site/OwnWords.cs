using Microsoft.AspNetCore.Components.Endpoints;

namespace Shop.Web.Site;

/// <summary>
/// No text of the framework reaches a person. Where a page's form is refused before the page is drawn (no token, no form of
/// that name, none named at all), the framework writes a sentence for its developers; it is held back here, and the refusal
/// becomes a page of ours like any other.
/// </summary>
internal static class OwnWords
{
    internal static void UseOwnWords(this WebApplication app) =>
        app.Use(
            async (context, next) =>
            {
                var isForm =
                    HttpMethods.IsPost(context.Request.Method)
                    && context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null;
                if (!isForm)
                {
                    await next(context);
                    return;
                }

                var response = context.Response;
                var body = response.Body;
                response.Body = new Held(response, body);
                try
                {
                    await next(context);
                }
                finally
                {
                    response.Body = body;
                }

                if (response.StatusCode == StatusCodes.Status400BadRequest && !response.HasStarted)
                {
                    // Without a body of its own it gets the page of its status.
                    response.ContentType = null;
                    response.ContentLength = null;
                }
            }
        );

    /// <summary>Lets pages through, and drops what a refusal says. Our pages never answer 400.</summary>
    private sealed class Held(HttpResponse response, Stream inner) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        private bool IsRefusal => response.StatusCode == StatusCodes.Status400BadRequest;

        public override void Flush()
        {
            if (!IsRefusal)
            {
                inner.Flush();
            }
        }

        public override Task FlushAsync(CancellationToken cancellationToken) =>
            IsRefusal ? Task.CompletedTask : inner.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count)
        {
            if (!IsRefusal)
            {
                inner.Write(buffer, offset, count);
            }
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer,
            CancellationToken cancellationToken = default
        ) => IsRefusal ? ValueTask.CompletedTask : inner.WriteAsync(buffer, cancellationToken);
    }
}
