// The logon of a connection: from its first bytes to the moment when the core has the Logon.
// Must hold: whoever is refused learns nothing from what is said, which is nothing, or from how long it takes; the password lives in the
//            request to the worker and nowhere else once the frame was read.
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Exchange.Fix.Framing;
using Exchange.Gateway.Translation;
using Exchange.Protocol;
using Exchange.Protocol.Commands;

namespace Exchange.Gateway.Connections;

internal sealed partial class FixConnection
{
    /// <summary>The worker has the password.</summary>
    public void PasswordCheckStarted()
    {
        if (_userRequest == UserRequestStage.AwaitingCheck)
        {
            _userRequest = UserRequestStage.Checking;
            return;
        }

        Invariant.Require(State == ConnectionState.AwaitingPasswordCheck);
        State = ConnectionState.CheckingPassword;
    }

    /// <summary>The password was checked.</summary>
    public void PasswordChecked<TSink>(bool succeeded, in GatewayTime now, ref TSink sink)
        where TSink : struct, ICommandSink
    {
        if (_userRequest == UserRequestStage.Checking)
        {
            UserRequestChecked(succeeded, ref sink);
            return;
        }

        if (State != ConnectionState.CheckingPassword)
        {
            return;
        }

        if (!succeeded)
        {
            _context.Counters.LogonRefused();
            Close(CloseReason.LogonRefused, in now);
        }
        else if (!_logonIsValid)
        {
            Close(CloseReason.InvalidLogon, in now);
        }
        else
        {
            if (_bringsNewPassword)
            {
                PreparePasswordChange(in now);
            }

            State = ConnectionState.HoldingLogon;
            OfferOwed(in now, ref sink);
        }
    }

    private int ReceiveLogon<TSink>(Span<byte> bytes, in GatewayTime now, ref TSink sink)
        where TSink : struct, ICommandSink
    {
        FixFrame frame = FixFramer.Read(bytes);
        if (frame.Status == FrameStatus.NeedMore)
        {
            _bytesNeeded = frame.BytesNeeded;
            return 0;
        }

        if (frame.Status == FrameStatus.Garbled || !_context.Translator.TryReadLogon(bytes[..frame.Consumed], out LogonIdentity identity))
        {
            // Damaged or not, it may hold a password.
            CryptographicOperations.ZeroMemory(bytes);
            Close(CloseReason.FirstMessageNotLogon, in now);
            return bytes.Length;
        }

        Participant = _context.Directory.Find(identity.SenderCompId, identity.TargetCompId);
        _profile = Participant?.FindProfile(identity.BeginString);
        if (_profile is null || !Participant!.MayComeFrom(RemoteEndPoint?.Address, CertificateNames))
        {
            // In that version, or from there, nobody of that name is known; the password is looked at for as long as anybody's.
            Participant = null;
        }

        bool needsPassword = PrepareAuthentication(in identity);
        _bringsNewPassword = needsPassword && !identity.NewPassword.IsEmpty;
        bool isUsable = !_bringsNewPassword || Authentication.TrySetNewPassword(identity.NewPassword);
        _logonIsValid = Participant is not null && isUsable && TranslateLogon(bytes[..frame.Consumed], in now);
        CryptographicOperations.ZeroMemory(bytes[..frame.Consumed]);
        _context.Counters.MessageIn(frame.Consumed);
        State = ConnectionState.AwaitingPasswordCheck;
        _context.AttentionNeeded = true;
        if (!needsPassword)
        {
            PasswordCheckStarted();
            PasswordChecked(succeeded: true, in now, ref sink);
        }

        return frame.Consumed;
    }

    private bool PrepareAuthentication(in LogonIdentity identity)
    {
        if (Participant is not null && (Participant.Definition.Flags & ParticipantFlags.NoPassword) != 0)
        {
            return false;
        }

        Authentication.Succeeded = false;
        Authentication.MustFail = Participant is null || !identity.Username.SequenceEqual(Participant.Definition.Username.AsSpan());
        _context.Directory.FillHash(Authentication, Participant);
        Authentication.SetPassword(identity.Password);
        return true;
    }

    private bool TranslateLogon(ReadOnlySpan<byte> frame, in GatewayTime now)
    {
        Span<byte> command = _context.Scratch;
        int length = _context.Translator.Translate(frame, _profile!, now.UnixNs, command);
        StampHeader(ref MemoryMarshal.AsRef<CommandHeader>(command), length, now.UnixNs);
        if (length != LogonCommand.SizeBytes || MemoryMarshal.AsRef<CommandHeader>(command).Type != CommandType.Logon)
        {
            return false;
        }

        _highestNumberIn = MemoryMarshal.AsRef<FixCommandHeader>(command).MsgSeqNum;
        command[..length].CopyTo(_logonCommand);
        return true;
    }

    private void OfferLogon<TSink>(in GatewayTime now, ref TSink sink)
        where TSink : struct, ICommandSink
    {
        if (!sink.TryOffer(_logonCommand))
        {
            _context.Counters.BackPressured();
            return;
        }

        _logonForwarded = true;
        _owesPasswordChange = _bringsNewPassword;
        _allowance = _context.AllowanceOf(Participant!.SessionId);
        _allowance.SetLimit(Participant.Definition.MessagesPerSecondMax);
        _deadlineNs = now.MonotonicNs + _context.LogonTimeoutNs;
        State = ConnectionState.AwaitingLogonReply;
        if (_owesPasswordChange)
        {
            OfferPasswordChange(ref sink);
            _context.AttentionNeeded |= _owesPasswordChange;
        }
    }
}
