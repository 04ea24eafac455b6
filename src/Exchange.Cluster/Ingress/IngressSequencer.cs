using System.Runtime.InteropServices;
using Exchange.Cluster.Gateways;
using Exchange.Log;
using Exchange.Protocol.Commands;

namespace Exchange.Cluster.Ingress;

/// <summary>
/// Gives every command of every gateway its place in the log: checks that the frame is one a gateway may send and comes from the life
/// of the gateway that said hello on that publication, stamps it with log time, and appends it. Nothing is decided about its meaning here.
/// </summary>
internal sealed class IngressSequencer
{
    private readonly SegmentedLog _log;
    private LogClock _clock;
    private readonly GatewayLinks _links;
    private readonly List<PendingHello> _hellos = [];
    private GatewayLink? _lastLink;

    /// <summary>Creates a sequencer; nothing may be appended before <see cref="BeginTerm"/>.</summary>
    public IngressSequencer(SegmentedLog log, LogClock clock, GatewayLinks links)
    {
        _log = log;
        _clock = clock;
        _links = links;
    }

    /// <summary>The leadership term of everything appended.</summary>
    public long Term { get; private set; }

    /// <summary>The present log time.</summary>
    public LogClock Clock => _clock;

    /// <summary>Log time of the last entry appended here; 0 before the first.</summary>
    public long LastTimeNs { get; private set; }

    /// <summary>Commands appended for gateways.</summary>
    public long Sequenced { get; private set; }

    /// <summary>Frames discarded because they were malformed or not allowed from a gateway.</summary>
    public long Malformed { get; private set; }

    /// <summary>Frames discarded because they came from a life of a gateway that is not attached.</summary>
    public long Unattached { get; private set; }

    /// <summary>Gateways that said hello and wait for their publication.</summary>
    public List<PendingHello> Hellos => _hellos;

    /// <summary>This member leads from now on: appended commands get this term, and times behind those of the log.</summary>
    public void BeginTerm(long term, LogClock clock)
    {
        Term = term;
        _clock = clock;
    }

    /// <summary>Takes one frame of a gateway's publication.</summary>
    public void OnFrame(ReadOnlySpan<byte> frame, int ingressSessionId)
    {
        if (!CommandValidation.IsAcceptableFromGateway(frame))
        {
            Malformed++;
            return;
        }

        ref readonly CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(frame);
        if (header.Type == CommandType.GatewayHello)
        {
            OnHello(frame, ingressSessionId);
            return;
        }

        GatewayLink? link = _lastLink;
        if (link is null || link.IngressSessionId != ingressSessionId)
        {
            link = _links.FindByIngress(ingressSessionId);
            _lastLink = link;
        }

        if (link is null || link.GatewayId != header.GatewayId || link.Incarnation != header.GatewayIncarnation)
        {
            Unattached++;
            return;
        }

        Append(frame);
        Sequenced++;
    }

    /// <summary>Appends a command stamped with the present log time; returns the position behind it.</summary>
    public long Append(ReadOnlySpan<byte> command)
    {
        return Append(LogEntryTypes.Command, command);
    }

    /// <summary>Appends an entry that is not a command.</summary>
    public long Append(ushort entryType, ReadOnlySpan<byte> payload)
    {
        payload.CopyTo(_log.Claim(payload.Length));
        LastTimeNs = _clock.Now();
        return _log.Commit(entryType, Term, LastTimeNs);
    }

    /// <summary>Appends a command that is nothing but a header.</summary>
    public long Append(CommandType type)
    {
        CommandHeader header = default;
        header.Type = type;
        header.Layout = CommandHeader.CurrentLayout;
        header.Length = CommandHeader.SizeBytes;
        header.LeadershipTerm = Term;
        header.SessionId = -1;
        return Append(MemoryMarshal.AsBytes(new ReadOnlySpan<CommandHeader>(in header)));
    }

    /// <summary>Logs that a life of a gateway is attached, or gone.</summary>
    public long Append(CommandType type, int gatewayId, long incarnation, int processId)
    {
        GatewayCommand command = default;
        command.Header.Type = type;
        command.Header.Layout = CommandHeader.CurrentLayout;
        command.Header.Length = GatewayCommand.SizeBytes;
        command.Header.LeadershipTerm = Term;
        command.Header.SessionId = -1;
        command.Header.GatewayId = gatewayId;
        command.Header.GatewayIncarnation = incarnation;
        command.ProcessId = processId;
        return Append(MemoryMarshal.AsBytes(new ReadOnlySpan<GatewayCommand>(in command)));
    }

    /// <summary>The set of attached gateways has changed.</summary>
    public void LinksChanged() => _lastLink = null;

    private void OnHello(ReadOnlySpan<byte> frame, int ingressSessionId)
    {
        ref readonly GatewayCommand hello = ref MemoryMarshal.AsRef<GatewayCommand>(frame);
        if (hello.Header.GatewayId is < 1 or > GatewayLinks.GatewayIdMax)
        {
            Malformed++;
            return;
        }

        _hellos.Add(new PendingHello(hello.Header.GatewayId, hello.Header.GatewayIncarnation, ingressSessionId, hello.EgressStreamId, hello.ProcessId));
    }
}
