using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using Exchange.Core.Instruments;
using Exchange.Core.Markets;
using Exchange.Core.Orders;
using Exchange.Core.Quotes;
using Exchange.Core.Requests;
using Exchange.Core.Risk;
using Exchange.Core.Sessions;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core;

// The whole exchange as one function: (state, command) -> (state, events). It runs on the thread of its caller, reads no clock, does no
// input or output, and throws for nothing that a client or a gateway can do. Commands come from the log, so they have passed
// CommandValidation on their way in; one that is malformed here means that the log or this build is broken, and that stops the process.
//
// What must hold: the same commands give the same events and the same state, on every machine, from the first command on or from any
// snapshot. Everything that can influence a later event is therefore in the snapshot, and the hash over all event bytes ever made is
// too: two members that agree on it have said the same to everybody.

/// <summary>The deterministic engine of the exchange: FIX sessions, order management, order books.</summary>
public sealed class ExchangeCore : IStateMachine, IDisposable
{
    /// <summary>The layout of snapshots written by this build.</summary>
    public const long SnapshotVersion = 5;

    // "EXCHCORE" as bytes.
    private const long SnapshotMagic = 0x45524F4348435845;
    private const long SnapshotEnd = 0x444E4545524F4345;

    private readonly SessionTable _sessions = new();
    private readonly GatewayTable _gateways = new();
    private readonly MarketTable _markets;
    private readonly HeldMessages _held = new();
    private readonly DeadlineCalendar _calendar;
    private readonly SessionOutbox _outbox;
    private readonly OrderEntry _orders;
    private readonly MarketDesk _marketDesk;
    private readonly SessionEngine _engine;
    private readonly ReferencePublisher _reference;
    private readonly ParticipantDesk _participants;
    private readonly SecurityRequests _securities;
    private readonly NewsDesk _news;
    private readonly RiskOperations _risk;
    private long _logTimeNs;
    private ulong _eventHash = SnapshotHash.Seed;

    /// <summary>Creates an empty exchange: no participants, no instruments, no orders.</summary>
    /// <param name="limits">Sizes of order management; the defaults when null. They must be the same over the life of a log.</param>
    /// <param name="marketLimits">Bounds of what markets do in one command; those of order management when null. The same over the life of a log, too.</param>
    public ExchangeCore(OrderEntryLimits? limits = null, MarketLimits? marketLimits = null)
    {
        limits ??= new OrderEntryLimits();
        _markets = new MarketTable(new InstrumentTable(), marketLimits ?? new MarketLimits(limits.SliceActionsMax, limits.SliceVisitsMax));
        _calendar = new DeadlineCalendar(_sessions);
        _outbox = new SessionOutbox(_sessions);
        _orders = new OrderEntry(_outbox, _markets, limits, _calendar);
        _engine = new SessionEngine(_sessions, _gateways, _outbox, _orders, _markets, _calendar, _held);
        _reference = new ReferencePublisher(_sessions, _gateways, _outbox, _markets, _orders);
        _participants = new ParticipantDesk(_sessions, _outbox, _reference, _engine, _calendar);
        SecurityReports reports = new(_outbox, _markets, _calendar);
        _marketDesk = new MarketDesk(_sessions, _markets, _orders, reports);
        _marketDesk.Subscriptions.Prepare(_markets);
        _securities = new SecurityRequests(_orders, _marketDesk, reports);
        _news = new NewsDesk(_sessions, _outbox);
        _risk = new RiskOperations(_orders);
    }

    /// <inheritdoc/>
    public long NextDeadlineNs => Math.Min(
        Math.Min(Math.Min(_calendar.NextNs, _orders.LongRequests.NextNs), Math.Min(_orders.Sweeps.NextNs, _marketDesk.Phases.NextNs(_logTimeNs))),
        _orders.Quotes.Withdrawals.Count == 0 ? long.MaxValue : _logTimeNs);

    /// <summary>Commands applied since the log began.</summary>
    public long CommandCount { get; private set; }

    /// <summary>Bytes of events made since the log began.</summary>
    public long EventBytes { get; private set; }

    /// <summary>Commands that were discarded because they came from a connection, gateway life or term that is over.</summary>
    public long DiscardedCount => _engine.DiscardedCount;

    /// <summary>Definitions that were refused.</summary>
    public long RefusedDefinitionCount => _reference.RefusedCount;

    /// <summary>Number of participants, each with one session.</summary>
    public int SessionCount => _sessions.Count;

    /// <summary>Number of sessions logged on.</summary>
    public int LoggedOnCount => _engine.LoggedOnCount;

    /// <summary>Number of open orders.</summary>
    public int OpenOrderCount => _orders.OpenOrders.Count;

    /// <summary>The instruments.</summary>
    public InstrumentTable Instruments => _markets.Instruments;

    /// <summary>Order management, for those who look at it without changing it.</summary>
    internal OrderEntry Orders => _orders;

    /// <summary>The sessions, for those who look at them without changing them.</summary>
    internal SessionTable Sessions => _sessions;

    /// <inheritdoc/>
    public ulong EventHash => SnapshotHash.Finish(_eventHash, EventBytes);

    /// <summary>A session whose resets are scheduled, but of which nobody has said yet when the next one comes; from <paramref name="sessionId"/> on.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryFindAwaitingSchedule(ref int sessionId, out DefineParticipantCommand definition)
    {
        for (; sessionId < _sessions.Count; sessionId++)
        {
            if (_sessions[sessionId].AwaitsSchedule)
            {
                definition = _sessions[sessionId].Definition;
                return true;
            }
        }

        definition = default;
        return false;
    }

    /// <summary>A market group that has a schedule, but of which nobody has said yet what comes next.</summary>
    /// <param name="groupId">Where to begin; the group found.</param>
    /// <param name="definition">Its definition.</param>
    /// <param name="version">Counts its definitions.</param>
    /// <param name="lastNs">The last change by this schedule as it was named; 0 when there was none.</param>
    /// <returns>False when there is none.</returns>
    public bool TryFindAwaitingPhase(ref int groupId, out DefineMarketGroupCommand definition, out int version, out long lastNs)
    {
        for (; groupId < _markets.GroupCount; groupId++)
        {
            MarketGroup group = _markets.Group(groupId);
            if (group.AwaitsSchedule)
            {
                definition = group.Definition;
                version = group.Version;
                lastNs = group.LastScheduledNs;
                return true;
            }
        }

        definition = default;
        version = 0;
        lastNs = 0;
        return false;
    }

    /// <summary>Hash of the whole state: that of its canonical snapshot.</summary>
    public ulong StateHash()
    {
        SnapshotWriter writer = new(Stream.Null);
        TakeSnapshot(writer);
        return writer.Complete();
    }

    /// <inheritdoc/>
    public void Apply(in CommandContext context, ReadOnlySpan<byte> command, EventBuffer events)
    {
        ArgumentNullException.ThrowIfNull(events);
        Invariant.Require(context.LogTimeNs >= _logTimeNs);
        Invariant.Require(CommandValidation.IsWellFormed(command));
        _logTimeNs = context.LogTimeNs;
        long start = events.Length;
        _outbox.Begin(in context, events);

        // What is due at this time happens before whatever comes at this time, whether or not a TimerDue was logged for it.
        if (context.LogTimeNs >= _calendar.NextNs)
        {
            _engine.RunDeadlines(in context);
            _orders.Sweeps.RunFirst(in context);
        }

        if (context.LogTimeNs >= _orders.Sweeps.StartsNs)
        {
            _orders.Sweeps.StartDue(in context);
            _orders.Sweeps.RunFirst(in context);
        }

        Dispatch(in context, command);
        if (_engine.HasProgressed)
        {
            ApplyHeld(in context);
        }

        CommandCount++;
        if (events.Length != start)
        {
            ReadOnlySpan<byte> made = events.WrittenSpan[checked((int)start)..];
            _eventHash = SnapshotHash.Add(_eventHash, made);
            EventBytes += made.Length;
        }
    }

    /// <inheritdoc/>
    public void TakeSnapshot(SnapshotWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteInt64(SnapshotMagic);
        writer.WriteInt64(SnapshotVersion);
        writer.WriteInt64(_logTimeNs);
        writer.WriteInt64(CommandCount);
        writer.WriteInt64(EventBytes);
        writer.WriteInt64(unchecked((long)_eventHash));
        writer.WriteInt64(_reference.RefusedCount);
        writer.WriteInt64(_news.RefusedCount);
        _markets.Save(writer);
        _engine.Save(writer);
        _orders.Save(writer);
        _marketDesk.Save(writer);
        writer.WriteInt64(SnapshotEnd);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">It is no snapshot of this core, of another version, or damaged. The machine must then be thrown away.</exception>
    public void LoadSnapshot(SnapshotReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        Invariant.Require(CommandCount == 0 && _sessions.Count == 0 && _markets.Count == 0);
        Expect(reader, SnapshotMagic, "this is no snapshot of the exchange core");
        long version = reader.ReadInt64();
        if (version != SnapshotVersion)
        {
            throw new InvalidDataException($"snapshot has version {version}, this build reads version {SnapshotVersion}");
        }

        _logTimeNs = reader.ReadInt64();
        CommandCount = reader.ReadInt64();
        EventBytes = reader.ReadInt64();
        _eventHash = unchecked((ulong)reader.ReadInt64());
        _reference.RefusedCount = reader.ReadInt64();
        _news.RefusedCount = reader.ReadInt64();
        _markets.Load(reader);
        _engine.Load(reader);
        _orders.Load(reader);
        _marketDesk.Load(reader);
        Expect(reader, SnapshotEnd, "the snapshot does not end where it should");
    }

    /// <inheritdoc/>
    public bool TryDescribe(string topic, Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        switch (topic)
        {
            case "summary":
                json.WriteNumber("commands", CommandCount);
                json.WriteNumber("sessions_logged_on", LoggedOnCount);
                json.WriteNumber("sessions_defined", SessionCount);
                json.WriteNumber("open_orders", OpenOrderCount);
                json.WriteNumber("commands_discarded", DiscardedCount);
                return true;
            case "sessions":
                SessionList.Write(json, _sessions);
                return true;
            case "participants":
                ParticipantList.Write(json, _sessions);
                return true;
            case "switches":
                RiskList.WriteSwitches(json, _orders.Risk, _sessions);
                return true;
            default:
                return MarketList.TryWrite(topic, json, _markets) || TryDescribePage(topic, json);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sessions.Dispose();
        _held.Dispose();
        _orders.Dispose();
        _marketDesk.Dispose();
    }

    // Topics that may be long: a word, and the number of the first record.
    private bool TryDescribePage(string topic, Utf8JsonWriter json)
    {
        int blank = topic.IndexOf(' ', StringComparison.Ordinal);
        if (blank < 0 || !int.TryParse(topic.AsSpan(blank + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int from))
        {
            return false;
        }

        switch (topic[..blank])
        {
            case "firms":
                RiskList.WriteFirms(json, _orders.Risk, _sessions, Instruments, from);
                return true;
            case "accounts":
                RiskList.WriteAccounts(json, _orders.Risk, Instruments, from);
                return true;
            case "positions":
                RiskList.WritePositions(json, _orders.Risk, Instruments, from);
                return true;
            case "protections":
                ProtectionList.Write(json, _orders.Quotes.Protections, _orders.Risk.Register, from, _logTimeNs);
                return true;
            default:
                return false;
        }
    }

    /// <summary>A gap has closed, or moved: the messages that waited for it are applied as if they came now.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ApplyHeld(in CommandContext context)
    {
        while (_engine.TryTakeHeld(out int place, in context))
        {
            Dispatch(in context, _held.Command(place));
            _held.Return(place);
        }
    }

    private static void Expect(SnapshotReader reader, long expected, string otherwise)
    {
        if (reader.ReadInt64() != expected)
        {
            throw new InvalidDataException($"snapshot at byte {reader.Position}: {otherwise}");
        }
    }

    [SuppressMessage("Maintainability", "CA1502:Avoid excessive complexity", Justification = "One switch over all commands is the map of the core.")]
    private void Dispatch(in CommandContext context, ReadOnlySpan<byte> bytes)
    {
        ref readonly CommandHeader header = ref As<CommandHeader>(bytes);
        switch (header.Type)
        {
            case CommandType.NewOrder:
                if (_engine.Admit(in As<FixCommandHeader>(bytes), in context))
                {
                    if (bytes.Length == NewOrderCommand.SizeBytes)
                    {
                        _orders.NewOrder(header.SessionId, in As<NewOrderCommand>(bytes), in context);
                    }
                    else
                    {
                        _orders.NewOrder(header.SessionId, NewOrderCommand.Read(bytes), in context);
                    }
                }

                break;
            case CommandType.CancelOrder:
                ref readonly CancelOrderCommand cancel = ref As<CancelOrderCommand>(bytes);
                if (_engine.Admit(in cancel.Header, in context))
                {
                    _orders.Cancel(header.SessionId, in cancel, in context);
                }

                break;
            case CommandType.ReplaceOrder:
                if (_engine.Admit(in As<FixCommandHeader>(bytes), in context))
                {
                    _orders.Replace(header.SessionId, ReplaceOrderCommand.Read(bytes), in context);
                }

                break;
            case CommandType.OrderStatus:
                ref readonly OrderStatusCommand status = ref As<OrderStatusCommand>(bytes);
                if (_engine.Admit(in status.Header, in context))
                {
                    _orders.Status(header.SessionId, in status, in context);
                }

                break;
            case >= CommandType.MassStatus and <= CommandType.MassAction:
                DispatchRequest(in header, in context, bytes);
                break;
            case CommandType.Logon:
                _engine.Logon(in As<LogonCommand>(bytes), in context);
                break;
            case CommandType.Heartbeat:
                _engine.Heartbeat(in As<TestReqCommand>(bytes), in context);
                break;
            case CommandType.TestRequest:
                _engine.TestRequest(in As<TestReqCommand>(bytes), in context);
                break;
            case CommandType.ResendRequest:
                _engine.ResendRequest(in As<RangeCommand>(bytes), in context);
                break;
            case CommandType.SequenceReset:
                _engine.SequenceReset(in As<SequenceResetCommand>(bytes), in context);
                break;
            case CommandType.ClientReject:
                _engine.ClientReject(in As<FixCommandHeader>(bytes), in context);
                break;
            case CommandType.Logout:
                _engine.Logout(in As<FixCommandHeader>(bytes), in context);
                break;
            case CommandType.InvalidMessage:
                _engine.InvalidMessage(in As<FixCommandHeader>(bytes), in context);
                break;
            case CommandType.HeartbeatDue:
                _engine.HeartbeatDue(in As<ConnectionCommand>(bytes));
                break;
            case CommandType.TestRequestDue:
                _engine.TestRequestDue(in As<ConnectionCommand>(bytes), in context);
                break;
            case CommandType.LogoutDue:
                _engine.LogoutDue(in As<ConnectionCommand>(bytes), in context);
                break;
            case CommandType.ConnectionLost:
                _engine.ConnectionLost(in As<ConnectionCommand>(bytes), in context);
                break;
            default:
                DispatchOwn(in header, in context, bytes);
                break;
        }
    }

    // Questions of clients: rare, too.
    private void DispatchRequest(in CommandHeader header, in CommandContext context, ReadOnlySpan<byte> bytes)
    {
        if (!_engine.Admit(in As<FixCommandHeader>(bytes), in context))
        {
            return;
        }

        switch (header.Type)
        {
            case CommandType.MassStatus:
                _orders.Mass.Status(header.SessionId, MassOrderCommand.Read(bytes), in context);
                break;
            case CommandType.MassCancel:
                _orders.Mass.Cancel(header.SessionId, MassOrderCommand.Read(bytes), in context);
                break;
            case CommandType.MassAction:
                _orders.Mass.Act(header.SessionId, in As<MassActionCommand>(bytes), in context);
                break;
            case CommandType.SecurityListRequest:
                _securities.List(header.SessionId, in As<SecurityRequestCommand>(bytes), in context);
                break;
            case CommandType.SecurityDefinitionRequest:
                _securities.Define(header.SessionId, in As<SecurityRequestCommand>(bytes), in context);
                break;
            case CommandType.SecurityStatusRequest:
                _securities.Status(header.SessionId, in As<SecurityRequestCommand>(bytes), in context);
                break;
            case CommandType.MassQuote:
                _orders.Quotes.MassQuote(header.SessionId, bytes, in context);
                break;
            case CommandType.QuoteCancel:
                _orders.Quotes.Cancel(header.SessionId, in As<QuoteCancelCommand>(bytes), in context);
                break;
            default:
                _securities.TradingSession(header.SessionId, in As<SecurityRequestCommand>(bytes));
                break;
        }
    }

    // Commands that do not come from a client: rare, so they may cost a second jump.
    private void DispatchOwn(in CommandHeader header, in CommandContext context, ReadOnlySpan<byte> bytes)
    {
        switch (header.Type)
        {
            case CommandType.GatewayAttached:
                _engine.GatewayAttached(in header, in context);
                _reference.Welcome(in header, _engine.Term);
                break;
            case CommandType.GatewayLost:
                _engine.GatewayLost(in header, in context);
                break;
            case CommandType.TermStarted:
                _engine.TermStarted(in context);
                break;
            case CommandType.TimerDue:
                _orders.LongRequests.RunSlice(in context);
                _orders.Sweeps.RunSlice(in context);
                _orders.Quotes.Withdrawals.RunSlice(in context);
                _marketDesk.Phases.RunTimer(in context);
                break;
            case CommandType.DefineInstrument:
                _reference.Define(DefineInstrumentCommand.Read(bytes));
                _marketDesk.Subscriptions.Prepare(_markets);
                break;
            case CommandType.DefineParticipant:
                _participants.Define(DefineParticipantCommand.Read(bytes), in context);
                _marketDesk.Subscriptions.Prepare(_markets);
                break;
            case CommandType.EnableParticipant or CommandType.DisableParticipant:
                _participants.SetEnabled(in As<SessionAdminCommand>(bytes), header.Type == CommandType.EnableParticipant, in context);
                break;
            case CommandType.SetPassword:
                _participants.SetPassword(in As<SetPasswordCommand>(bytes));
                break;
            case CommandType.ChangePassword:
                _participants.ChangePassword(in As<ChangePasswordCommand>(bytes));
                break;
            case CommandType.UserRequest:
                _participants.UserRequest(bytes, in context);
                break;
            case CommandType.ScheduleReset:
                _participants.ScheduleReset(in As<ScheduleResetCommand>(bytes));
                break;
            case CommandType.ResetSession or CommandType.SetSequence or CommandType.LogOutSession:
                _engine.Operate(in As<SessionAdminCommand>(bytes), in context);
                break;
            case CommandType.News:
                _news.Publish(in As<NewsCommand>(bytes), in context);
                break;
            case >= CommandType.SetLimits and <= CommandType.SetProtection:
                _reference.RefusedCount += DispatchRisk(in header, in context, bytes) ? 0 : 1;
                break;
            case CommandType.UnplannedFailover or CommandType.DefineMarketGroup or CommandType.SchedulePhase or CommandType.SetPhase:
                _reference.RefusedCount += DispatchMarket(in header, in context, bytes) ? 0 : 1;
                break;
            case CommandType.DefineVenue:
                DefineVenue(in As<DefineVenueCommand>(bytes), in context);
                break;
            default:
                Invariant.Require(false, "the command in the log is one of this build's");
                break;
        }
    }

    private bool DispatchRisk(in CommandHeader header, in CommandContext context, ReadOnlySpan<byte> bytes) => header.Type switch
    {
        CommandType.SetLimits => _risk.SetLimits(in As<SetLimitsCommand>(bytes)),
        CommandType.Restrict => _risk.Restrict(in As<RestrictCommand>(bytes)),
        CommandType.KillSwitch => _risk.Switch(in As<KillSwitchCommand>(bytes), in context),
        CommandType.SetProtection => _orders.Quotes.SetProtection(in As<SetProtectionCommand>(bytes)),
        CommandType.AssignFirm => _risk.Assign(in As<AssignFirmCommand>(bytes)),
        _ => _risk.DefineAccount(in As<DefineAccountCommand>(bytes)),
    };

    private bool DispatchMarket(in CommandHeader header, in CommandContext context, ReadOnlySpan<byte> bytes)
    {
        switch (header.Type)
        {
            case CommandType.DefineMarketGroup:
                bool isDefined = _markets.Define(in As<DefineMarketGroupCommand>(bytes));
                _marketDesk.Subscriptions.Prepare(_markets);
                return isDefined;
            case CommandType.SchedulePhase:
                return _marketDesk.Phases.Schedule(in As<SchedulePhaseCommand>(bytes));
            case CommandType.SetPhase:
                return _marketDesk.Phases.Set(in As<SetPhaseCommand>(bytes), in context);
            default:
                _marketDesk.Phases.FailedOver(in context);
                return true;
        }
    }

    private void DefineVenue(in DefineVenueCommand command, in CommandContext context)
    {
        if (DeadlineCalendar.IsTimeOfDay(command.DayEndNs))
        {
            _calendar.SetDayEnd(command.DayEndNs, in context);
        }
        else
        {
            _reference.RefusedCount++;
        }
    }

    private static ref readonly T As<T>(ReadOnlySpan<byte> bytes)
        where T : unmanaged => ref MemoryMarshal.AsRef<T>(bytes);
}
