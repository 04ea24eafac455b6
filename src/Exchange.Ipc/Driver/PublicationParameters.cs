using Exchange.Ipc.Control;
using Exchange.Ipc.LogBuffers;

namespace Exchange.Ipc.Driver;

/// <summary>What a channel says about a publication, with the driver's defaults for the rest. Unknown parameters are ignored, as Aeron does.</summary>
internal sealed class PublicationParameters
{
    private PublicationParameters()
    {
    }

    internal int TermLength { get; private init; }

    internal int MtuLength { get; private init; }

    internal int WindowLength { get; private init; }

    internal long LingerNs { get; private init; }

    internal bool IsSparse { get; private init; }

    internal int? SessionId { get; private init; }

    /// <summary>Initial term id, term id and offset at which the publication starts; only all three together.</summary>
    internal (int InitialTermId, int TermId, int TermOffset)? Start { get; private init; }

    internal bool HasTermLength { get; private init; }

    internal bool HasMtuLength { get; private init; }

    /// <summary>Reads a publication's channel.</summary>
    /// <exception cref="FormatException">It is malformed or a value is outside its limits; one line.</exception>
    internal static PublicationParameters Parse(string channel, MediaDriverContext context)
    {
        ChannelUri uri = ParseIpc(channel);
        long? termSize = uri.GetSize("term-length");
        long termLength = termSize ?? context.IpcTermLength;
        Require(LogBuffer.IsValidTermLength(termLength), "term-length", "a power of two from 64k to 1g");

        long? mtuSize = uri.GetSize("mtu");
        long mtu = mtuSize ?? context.IpcMtuLength;
        Require(mtu is >= 64 and <= 65504 && mtu % DataHeaderDescriptor.FrameAlignment == 0 && mtu <= termLength / 8, "mtu", "a multiple of 32 from 64 to 65504");

        int halfTerm = (int)termLength / 2;
        long window = uri.GetSize("pub-wnd") ?? (context.PublicationWindowLength == 0 ? halfTerm : Math.Min(context.PublicationWindowLength, halfTerm));
        Require(window >= mtu && window <= halfTerm, "pub-wnd", "from one mtu to half a term");

        long? session = uri.GetNumber("session-id");
        Require(session is null or (>= int.MinValue and <= int.MaxValue), "session-id", "a 32-bit number");

        return new PublicationParameters
        {
            TermLength = (int)termLength,
            MtuLength = (int)mtu,
            WindowLength = (int)window,
            LingerNs = (long)context.PublicationLingerTimeout.TotalNanoseconds,
            IsSparse = uri.GetFlag("sparse") ?? false,
            SessionId = (int?)session,
            Start = ParseStart(uri, (int)termLength),
            HasTermLength = termSize.HasValue,
            HasMtuLength = mtuSize.HasValue,
        };
    }

    /// <summary>Reads a subscription's channel.</summary>
    /// <returns>The session to which it is restricted; null for all.</returns>
    /// <exception cref="FormatException">It is malformed or asks for what this driver has not.</exception>
    internal static int? ParseSubscription(string channel)
    {
        ChannelUri uri = ParseIpc(channel);
        Require(uri.GetFlag("tether") ?? true, "tether", "true; this driver never drops a slow subscriber by itself");
        long? session = uri.GetNumber("session-id");
        Require(session is null or (>= int.MinValue and <= int.MaxValue), "session-id", "a 32-bit number");
        return (int?)session;
    }

    private static ChannelUri ParseIpc(string channel)
    {
        ChannelUri uri = ChannelUri.Parse(channel);
        return uri.Media == "ipc" ? uri : throw new FormatException($"channel '{channel}': this driver serves {ChannelUri.Ipc} only");
    }

    private static (int, int, int)? ParseStart(ChannelUri uri, int termLength)
    {
        long? initial = uri.GetNumber("init-term-id");
        long? term = uri.GetNumber("term-id");
        long? offset = uri.GetNumber("term-offset");
        if (initial == null && term == null && offset == null)
        {
            return null;
        }

        Require(initial != null && term != null && offset != null, "init-term-id, term-id, term-offset", "given together");
        Require(initial is >= int.MinValue and <= int.MaxValue && term is >= int.MinValue and <= int.MaxValue, "term-id", "a 32-bit number");
        Require(LogBufferDescriptor.TermCount((int)term!, (int)initial!) >= 0, "term-id", "not before init-term-id");
        Require(offset >= 0 && offset <= termLength && offset % DataHeaderDescriptor.FrameAlignment == 0, "term-offset", "a multiple of 32 within the term");
        return ((int)initial, (int)term, (int)offset!);
    }

    private static void Require(bool condition, string name, string allowed)
    {
        if (!condition)
        {
            throw new FormatException($"channel parameter {name} must be {allowed}");
        }
    }
}
