using System.Runtime.InteropServices;
using Exchange.Cluster.Egress;
using Exchange.Cluster.Ingress;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;

namespace Exchange.Cluster.Gateways;

/// <summary>
/// Which gateways this member serves.
/// <para>
/// Only a leader serves any. A gateway's hello waits until this member leads, with its egress already open, so that a promotion costs no
/// round trip to it. When the lead is lost every egress is closed at once: that is how a gateway learns that it must drop its clients.
/// </para>
/// </summary>
internal sealed class GatewayDesk
{
    private readonly IGatewayPort _port;
    private readonly IngressSequencer _sequencer;
    private readonly GatewayLinks _links;
    private readonly EgressAgent _egress;
    private readonly Action<string> _log;

    /// <summary>Creates a desk.</summary>
    public GatewayDesk(IGatewayPort port, IngressSequencer sequencer, GatewayLinks links, EgressAgent egress, Action<string> log)
    {
        _port = port;
        _sequencer = sequencer;
        _links = links;
        _egress = egress;
        _log = log;
    }

    /// <summary>Whether this member leads.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>The gateways that are served.</summary>
    public GatewayLinks Links => _links;

    /// <summary>This member leads: whoever waits is attached now.</summary>
    public void Open()
    {
        IsOpen = true;
        AttachWaiting();
    }

    /// <summary>This member leads no more: every gateway is let go, and nothing is logged about it.</summary>
    public void Close()
    {
        IsOpen = false;
        for (int id = 1; id <= GatewayLinks.GatewayIdMax; id++)
        {
            if (_links[id] is { } link)
            {
                Release(link);
            }
        }
    }

    /// <summary>Notices gateways that are gone, and attaches those that wait.</summary>
    public int KeepHouse()
    {
        int work = _port.DoWork();
        work += DetachLost();
        OpenEgress();
        return IsOpen ? work + AttachWaiting() : work;
    }

    /// <summary>Tells every gateway that its member is alive, and when it said so.</summary>
    public void SayAlive(long monotonicNs)
    {
        MemberAliveEvent alive = default;
        alive.Header.Type = EventType.MemberAlive;
        alive.Header.Length = MemberAliveEvent.SizeBytes;
        alive.Header.SessionId = -1;
        alive.MonotonicNs = monotonicNs;
        for (int id = 1; id <= GatewayLinks.GatewayIdMax; id++)
        {
            if (_links[id] is { } link)
            {
                alive.Header.GatewayId = link.GatewayId;
                alive.Header.GatewayIncarnation = link.Incarnation;

                // A gateway without room for it has plenty to read, and learns from that that its member is alive.
                link.TryOffer(MemoryMarshal.AsBytes(new ReadOnlySpan<MemberAliveEvent>(in alive)));
            }
        }
    }

    private int DetachLost()
    {
        int count = 0;
        for (int id = 1; id <= GatewayLinks.GatewayIdMax; id++)
        {
            GatewayLink? link = _links[id];
            if (link is not null && (link.IsBroken || !_port.IsAlive(link.IngressSessionId)))
            {
                Detach(link);
                count++;
            }
        }

        return count;
    }

    private void Detach(GatewayLink link)
    {
        Release(link);
        _sequencer.Append(CommandType.GatewayLost, link.GatewayId, link.Incarnation, link.ProcessId);
        _log($"gateway {link.GatewayId} (pid {link.ProcessId}) is lost");
    }

    private void Release(GatewayLink link)
    {
        _links.Remove(link);
        _sequencer.LinksChanged();
        _egress.GatewayGone(link);
        link.Egress.Dispose();
    }

    private void OpenEgress()
    {
        for (int i = _sequencer.Hellos.Count - 1; i >= 0; i--)
        {
            PendingHello hello = _sequencer.Hellos[i];
            if (!_port.IsAlive(hello.IngressSessionId))
            {
                _sequencer.Hellos.RemoveAt(i);
                hello.Egress?.Dispose();
            }
            else if (hello.EgressHandle == 0)
            {
                hello.EgressHandle = _port.BeginEgress(hello.EgressStreamId);
            }
            else
            {
                hello.Egress ??= _port.FindEgress(hello.EgressHandle);
            }
        }
    }

    private int AttachWaiting()
    {
        int count = 0;
        for (int i = 0; i < _sequencer.Hellos.Count;)
        {
            PendingHello hello = _sequencer.Hellos[i];
            if (hello.Egress is null)
            {
                i++;
                continue;
            }

            _sequencer.Hellos.RemoveAt(i);
            Attach(hello, hello.Egress);
            count++;
        }

        return count;
    }

    private void Attach(PendingHello hello, IGatewayEgress egress)
    {
        if (_links[hello.GatewayId] is { } old)
        {
            // A newer life of the same gateway: whatever the old one still has in its buffers was never sequenced.
            Detach(old);
        }

        _links.Add(new GatewayLink(hello.GatewayId, hello.Incarnation, hello.IngressSessionId, hello.ProcessId, egress));
        _sequencer.LinksChanged();
        _sequencer.Append(CommandType.GatewayAttached, hello.GatewayId, hello.Incarnation, hello.ProcessId);
        _log($"gateway {hello.GatewayId} (pid {hello.ProcessId}) is attached");
    }
}
