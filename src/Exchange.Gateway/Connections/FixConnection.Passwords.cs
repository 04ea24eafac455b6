// A client changes its password: by UserRequest (BE), or by NewPassword (925) in its Logon. The worker checks the old password and hashes the
// new one, and nothing more is read meanwhile, so that the order of messages stays. Then a command tells the core hash and salt.
// Must hold: neither password gets into a command, an event or a text; the bytes that held them are overwritten once they were read.
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Exchange.Protocol;
using Exchange.Protocol.Commands;

namespace Exchange.Gateway.Connections;

internal sealed partial class FixConnection
{
    private readonly byte[] _userRequestCommand = new byte[UserRequestCommand.SizeBytes];
    private readonly byte[] _passwordCommand = new byte[ChangePasswordCommand.SizeBytes];
    private UserRequestStage _userRequest;
    private bool _owesPasswordChange;

    /// <summary>Whether a password waits for the worker.</summary>
    public bool AwaitsPasswordCheck => State == ConnectionState.AwaitingPasswordCheck || _userRequest == UserRequestStage.AwaitingCheck;

    /// <summary>Whether the worker has a password of this connection.</summary>
    public bool IsCheckingPassword => State == ConnectionState.CheckingPassword || _userRequest == UserRequestStage.Checking;

    private bool IsPasswordChangePending => _userRequest != UserRequestStage.None || _owesPasswordChange;

    /// <summary>Holds a UserRequest back that changes the password, until the worker has looked at it.</summary>
    /// <returns>False when the command is to be offered as it is.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryHoldUserRequest(ReadOnlySpan<byte> frame, Span<byte> command)
    {
        if (MemoryMarshal.AsRef<CommandHeader>(command).Type != CommandType.UserRequest)
        {
            return false;
        }

        ref UserRequestCommand request = ref MemoryMarshal.AsRef<UserRequestCommand>(command);
        Participant? participant = _context.Directory.Find(Participant!.SessionId);
        bool hasPassword = participant is not null && (participant.Definition.Flags & ParticipantFlags.NoPassword) == 0;
        if (request.Outcome != UserRequestOutcome.NewPassword || !hasPassword)
        {
            // No hash is in the record, so it must not say that there is one.
            request.Outcome = request.Outcome == UserRequestOutcome.NewPassword ? UserRequestOutcome.PasswordIncorrect : request.Outcome;
            return false;
        }

        _context.Translator.ReadPasswords(frame, _profile!, out ReadOnlySpan<byte> password, out ReadOnlySpan<byte> newPassword);
        if (!Authentication.TrySetNewPassword(newPassword))
        {
            request.Outcome = UserRequestOutcome.NewPasswordUnusable;
            return false;
        }

        Invariant.Require(!Authentication.InFlight);
        Authentication.Succeeded = false;
        Authentication.MustFail = request.Username != participant!.Definition.Username;
        _context.Directory.FillHash(Authentication, participant);
        Authentication.SetPassword(password);
        command.CopyTo(_userRequestCommand);
        _userRequest = UserRequestStage.AwaitingCheck;
        _context.AttentionNeeded = true;
        return true;
    }

    private void UserRequestChecked<TSink>(bool succeeded, ref TSink sink)
        where TSink : struct, ICommandSink
    {
        ref UserRequestCommand request = ref MemoryMarshal.AsRef<UserRequestCommand>(_userRequestCommand.AsSpan());
        request.Outcome = succeeded ? UserRequestOutcome.NewPassword : UserRequestOutcome.PasswordIncorrect;
        if (succeeded)
        {
            request.PasswordHash = Authentication.NewHash;
            request.PasswordSalt = Authentication.NewSalt;
            request.PasswordIterations = Authentication.Iterations;
            request.BasedOn = DefineParticipantCommand.PasswordStamp(in Authentication.Hash, in Authentication.Salt);
        }

        _userRequest = UserRequestStage.Holding;
        OfferPasswordChange(ref sink);
        _context.AttentionNeeded = true;
    }

    /// <summary>The Logon's old password was right, and it brought a new one: the command that says so follows it.</summary>
    private void PreparePasswordChange(in GatewayTime now)
    {
        ref SetPasswordCommand command = ref MemoryMarshal.AsRef<ChangePasswordCommand>(_passwordCommand.AsSpan()).Password;
        command = default;
        command.Header.Type = CommandType.ChangePassword;
        command.PasswordHash = Authentication.NewHash;
        command.PasswordSalt = Authentication.NewSalt;
        command.PasswordIterations = Authentication.Iterations;
        command.BasedOn = DefineParticipantCommand.PasswordStamp(in Authentication.Hash, in Authentication.Salt);
        StampHeader(ref command.Header, ChangePasswordCommand.SizeBytes, now.UnixNs);
    }

    private void OfferPasswordChange<TSink>(ref TSink sink)
        where TSink : struct, ICommandSink
    {
        if (_userRequest == UserRequestStage.Holding && sink.TryOffer(_userRequestCommand))
        {
            _userRequest = UserRequestStage.None;
        }

        if (_owesPasswordChange && State is ConnectionState.AwaitingLogonReply or ConnectionState.Bound && sink.TryOffer(_passwordCommand))
        {
            _owesPasswordChange = false;
        }
    }

    /// <summary>Overwrites what was read of a message that may hold passwords.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WipePasswords(Span<byte> frame, ReadOnlySpan<byte> command)
    {
        ReadOnlySpan<byte> type = MemoryMarshal.AsRef<FixCommandHeader>(command).MsgType.AsSpan();
        if (type.SequenceEqual("A"u8) || type.SequenceEqual("BE"u8))
        {
            CryptographicOperations.ZeroMemory(frame);
        }
    }
}
