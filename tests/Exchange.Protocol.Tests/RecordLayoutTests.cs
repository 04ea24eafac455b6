using System.Runtime.CompilerServices;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;
using Exchange.Protocol.Text;

namespace Exchange.Protocol.Tests;

/// <summary>The layouts are what logs and shared memory hold, so their sizes are a contract.</summary>
public sealed class RecordLayoutTests
{
    [Fact]
    public void Commands_have_the_size_they_declare()
    {
        Assert.Equal(CommandHeader.SizeBytes, Unsafe.SizeOf<CommandHeader>());
        Assert.Equal(FixCommandHeader.SizeBytes, Unsafe.SizeOf<FixCommandHeader>());
        Assert.Equal(LogonCommand.SizeBytes, Unsafe.SizeOf<LogonCommand>());
        Assert.Equal(TestReqCommand.SizeBytes, Unsafe.SizeOf<TestReqCommand>());
        Assert.Equal(RangeCommand.SizeBytes, Unsafe.SizeOf<RangeCommand>());
        Assert.Equal(SequenceResetCommand.SizeBytes, Unsafe.SizeOf<SequenceResetCommand>());
        Assert.Equal(NewOrderCommand.SizeBytes, Unsafe.SizeOf<NewOrderCommand>());
        Assert.Equal(CancelOrderCommand.SizeBytes, Unsafe.SizeOf<CancelOrderCommand>());
        Assert.Equal(ReplaceOrderCommand.SizeBytes, Unsafe.SizeOf<ReplaceOrderCommand>());
        Assert.Equal(OrderStatusCommand.SizeBytes, Unsafe.SizeOf<OrderStatusCommand>());
        Assert.Equal(MassOrderCommand.SizeBytes, Unsafe.SizeOf<MassOrderCommand>());
        Assert.Equal(SecurityRequestCommand.SizeBytes, Unsafe.SizeOf<SecurityRequestCommand>());
        Assert.Equal(NewsCommand.SizeBytes, Unsafe.SizeOf<NewsCommand>());
        Assert.Equal(GatewayCommand.SizeBytes, Unsafe.SizeOf<GatewayCommand>());
        Assert.Equal(ConnectionCommand.SizeBytes, Unsafe.SizeOf<ConnectionCommand>());
        Assert.Equal(DefineInstrumentCommand.SizeBytes, Unsafe.SizeOf<DefineInstrumentCommand>());
        Assert.Equal(DefineParticipantCommand.SizeBytes, Unsafe.SizeOf<DefineParticipantCommand>());
        Assert.Equal(AddressRange.SizeBytes, Unsafe.SizeOf<AddressRange>());
        Assert.Equal(AddressRanges.CountMax * AddressRange.SizeBytes, Unsafe.SizeOf<AddressRanges>());
        Assert.Equal(SetPasswordCommand.SizeBytes, Unsafe.SizeOf<SetPasswordCommand>());
        Assert.Equal(ChangePasswordCommand.SizeBytes, Unsafe.SizeOf<ChangePasswordCommand>());
        Assert.Equal(ScheduleResetCommand.SizeBytes, Unsafe.SizeOf<ScheduleResetCommand>());
        Assert.Equal(UserRequestCommand.SizeBytes, Unsafe.SizeOf<UserRequestCommand>());
        Assert.Equal(DefineVenueCommand.SizeBytes, Unsafe.SizeOf<DefineVenueCommand>());
        Assert.Equal(MassQuoteCommand.SizeBytes, Unsafe.SizeOf<MassQuoteCommand>());
        Assert.Equal(QuoteEntry.SizeBytes, Unsafe.SizeOf<QuoteEntry>());
        Assert.Equal(QuoteCancelCommand.SizeBytes, Unsafe.SizeOf<QuoteCancelCommand>());
        Assert.Equal(MassActionCommand.SizeBytes, Unsafe.SizeOf<MassActionCommand>());
        Assert.Equal(DefineMarketGroupCommand.SizeBytes, Unsafe.SizeOf<DefineMarketGroupCommand>());
        Assert.Equal(SchedulePhaseCommand.SizeBytes, Unsafe.SizeOf<SchedulePhaseCommand>());
        Assert.Equal(SetPhaseCommand.SizeBytes, Unsafe.SizeOf<SetPhaseCommand>());
        Assert.Equal(SetLimitsCommand.SizeBytes, Unsafe.SizeOf<SetLimitsCommand>());
        Assert.Equal(RestrictCommand.SizeBytes, Unsafe.SizeOf<RestrictCommand>());
        Assert.Equal(KillSwitchCommand.SizeBytes, Unsafe.SizeOf<KillSwitchCommand>());
        Assert.Equal(AssignFirmCommand.SizeBytes, Unsafe.SizeOf<AssignFirmCommand>());
        Assert.Equal(DefineAccountCommand.SizeBytes, Unsafe.SizeOf<DefineAccountCommand>());
        Assert.Equal(SetProtectionCommand.SizeBytes, Unsafe.SizeOf<SetProtectionCommand>());
        Assert.Equal(TickBand.SizeBytes, Unsafe.SizeOf<TickBand>());
        Assert.Equal(PhaseEntry.SizeBytes, Unsafe.SizeOf<PhaseEntry>());
    }

    [Fact]
    public void Events_have_the_size_they_declare()
    {
        Assert.Equal(EventHeader.SizeBytes, Unsafe.SizeOf<EventHeader>());
        Assert.Equal(LogonEvent.SizeBytes, Unsafe.SizeOf<LogonEvent>());
        Assert.Equal(TestReqEvent.SizeBytes, Unsafe.SizeOf<TestReqEvent>());
        Assert.Equal(RangeEvent.SizeBytes, Unsafe.SizeOf<RangeEvent>());
        Assert.Equal(RejectEvent.SizeBytes, Unsafe.SizeOf<RejectEvent>());
        Assert.Equal(LogoutEvent.SizeBytes, Unsafe.SizeOf<LogoutEvent>());
        Assert.Equal(UserResponseEvent.SizeBytes, Unsafe.SizeOf<UserResponseEvent>());
        Assert.Equal(CloseConnectionEvent.SizeBytes, Unsafe.SizeOf<CloseConnectionEvent>());
        Assert.Equal(ExecutionReportEvent.SizeBytes, Unsafe.SizeOf<ExecutionReportEvent>());
        Assert.Equal(CancelRejectEvent.SizeBytes, Unsafe.SizeOf<CancelRejectEvent>());
        Assert.Equal(MassStatusTail.SizeBytes, Unsafe.SizeOf<MassStatusTail>());
        Assert.Equal(MassCancelReportEvent.SizeBytes, Unsafe.SizeOf<MassCancelReportEvent>());
        Assert.Equal(SecurityListEvent.SizeBytes, Unsafe.SizeOf<SecurityListEvent>());
        Assert.Equal(SecurityDefinitionEvent.SizeBytes, Unsafe.SizeOf<SecurityDefinitionEvent>());
        Assert.Equal(SecurityStatusEvent.SizeBytes, Unsafe.SizeOf<SecurityStatusEvent>());
        Assert.Equal(TradingSessionStatusEvent.SizeBytes, Unsafe.SizeOf<TradingSessionStatusEvent>());
        Assert.Equal(NewsEvent.SizeBytes, Unsafe.SizeOf<NewsEvent>());
        Assert.Equal(OrderExtrasTail.SizeBytes, Unsafe.SizeOf<OrderExtrasTail>());
        Assert.Equal(MassQuoteAckEvent.SizeBytes, Unsafe.SizeOf<MassQuoteAckEvent>());
        Assert.Equal(QuoteEntryResult.SizeBytes, Unsafe.SizeOf<QuoteEntryResult>());
        Assert.Equal(MassActionReportEvent.SizeBytes, Unsafe.SizeOf<MassActionReportEvent>());
        Assert.Equal(GatewayReadyEvent.SizeBytes, Unsafe.SizeOf<GatewayReadyEvent>());
        Assert.Equal(ParticipantEvent.SizeBytes, Unsafe.SizeOf<ParticipantEvent>());
        Assert.Equal(InstrumentEvent.SizeBytes, Unsafe.SizeOf<InstrumentEvent>());
    }

    [Fact]
    public void Texts_have_the_size_they_declare()
    {
        Assert.Equal(Text16.SizeBytes, Unsafe.SizeOf<Text16>());
        Assert.Equal(Text24.SizeBytes, Unsafe.SizeOf<Text24>());
        Assert.Equal(Text40.SizeBytes, Unsafe.SizeOf<Text40>());
        Assert.Equal(Text64.SizeBytes, Unsafe.SizeOf<Text64>());
    }
}
