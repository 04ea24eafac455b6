
namespace Exchange.Reference;

/// <summary>Work that goes on in slices (10): each call of <paramref name="step"/> is one step and says whether another is left.</summary>
internal sealed class ReferenceTask(string kind, int subject, Func<bool> step)
{
    public bool Step() => step();

    public bool IsSame(ReferenceTask other) => other.Kind == Kind && other.Subject == Subject;

    public string Kind => kind;

    public int Subject => subject;
}
