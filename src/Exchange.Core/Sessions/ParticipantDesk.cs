using System.Runtime.InteropServices;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;
using Exchange.Protocol.StateMachine;
using Exchange.Protocol.Text;

namespace Exchange.Core.Sessions;

// Who may log on, with which password, and when its session is reset: decided by operators, and as far as passwords go by the
// participants themselves. Clear passwords never come here; a gateway or an operator's tool has hashed them. Each change is told to every
// attached gateway in the same command, so that no gateway goes on with what was true before.

/// <summary>Changes participants that are defined already.</summary>
internal sealed class ParticipantDesk
{
    // UserStatus (926).
    private const int LoggedIn = 1;
    private const int UserNotRecognised = 3;
    private const int PasswordIncorrect = 4;
    private const int PasswordChanged = 5;
    private const int OtherStatus = 6;

    private readonly SessionTable _sessions;
    private readonly SessionOutbox _outbox;
    private readonly ReferencePublisher _reference;
    private readonly SessionEngine _engine;
    private readonly DeadlineCalendar _calendar;

    /// <summary>Creates the desk.</summary>
    public ParticipantDesk(SessionTable sessions, SessionOutbox outbox, ReferencePublisher reference, SessionEngine engine, DeadlineCalendar calendar)
    {
        _sessions = sessions;
        _outbox = outbox;
        _reference = reference;
        _engine = engine;
        _calendar = calendar;
    }

    /// <summary>Defines a participant, or changes its definition.</summary>
    public void Define(in DefineParticipantCommand command, in CommandContext context)
    {
        if (_reference.Define(in command) is Session session)
        {
            _calendar.Refresh();
            _engine.LogOutDisabled(session, in context);
        }
    }

    /// <summary>An operator lets a participant log on again, or no more.</summary>
    public void SetEnabled(in SessionAdminCommand command, bool isEnabled, in CommandContext context)
    {
        if (Find(command.Header.SessionId) is not { } session)
        {
            return;
        }

        ref ParticipantFlags flags = ref session.Definition.Flags;
        flags = isEnabled ? flags & ~ParticipantFlags.Disabled : flags | ParticipantFlags.Disabled;
        _reference.Publish(session);
        _engine.LogOutDisabled(session, in context);
    }

    /// <summary>An operator gives a participant another password.</summary>
    public void SetPassword(in SetPasswordCommand command)
    {
        if (Find(command.Header.SessionId) is { } session)
        {
            session.Definition.Flags &= ~ParticipantFlags.NoPassword;
            SetPassword(session, in command.PasswordHash, in command.PasswordSalt, command.PasswordIterations);
        }
    }

    /// <summary>A Logon brought a new password; it counts if that Logon was accepted.</summary>
    public void ChangePassword(in ChangePasswordCommand command)
    {
        ref readonly SetPasswordCommand password = ref command.Password;
        if (_engine.FindBound(in password.Header) is { } session && IsBasedOnPresent(session, password.BasedOn))
        {
            SetPassword(session, in password.PasswordHash, in password.PasswordSalt, password.PasswordIterations);
        }
    }

    /// <summary>UserRequest (BE), answered with UserResponse (BF).</summary>
    public void UserRequest(ReadOnlySpan<byte> command, in CommandContext context)
    {
        // The whole command is looked at behind the gate only: in front of it, it may be put aside as it is.
        if (!_engine.Admit(in MemoryMarshal.AsRef<FixCommandHeader>(command), in context))
        {
            return;
        }

        UserRequestCommand request = UserRequestCommand.Read(command);
        Session session = _sessions[request.Header.Command.SessionId];
        (int status, ReasonCode text) = Judge(session, in request);
        ref UserResponseEvent response = ref _outbox.Append<UserResponseEvent>(EventType.UserResponse, session.Id);
        response.UserRequestId = request.UserRequestId;
        response.Username = request.Username;
        response.UserStatus = status;
        response.Text = text;
        if (status == PasswordChanged)
        {
            SetPassword(session, in request.PasswordHash, in request.PasswordSalt, request.PasswordIterations);
        }
    }

    /// <summary>The leader says when a session is reset next; what it worked out from a definition that has changed since is worked out again.</summary>
    public void ScheduleReset(in ScheduleResetCommand command)
    {
        if (Find(command.Header.SessionId) is { AwaitsSchedule: true } session && command.ResetAtNs > 0
            && (command.ScheduleStamp == 0 || command.ScheduleStamp == session.Definition.ScheduleStamp()))
        {
            session.ResetAtNs = command.ResetAtNs;
            _calendar.Add(command.ResetAtNs);
        }
    }

    private static (int Status, ReasonCode Text) Judge(Session session, in UserRequestCommand request)
    {
        if (request.Username != session.Definition.Username)
        {
            return (UserNotRecognised, ReasonCode.None);
        }

        if (request.Outcome == UserRequestOutcome.Status)
        {
            return (LoggedIn, ReasonCode.None);
        }

        if (request.Outcome == UserRequestOutcome.Unsupported)
        {
            return (OtherStatus, ReasonCode.UserRequestUnsupported);
        }

        if ((session.Definition.Flags & ParticipantFlags.NoPassword) != 0)
        {
            return (OtherStatus, ReasonCode.NoPasswordToChange);
        }

        return request.Outcome switch
        {
            UserRequestOutcome.NewPassword when !IsBasedOnPresent(session, request.BasedOn) => (PasswordIncorrect, ReasonCode.None),
            UserRequestOutcome.NewPassword => (PasswordChanged, ReasonCode.None),
            UserRequestOutcome.PasswordIncorrect => (PasswordIncorrect, ReasonCode.None),
            _ => (OtherStatus, ReasonCode.NewPasswordUnusable),
        };
    }

    /// <summary>
    /// Whether the password that a gateway found right is still the one. Hashing takes its time, and an operator's change that comes in
    /// between must not be undone by a client that knew the former password.
    /// </summary>
    private static bool IsBasedOnPresent(Session session, uint stamp) =>
        stamp == 0 || stamp == DefineParticipantCommand.PasswordStamp(in session.Definition.PasswordHash, in session.Definition.PasswordSalt);

    private void SetPassword(Session session, in Digest32 hash, in Digest16 salt, int iterations)
    {
        session.Definition.PasswordHash = hash;
        session.Definition.PasswordSalt = salt;
        session.Definition.PasswordIterations = iterations;
        _reference.Publish(session);
    }

    private Session? Find(int sessionId) => _sessions.Contains(sessionId) ? _sessions[sessionId] : null;
}
